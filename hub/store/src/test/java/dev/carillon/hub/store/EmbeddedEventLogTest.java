package dev.carillon.hub.store;

import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.hub.store.EmbeddedEventLog.Settings;
import dev.carillon.hub.store.LogQuery.Order;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EmbeddedEventLogTest {

  private static final Instant MORNING = Instant.parse("2026-03-02T08:00:00Z");

  @TempDir Path folder;
  private EmbeddedEventLog log;

  @BeforeEach
  void open() throws IOException {
    log = EmbeddedEventLog.open(folder, Settings.ofDefaults(), Clock.systemUTC());
  }

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void readsWhatWasAcknowledgedBefore() throws Exception {
    for (int i = 0; i < 20; i++) {
      log.append(List.of(event("e" + i).build())).get();
      assertThat(ids(LogQuery.builder().build())).hasSize(i + 1).endsWith("e" + i);
    }
  }

  @Test
  void storesAnEventOnceHoweverOftenItIsAppended() throws Exception {
    log.append(List.of(event("same").build(), event("same").build(), event("other").build())).get();
    log.append(List.of(event("same").build())).get();
    assertThat(ids(LogQuery.builder().build())).containsExactly("same", "other");
    reopen();
    log.append(List.of(event("same").build(), event("third").build())).get();
    assertThat(ids(LogQuery.builder().build())).containsExactly("same", "other", "third");
  }

  @Test
  void storesAnEventOnceThatComesBackWithTheIdItWasGiven() throws Exception {
    LogEntry given = LogEntry.builder("/here", "t").time(MORNING).build();
    LogEntry again = LogEntry.of(given.json());
    log.append(List.of(given)).get();
    log.append(List.of(again, event("other").build())).get();
    assertThat(ids(LogQuery.builder().build())).containsExactly(given.id(), "other");
    reopen();
    log.append(List.of(again)).get();
    assertThat(ids(LogQuery.builder().build())).containsExactly(given.id(), "other");
  }

  @Test
  void refusesAnEventThatItCouldNotReadAgain() throws Exception {
    byte[] data = ("\"" + "x".repeat(9 << 20) + "\"").getBytes(StandardCharsets.UTF_8);
    CompletableFuture<Void> large = log.append(List.of(event("large").data(data).build()));
    assertThat(large).failsWithin(Duration.ofSeconds(5));
    log.append(List.of(event("other").build())).get();
    reopen();
    assertThat(ids(LogQuery.builder().build())).containsExactly("other");
  }

  @Test
  void keepsEventsOfDifferentSourcesApartThoughTheirIdsAreTheSame() throws Exception {
    log.append(
            List.of(
                LogEntry.builder("1", "/a", "t").build(), LogEntry.builder("1", "/b", "t").build()))
        .get();
    assertThat(log.read(LogQuery.builder().build()).get().events()).hasSize(2);
  }

  @Test
  void filtersByEveryPart() throws Exception {
    log.append(
            List.of(
                event("a")
                    .subjects(List.of("s1", "s2"))
                    .tags(List.of("red", "blue"))
                    .traceIds(List.of("t1"))
                    .attribute("organizationid", "org")
                    .attribute("userid", "u")
                    .time(MORNING)
                    .build(),
                LogEntry.builder("b", "/other", "equipment.moved")
                    .subject("s3")
                    .time(MORNING.plusSeconds(60))
                    .build()))
        .get();
    assertThat(ids(LogQuery.builder().type("sample.*").build())).containsExactly("a");
    assertThat(ids(LogQuery.builder().type("sample").build())).isEmpty();
    assertThat(ids(LogQuery.builder().type("equipment.moved").build())).containsExactly("b");
    assertThat(ids(LogQuery.builder().source("/other").build())).containsExactly("b");
    assertThat(ids(LogQuery.builder().subjects(List.of("s2", "no")).build())).containsExactly("a");
    assertThat(ids(LogQuery.builder().subjects(List.of("s3", "s1")).build()))
        .containsExactly("a", "b");
    assertThat(ids(LogQuery.builder().tags(List.of("blue")).build())).containsExactly("a");
    assertThat(ids(LogQuery.builder().tags(List.of("bl")).build())).isEmpty();
    assertThat(ids(LogQuery.builder().traceIds(List.of("t1")).build())).containsExactly("a");
    assertThat(ids(LogQuery.builder().organizationId("org").build())).containsExactly("a");
    assertThat(ids(LogQuery.builder().userId("x").build())).isEmpty();
    assertThat(ids(LogQuery.builder().from(MORNING).to(MORNING.plusSeconds(60)).build()))
        .containsExactly("a");
  }

  @Test
  void ordersByTimeOrArrivalAndPages() throws Exception {
    for (int i = 0; i < 10; i++) {
      log.append(List.of(event("e" + i).time(MORNING.minusSeconds(i)).build())).get();
    }
    assertThat(ids(LogQuery.builder().order(Order.OLDEST_FIRST).limit(3).build()))
        .containsExactly("e9", "e8", "e7");
    assertThat(ids(LogQuery.builder().order(Order.OLDEST_FIRST).offset(8).build()))
        .containsExactly("e1", "e0");
    assertThat(ids(LogQuery.builder().order(Order.NEWEST_FIRST).limit(2).build()))
        .containsExactly("e0", "e1");
    Page page = log.read(LogQuery.builder().limit(4).build()).get();
    assertThat(page.full()).isTrue();
    assertThat(ids(LogQuery.builder().after(page.next()).build()))
        .containsExactly("e4", "e5", "e6", "e7", "e8", "e9");
  }

  @Test
  void followsWhatArrives() throws Exception {
    long end = log.end();
    CompletableFuture<Void> grown = new CompletableFuture<>();
    try (AutoCloseable stop = log.onGrowth(() -> grown.complete(null))) {
      log.append(List.of(event("live").build(), event("too").build())).get();
      grown.get();
      Page page = log.follow(LogQuery.builder().after(end).limit(1).build()).get();
      assertThat(LogEntry.of(page.events().get(0).json()).id()).isEqualTo("live");
      Page rest = log.follow(LogQuery.builder().after(page.next()).type("no").build()).get();
      assertThat(rest.events()).isEmpty();
      assertThat(rest.next()).isEqualTo(log.end());
    }
  }

  @Test
  void followsFromTheBeginningPastWhatIsInMemory() throws Exception {
    log.close();
    log = open(1000, 1 << 20, 1 << 20, 2);
    log.onGrowth(() -> {}); // since nothing is kept in memory for nobody
    for (int i = 0; i < 10; i++) {
      log.append(List.of(event("e" + i).build())).get();
    }
    log.read(LogQuery.builder().build()).get();
    Page page = log.follow(LogQuery.builder().after(0).build()).get();
    assertThat(page.events()).hasSize(10);
    assertThat(page.next()).isEqualTo(log.end());
  }

  @Test
  void bringsInWhatWasJournaledButNotStored() throws Exception {
    log.append(List.of(event("stored").build())).get();
    log.close();
    Path last = Segment.list(folder.resolve("journal")).get(0);
    try (SegmentReader reader = new SegmentReader(last)) {
      assertThat(reader.next()).isNotNull();
    }
    long next = Segment.firstOf(last) + 1;
    Path journal = folder.resolve("journal");
    long end = write(journal, next, "left", "stored", "torn");
    try (FileChannel file = FileChannel.open(Segment.list(journal).get(1), WRITE)) {
      file.write(ByteBuffer.allocate(5), end - 5);
    }
    open();
    assertThat(ids(LogQuery.builder().build())).containsExactly("stored", "left");
    log.append(List.of(event("after").build())).get();
    assertThat(ids(LogQuery.builder().build())).containsExactly("stored", "left", "after");
  }

  /** Whichever of the journal's files it is: only the end of the newest may be torn. */
  @Test
  void keepsAJournalThatTheDiskHasDamaged() throws Exception {
    log.close();
    Path journal = folder.resolve("journal");
    Segment.deleteAll(journal);
    write(journal, 1, "a", "b", "c");
    write(journal, 4, "d", "e", "f", "g");
    for (Path segment : Segment.list(journal)) {
      try (FileChannel file = FileChannel.open(segment, WRITE)) {
        int record = Segment.RECORD_HEADER + event("b").time(MORNING).build().json().length;
        file.write(ByteBuffer.allocate(1), Long.BYTES + record + Segment.RECORD_HEADER + 10);
      }
    }
    List<byte[]> damaged = new ArrayList<>();
    for (Path segment : Segment.list(journal)) {
      damaged.add(Files.readAllBytes(segment));
    }
    open();
    assertThat(ids(LogQuery.builder().build())).containsExactly("a", "d");
    reopen();
    try (Stream<Path> kept = Files.list(journal)) {
      assertThat(kept.filter(file -> file.toString().endsWith(".damaged")).sorted())
          .hasSize(2)
          .extracting(Files::readAllBytes)
          .containsExactlyElementsOf(damaged);
    }
  }

  @Test
  void showsNothingOfWhatWasInRoomThatIsUsedAgain() throws Exception {
    Path journal = Files.createDirectory(folder.resolve("another"));
    write(journal, 1, "a", "b", "c");
    Segment.giveUp(Segment.list(journal).get(0));
    write(journal, 4, "d");
    Path segment = Segment.list(journal).get(0);
    assertThat(Files.size(segment)).as("the room of the first").isGreaterThan(1 << 20);
    try (SegmentReader reader = new SegmentReader(segment)) {
      assertThat(reader.next()).isEqualTo(event("d").time(MORNING).build().json());
      assertThat(reader.position()).isEqualTo(4);
      assertThat(reader.next()).isNull();
      assertThat(reader.isDamaged()).isFalse();
    }
  }

  private static long write(Path journal, long first, String... ids) throws IOException {
    try (Segment segment = Segment.create(journal, first, Segment.buffer())) {
      for (String id : ids) {
        segment.add(event(id).time(MORNING).build().json());
      }
      segment.sync();
      return segment.size();
    }
  }

  @Test
  void refusesWhatItHasNoRoomFor() throws Exception {
    log.close();
    log = open(2, 1 << 20, 1 << 20, 10);
    List<LogEntry> three = List.of(event("1").build(), event("2").build(), event("3").build());
    assertThatThrownBy(() -> log.append(three).get())
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(LogFullException.class);
    log.append(three.subList(0, 2)).get();
    assertThat(ids(LogQuery.builder().build())).containsExactly("1", "2");
  }

  @Test
  void rollsTheJournalAndForgetsWhatIsStored() throws Exception {
    log.close();
    log = open(10_000, 8 << 20, 10_000, 10);
    for (int round = 0; round < 20; round++) {
      List<LogEntry> entries = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        entries.add(event(round + "-" + i).build());
      }
      log.append(entries).get();
    }
    assertThat(log.read(LogQuery.builder().limit(10_000).build()).get().events()).hasSize(2000);
    Awaitility.await()
        .untilAsserted(() -> assertThat(Segment.list(folder.resolve("journal"))).hasSize(1));
  }

  @Test
  void acknowledgesNothingWhenTheFolderIsGone() throws Exception {
    log.append(List.of(event("before").build())).get();
    assertThat(log.isReady()).isTrue();
    Path moved = folder.resolveSibling(folder.getFileName() + "-moved");
    Files.move(folder, moved);
    try {
      assertThat(log.isReady()).isFalse();
      assertThatThrownBy(() -> log.append(List.of(event("lost").build())).get())
          .hasCauseInstanceOf(LogUnavailableException.class);
      assertThat(log.isReady()).isFalse();
    } finally {
      Files.move(moved, folder);
    }
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(log::isReady);
    log.append(List.of(event("again").build())).get();
    assertThat(ids(LogQuery.builder().build())).startsWith("before").endsWith("again");
  }

  @Test
  void keepsInTheJournalWhatADatabaseThatIsGoneCannotHave() throws Exception {
    log.append(List.of(event("before").build())).get();
    assertThat(ids(LogQuery.builder().build())).containsExactly("before");
    Files.delete(folder.resolve("events.duckdb"));
    Files.deleteIfExists(folder.resolve("events.duckdb.wal"));
    log.append(List.of(event("after").build())).get();

    assertThat(log.isReady()).isFalse();
    assertThatThrownBy(() -> ids(LogQuery.builder().build()))
        .hasCauseInstanceOf(LogUnavailableException.class);
    log.close();
    log = EmbeddedEventLog.open(folder, Settings.ofDefaults(), Clock.systemUTC());
    assertThat(ids(LogQuery.builder().build())).endsWith("after");
  }

  @Test
  void setsAsideWhatTheTableDoesNotTake() throws Exception {
    log.onGrowth(() -> {}); // so that its memory has them too
    List<LogEntry> entries = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      entries.add(event("e" + i).time(i == 20 ? Instant.MAX : MORNING).build());
    }
    log.append(entries).get();
    Awaitility.await().until(() -> log.stats().deadLetters() == 1 && log.isReady());
    log.append(List.of(event("after").build())).get();
    assertThat(ids(LogQuery.builder().build())).hasSize(50).doesNotContain("e20").endsWith("after");
    assertThat(log.isReady()).isTrue();
    Page live = log.follow(LogQuery.builder().after(0).build()).get();
    assertThat(live.events()).hasSize(50);
  }

  @Test
  void isHeldByOneAtATime() {
    assertThatThrownBy(
            () -> EmbeddedEventLog.open(folder, Settings.ofDefaults(), Clock.systemUTC()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("in use by another hub");
  }

  @Test
  void saysWhenAFileIsInTheWay() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "x", StandardOpenOption.CREATE);
    assertThatThrownBy(() -> EmbeddedEventLog.open(file, Settings.ofDefaults(), Clock.systemUTC()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be written");
  }

  @Test
  void finishesWhatWasAcceptedWhenItCloses() throws Exception {
    List<CompletableFuture<Void>> appends = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      appends.add(log.append(List.of(event("e" + i).build())));
    }
    log.close();
    long acknowledged =
        appends.stream()
            .filter(append -> append.isDone() && !append.isCompletedExceptionally())
            .count();
    assertThat(appends).allMatch(CompletableFuture::isDone);
    assertThat(acknowledged).isEqualTo(500);
    assertThatThrownBy(() -> log.append(List.of(event("late").build())).get())
        .hasCauseInstanceOf(LogUnavailableException.class);
    open();
    assertThat(log.read(LogQuery.builder().limit(1000).build()).get().events()).hasSize(500);
  }

  @Test
  void readsWithoutWaitingForLongWhileManyAppend() throws Exception {
    List<CompletableFuture<Void>> appends = Collections.synchronizedList(new ArrayList<>());
    Thread writer =
        new Thread(
            () -> {
              for (int i = 0; i < 20_000; i++) {
                appends.add(log.append(List.of(event(UUID.randomUUID().toString()).build())));
              }
            });
    writer.start();
    for (int i = 0; i < 20; i++) {
      log.read(LogQuery.builder().limit(10).build()).get();
    }
    writer.join();
    CompletableFuture.allOf(appends.toArray(CompletableFuture[]::new)).get();
    assertThat(log.find("nobody").get()).isEmpty();
    assertThat(log.stats().appended()).isEqualTo(20_000);
    assertThat(log.stats().filled()).isEqualTo(20_000);
  }

  @Test
  void mendsItselfWhileNothingComes() throws Exception {
    log.append(List.of(event("e").build())).get();
    assertThat(ids(LogQuery.builder().build())).containsExactly("e");
    DatabaseTest.invalidate(folder.resolve("events.duckdb"), Database.fairMemory());
    assertThatThrownBy(() -> ids(LogQuery.builder().build()))
        .hasCauseInstanceOf(LogUnavailableException.class);

    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .ignoreException(ExecutionException.class)
        .until(() -> log.isReady() && ids(LogQuery.builder().build()).equals(List.of("e")));
  }

  private EmbeddedEventLog open(
      long maxPendingEvents, long maxPendingBytes, long segmentBytes, int tailEvents)
      throws IOException {
    Settings settings =
        new Settings(
            maxPendingEvents,
            maxPendingBytes,
            8,
            1,
            segmentBytes,
            tailEvents,
            100,
            "64MB",
            Duration.ZERO,
            Duration.ofMinutes(1));
    return EmbeddedEventLog.open(folder, settings, Clock.systemUTC());
  }

  private void reopen() throws IOException {
    log.close();
    open();
  }

  private List<String> ids(LogQuery query) throws Exception {
    return log.read(query).get().events().stream()
        .map(event -> LogEntry.of(event.json()).id())
        .toList();
  }

  private static LogEntry.Builder event(String id) {
    return LogEntry.builder(id, "/lab", "sample.processed")
        .data("{\"status\":\"ok\"}".getBytes(StandardCharsets.UTF_8));
  }
}
