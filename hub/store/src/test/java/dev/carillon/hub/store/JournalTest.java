package dev.carillon.hub.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal's files: that each goes as soon as nobody needs it. */
class JournalTest {

  @TempDir Path folder;

  @Test
  void givesUpEachSegmentOnceWhatItHoldsIsStored() throws Exception {
    Backlog backlog = new Backlog(1000, 64 << 20); // which nothing leaves here
    try (Journal<LogEntry> journal =
        new Journal<>(folder, 1, 4_000, backlog, (first, entries, bytes) -> {})) {
      journal.start();
      for (int i = 0; i < 98; i++) { // four a segment: it has begun the last one by then
        byte[] data = ('"' + "x".repeat(1_000) + '"').getBytes(UTF_8);
        LogEntry entry =
            LogEntry.builder("e" + i, "/s", "t").time(Instant.EPOCH).data(data).build();
        journal.append(List.of(entry)).get();
      }
      List<Path> all = Segment.list(folder);
      assertThat(all).hasSizeGreaterThan(8);
      Path copy = Files.copy(all.get(0), folder.resolve("copy.journal")); // which is nobody's
      for (int kept : new int[] {1, 2, 5, all.size() - 1}) {
        journal.forgetUpTo(Segment.firstOf(all.get(kept)) - 1);
        assertThat(Segment.list(folder)).isEqualTo(all.subList(kept, all.size()));
      }
      assertThat(copy).exists();
    }
  }

  @Test
  void acknowledgesNothingInAFileWhosePlaceACopyTook() throws Exception {
    Backlog backlog = new Backlog(1_000_000, 64 << 20);
    try (Journal<LogEntry> journal =
        new Journal<>(folder, 1, 1 << 20, backlog, (first, entries, bytes) -> {})) {
      journal.start();
      journal.append(List.of(entry("before"))).get();
      Path written = Segment.list(folder).get(0);
      Path copy = Files.copy(written, folder.resolve("copy"));
      Files.move(copy, written, StandardCopyOption.REPLACE_EXISTING);

      assertThat(journal.isHealthy()).isFalse();
      await().until(() -> journal.append(List.of(entry("e"))).handle((ok, e) -> e != null).get());
      await().until(journal::isHealthy); // in a segment that is where a start looks for it
      journal.append(List.of(entry("after"))).get();
    }
    List<String> found = new ArrayList<>();
    Replay.run(
        folder,
        0,
        Long.MAX_VALUE,
        LogEntry::of,
        (first, entries) -> entries.forEach(each -> found.add(each.id())));
    assertThat(found).startsWith("before").endsWith("after");
  }

  @Test
  void isNotHealthyWhileTheDiskDoesNotAnswer() throws Exception {
    CountDownLatch frozen = new CountDownLatch(1);
    Backlog backlog = new Backlog(1000, 64 << 20);
    try (Journal<LogEntry> journal =
        new Journal<>(
            folder,
            1,
            1 << 20,
            backlog,
            Duration.ofMillis(100),
            (first, entries, bytes) -> awaitQuietly(frozen))) {
      journal.start();
      CompletableFuture<Void> waiting = journal.append(List.of(entry("waiting")));
      await().until(() -> !journal.isHealthy());
      assertThat(journal.append(List.of(entry("refused"))))
          .failsWithin(Duration.ofSeconds(10))
          .withThrowableThat()
          .withMessageContaining("does not answer");

      frozen.countDown();
      assertThat(waiting).succeedsWithin(Duration.ofSeconds(10));
      await().until(journal::isHealthy);
    } finally {
      frozen.countDown();
    }
  }

  private static LogEntry entry(String id) {
    return LogEntry.builder(id, "/s", "t").time(Instant.EPOCH).data("{}".getBytes(UTF_8)).build();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
