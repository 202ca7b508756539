package dev.carillon.hub.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carillon.hub.store.EmbeddedEventLog.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Events that have been in the log for long enough are removed. */
@Timeout(60)
class RetentionTest {

  private static final Instant START = Instant.parse("2026-03-02T08:00:00Z");
  private static final Duration RETENTION = Duration.ofDays(10);
  private static final int LONG = 20_000; // more than a row holds

  @TempDir Path folder;
  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private EmbeddedEventLog log;

  @BeforeEach
  void open() throws IOException {
    log = open(RETENTION);
  }

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void countsFromTheirArrivalWhateverDateTheyBear() throws Exception {
    append("ancient", START.minus(Duration.ofDays(9000)), LONG);
    append("future", START.plus(Duration.ofDays(9000)), 1);
    assertThat(ids()).containsExactly("ancient", "future");

    awaitExpired(2);

    assertThat(now.get()).isAfter(START.plus(RETENTION));
    assertThat(ids()).isEmpty();
    assertThat(log.find("ancient").get()).isEmpty();
    append("ancient", START, 1);
    assertThat(ids()).as("what comes again is new").containsExactly("ancient");
    assertThat(log.stats().duplicates()).isZero();
    log.close();
    assertThat(count("chunks")).isZero();
  }

  @Test
  void leavesWhatIsYounger() throws Exception {
    append("old", START, 1);
    assertThat(ids()).containsExactly("old");
    reopen(RETENTION); // which notes what is there
    now.set(START.plus(RETENTION).minusSeconds(1));
    append("young", START, LONG);
    reopen(RETENTION);
    assertThat(ids()).containsExactly("old", "young");

    now.set(START.plus(RETENTION));
    await().until(() -> log.stats().expired() == 1);

    assertThat(ids()).containsExactly("young");
    assertThat(log.find("young").get().orElseThrow().json()).hasSizeGreaterThan(LONG);
  }

  @Test
  void knowsHowLongEventsWereThereBeforeItWasAskedFor() throws Exception {
    reopen(Duration.ZERO);
    append("old", START, 1);
    assertThat(ids()).containsExactly("old");
    reopen(Duration.ZERO);
    now.set(START.plus(RETENTION));
    reopen(Duration.ZERO);
    assertThat(ids()).containsExactly("old");

    log.close();
    log = open(RETENTION);

    await().until(() -> log.stats().expired() == 1);
    assertThat(ids()).isEmpty();
  }

  @Test
  void givesNoPositionToTwoEvents() throws Exception {
    append("first", START, 1);
    long position = log.find("first").get().orElseThrow().position();
    awaitExpired(1);
    log.close();
    try (Stream<Path> journal = Files.list(folder.resolve("journal"))) {
      for (Path file : journal.toList()) {
        Files.delete(file);
      }
    }

    log = open(RETENTION);

    assertThat(log.end()).isEqualTo(position);
    append("second", START, 1);
    assertThat(log.find("second").get().orElseThrow().position()).isGreaterThan(position);
  }

  @Test
  void staysRemovedThoughTheJournalHasIt() throws Exception {
    append("gone", START, 1);
    awaitExpired(1);
    log.close();
    try (Stream<Path> journal = Files.list(folder.resolve("journal"))) {
      assertThat(journal).anyMatch(file -> Files.isRegularFile(file));
    }

    log = open(RETENTION);

    assertThat(ids()).isEmpty();
  }

  @Test
  void tellsWhenTheDatabaseCannotBeWrittenAnyMore() throws Exception {
    try (Database database = new Database(folder.resolve("other.duckdb"), "256MB")) {
      EventTable table = new EventTable(database);
      assertThat(table.end()).isZero();
      Sql.execute(
          database.writer(),
          "INSERT INTO events SELECT i, i, '/here', 't', NULL, now(), NULL, 1, 'x'"
              + " FROM range(1, 200000) rows(i)");
      InstantSource clock = now::get;
      Retention retention =
          new Retention(
              database, RETENTION, Duration.ZERO, clock.withZone(ZoneOffset.UTC), position -> {});
      retention.tend();
      now.set(START.plus(RETENTION));
      retention.tend();
      retention.tend();
      assertThat(retention.expired()).isEqualTo(199_999);
      Sql.execute(database.writer(), "SET debug_checkpoint_abort = 'before_truncate'");

      assertThatThrownBy(retention::tend).isInstanceOf(SQLException.class);

      database.reset();
      Sql.execute(database.writer(), "SET debug_checkpoint_abort = 'before_truncate'");
      retention.tend(); // tries for the room no more
    }
  }

