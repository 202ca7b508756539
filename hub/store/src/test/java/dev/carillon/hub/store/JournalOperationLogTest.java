package dev.carillon.hub.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carillon.hub.store.JournalOperationLog.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalOperationLogTest {

  private static final Duration SOON = Duration.ofMillis(1);

  @TempDir private Path folder;

  @Test
  void leavesNothingOutAfterAReadThatFailed() throws Exception {
    append(3);
    Path second = Segment.list(folder).get(1);
    Path away = folder.resolve("away");
    try (JournalOperationLog log = open()) {
      List<Long> positions = new ArrayList<>(positions(log.poll(SOON)));
      Files.move(second, away);
      assertThatThrownBy(() -> log.poll(SOON)).isInstanceOf(LogUnavailableException.class);
      Files.move(away, second);
      for (List<Batch> more = log.poll(SOON); !more.isEmpty(); more = log.poll(SOON)) {
        positions.addAll(positions(more));
      }
      assertThat(positions).containsExactly(1L, 2L, 3L);
    }
  }

  @Test
  void doesNotWaitForWhatAnotherStoreHasAndTheJournalHasNoMore() throws Exception {
    append(3);
    open(3).close(); // all of it is stored
    try (JournalOperationLog log = open()) {
      assertThat(log.readable()).isCompleted();
      assertThat(log.stats().pending()).isZero();
      append(log);
      assertThat(positions(log.poll(SOON))).containsExactly(4L);
    }
  }

  @Test
  void passesOverTheDamagedEndOfAFileThatIsNotTheNewest() throws Exception {
    List<Operation> operations = List.of(operation(), operation(), operation());
    try (JournalOperationLog log = JournalOperationLog.open(folder, 0, inOneFile())) {
      log.append(operations).get();
    }
    Path first = Segment.list(folder).get(0);
    Segment.create(folder, 4, Segment.buffer()).close(); // a newer one, in which nothing is yet
    damage(first, operations.get(2));
    try (JournalOperationLog log = open()) {
      List<Long> positions = new ArrayList<>();
      for (List<Batch> more = log.poll(SOON); !more.isEmpty(); more = log.poll(SOON)) {
        positions.addAll(positions(more));
        more.forEach(log::stored);
      }
      assertThat(positions).containsExactly(1L, 2L);
      assertThat(log.readable()).isCompleted();
      assertThat(log.stats().pending()).isZero();
      log.awaitStored();
      append(log);
      assertThat(positions(log.poll(SOON))).containsExactly(4L);
    }
  }

  private static Settings inOneFile() {
    return new Settings(100, 1 << 20, 1 << 20);
  }

  private static void damage(Path file, Operation operation) throws IOException {
    String text = Files.readString(file, ISO_8859_1);
    byte[] bytes = Files.readAllBytes(file);
    bytes[text.indexOf(operation.eventId().toString())] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void waitsOnWhileAStoreRefusesWhatItIsGiven() throws Exception {
    append(3);
    try (JournalOperationLog log = open()) {
      log.notStored(new IOException("refused"));
      CompletableFuture<Void> waiting = CompletableFuture.runAsync(log::awaitStored);
      await().during(Duration.ofMillis(300)).until(() -> !waiting.isDone());
      log.notStored(new IOException("refused again"));
      for (List<Batch> more = log.poll(SOON); !more.isEmpty(); more = log.poll(SOON)) {
        more.forEach(log::stored);
      }
      assertThat(waiting).succeedsWithin(Duration.ofSeconds(10));
    }
  }

  /** Each in a file of its own. */
  private void append(int operations) throws Exception {
    try (JournalOperationLog log = open()) {
      for (int i = 0; i < operations; i++) {
        append(log);
      }
    }
  }

  private static void append(JournalOperationLog log) throws Exception {
    log.append(List.of(operation())).get();
  }

  private static Operation operation() {
    return new Operation(Operation.Kind.DELETE, UUID.randomUUID(), Instant.now(), EventFields.NONE);
  }

  private JournalOperationLog open() throws Exception {
    return open(0);
  }

  private JournalOperationLog open(long stored) throws Exception {
    return JournalOperationLog.open(folder, stored, new Settings(100, 1 << 20, 1));
  }

  private static List<Long> positions(List<Batch> batches) {
    return batches.stream()
        .flatMap(batch -> batch.operations().stream())
        .map(Batch.Placed::position)
        .toList();
  }
}