  @Test
  void takesThemFromLiveStreamsToo() throws Exception {
    try (EventLog.Listening ignored = log.onGrowth(() -> {})) {
      append("old", START, 1);
      assertThat(ids()).containsExactly("old");
      assertThat(followed()).hasSize(1);
      awaitExpired(1);
      assertThat(followed()).isEmpty();
      append("new", START, 1);
      assertThat(ids()).containsExactly("new");
      assertThat(followed()).hasSize(1);
    }
  }

  @Test
  void leavesReadersWithWholeEvents() throws Exception {
    log.close();
    log = open(Duration.ofHours(1), () -> now.updateAndGet(time -> time.plus(Duration.ofHours(2))));
    long appended = 0;
    for (int round = 0; round < 100; round++) {
      List<LogEntry> entries = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        entries.add(entry("e" + appended++, START, LONG));
      }
      log.append(entries).get();
      for (StoredEvent event : log.read(LogQuery.builder().build()).get().events()) {
        assertThat(new String(event.json(), UTF_8)).contains("x".repeat(LONG));
      }
    }
    long all = appended;
    await().until(() -> log.stats().expired() == all);
    assertThat(ids()).isEmpty();
  }

  @Test
  void leavesItsRoomToOthers() throws Exception {
    Random random = new Random(5);
    long first = 0;
    for (int round = 1; round <= 3; round++) {
      for (int i = 0; i < 2 * Database.ROW_GROUP; i += 1024) {
        List<LogEntry> entries = new ArrayList<>();
        for (int k = 0; k < 1024; k++) {
          entries.add(entry(round + "-" + i + "-" + k, Long.toString(random.nextLong())));
        }
        log.append(entries).get();
      }
      assertThat(ids()).isNotEmpty();
      first = round == 1 ? log.stats().sizeBytes() : first;
      awaitExpired((long) round * 2 * Database.ROW_GROUP);
    }
    log.close();
    assertThat(Files.size(folder.resolve("events.duckdb"))).isLessThan(first * 5 / 2);
  }

  private EmbeddedEventLog open(Duration retention) throws IOException {
    return open(retention, now::get);
  }

  private EmbeddedEventLog open(Duration retention, InstantSource clock) throws IOException {
    Settings settings =
        new Settings(
            150_000,
            96 << 20,
            8,
            1,
            64 << 20,
            10,
            1 << 20,
            "256MB",
            retention,
            Duration.ofMillis(1));
    return EmbeddedEventLog.open(folder, settings, clock.withZone(ZoneOffset.UTC));
  }

  private void reopen(Duration retention) throws IOException {
    log.close();
    open(retention).close(); // not before it has looked once
    log = open(retention);
  }

  /** Has time pass until so many events are removed. */
  private void awaitExpired(long events) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> {
              now.updateAndGet(time -> time.plus(Duration.ofHours(2)));
              return log.stats().expired() == events;
            });
  }

  private void append(String id, Instant time, int size) throws Exception {
    log.append(List.of(entry(id, time, size))).get();
  }

  private static LogEntry entry(String id, Instant time, int size) {
    byte[] data = ('"' + "x".repeat(size) + '"').getBytes(UTF_8);
    return LogEntry.builder(id, "/here", "type").time(time).data(data).build();
  }

  private static LogEntry entry(String id, String number) {
    return LogEntry.builder(id, "/here", "type").time(START).data(number.getBytes(UTF_8)).build();
  }

  private List<String> ids() throws Exception {
    return log.read(LogQuery.builder().build()).get().events().stream()
        .map(event -> LogEntry.of(event.json()).id())
        .toList();
  }

  private List<StoredEvent> followed() throws Exception {
    return log.follow(LogQuery.builder().build()).get().events();
  }

  private long count(String table) throws Exception {
    try (Connection database =
            DriverManager.getConnection("jdbc:duckdb:" + folder.resolve("events.duckdb"));
        Statement select = database.createStatement();
        ResultSet rows = select.executeQuery("SELECT count(*) FROM " + table)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
