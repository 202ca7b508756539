package dev.carillon.hub.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carillon.hub.store.AnalyticsQuery;
import dev.carillon.hub.store.AnalyticsStore.Prepared;
import dev.carillon.hub.store.Batch;
import dev.carillon.hub.store.EventFields;
import dev.carillon.hub.store.EventVersion;
import dev.carillon.hub.store.EventVersion.State;
import dev.carillon.hub.store.Operation;
import dev.carillon.testkit.engines.ClickHouseEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class ClickHouseStoreTest {

  private static final AnalyticsQuery ALL = AnalyticsQuery.all(30_000);
  private static final String ACTIVE_PARTS =
      "SELECT name AS text FROM system.parts"
          + " WHERE database = currentDatabase() AND table = 'events' AND active";

  @TempDir private static Path folder;
  private static ClickHouseEngine engine;

  @BeforeAll
  static void startEngine() {
    engine = ClickHouseEngine.start(folder.resolve("clickhouse"));
  }

  @AfterAll
  static void stopEngine() {
    engine.close();
  }

  @Test
  void endsWithTheSameEventsHoweverOftenAndInWhateverPiecesOperationsCome() throws Exception {
    List<Batch.Placed> operations = new RandomOperations(1, 400).placed(3_000);
    try (Database database = new Database(engine);
        ClickHouseStore store = database.store();
        ClickHouseStore late = database.store()) {
      write(store, operations, 0, 1_000);
      write(late, operations, 500, 1_700); // a second writer that begins where it must not
      write(store, operations, 0, 1_000); // the first one again, as after a lost answer
      write(store, operations, 1_000, 2_200);
      write(late, operations, 1_700, 3_000);
      write(store, operations, 2_200, 3_000);

      assertThat(store.position("part")).isEqualTo(3_000);
      assertHolds(store, operations);
    }
  }

  @Test
  void writesManyRowsAtOnce() throws Exception {
    List<Batch.Placed> operations = new RandomOperations(9, 29_000).placed(60_000);
    try (Database database = new Database(engine);
        ClickHouseStore store = database.store()) {
      write(store, operations, 0, 30_000);
      write(store, operations, 0, 30_000); // again, as after a lost answer
      write(store, operations, 30_000, 60_000);

      assertThat(store.position("part")).isEqualTo(60_000);
      assertHolds(store, operations);
    }
  }

  @Test
  void findsWhatIsThereAmongManyNewEventsWhateverTheirIds() throws Exception {
    List<Batch.Placed> operations =
        new RandomOperations(3, 9_000)
            .placed(12_000).stream().map(ClickHouseStoreTest::anyId).toList();
    try (Database database = new Database(engine);
        ClickHouseStore store = database.store()) {
      write(store, operations, 0, 4_000);
      write(store, operations, 3_000, 8_000);
      write(store, operations, 8_000, 12_000);

      assertHolds(store, operations);
    }
  }

  /** The same operation; some on an event whose id is by chance, some of a distant time. */
  private static Batch.Placed anyId(Batch.Placed placed) {
    Operation operation = placed.operation();
    UUID id = operation.eventId();
    long number = id.getLeastSignificantBits();
    UUID other =
        number % 7 == 0
            ? UUID.nameUUIDFromBytes(id.toString().getBytes(StandardCharsets.UTF_8))
            : number % 1_001 == 0 ? new UUID(0xffff_0000_0000_7000L, number) : id;
    return new Batch.Placed(
        placed.position(),
        new Operation(operation.kind(), other, operation.at(), operation.fields()));
  }

  @Test
  void makesItsTablesOnceAndRefusesNewerOnes() throws Exception {
    try (Database database = new Database(engine);
        ClickHouseStore first = database.store();
        ClickHouseStore second = database.store()) {
      assertThat(first.position("part")).isZero();
      assertThat(second.position("part")).isZero();
      database.execute("INSERT INTO schema_version (version) VALUES (99)");
      try (ClickHouseStore old = database.store()) {
        assertThatThrownBy(() -> old.position("part")).hasMessageContaining("newer");
        assertThat(old.isWritable()).isFalse();
      }
    }
  }

  @Test
  void dropsEventsAfterTheRetentionAndKeepsThemWithoutOne() throws Exception {
    List<Batch.Placed> operations = new RandomOperations(2, 50).placed(100);
    try (Database database = new Database(engine)) {
      try (ClickHouseStore limited = database.store(1)) {
        limited.position("part");
        assertThat(database.engine()).contains("toIntervalDay(1)");
        assertThat(database.engine("orphans")).contains("TTL stored_at + toIntervalDay(1)");
      }
      try (ClickHouseStore leaves = database.store()) {
        leaves.position("part");
        assertThat(database.engine()).contains("toIntervalDay(1)");
      }
      try (ClickHouseStore unlimited = database.store(0)) {
        write(unlimited, operations, 0, 100);
        assertThat(database.engine()).doesNotContain("TTL");
        assertThat(database.engine("orphans")).contains("TTL stored_at + toIntervalDay(7)");
        assertThat(unlimited.events(ALL).get(30, TimeUnit.SECONDS)).isNotEmpty();
      }
      try (ClickHouseStore limited = database.store(1)) {
        limited.position("part");
        database.execute("OPTIMIZE TABLE events FINAL");
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> limited.events(ALL).get(30, TimeUnit.SECONDS).isEmpty());
      }
    }
  }

  @Test
  void keepsWhatIsToStayLongerThanATtlCanTell() throws Exception {
    List<Batch.Placed> operations = new RandomOperations(2, 50).placed(100);
    List<Batch.Placed> distant =
        operations.stream()
            .map(placed -> at(Instant.parse("2150-01-01T00:00:00Z"), placed))
            .toList();
    try (Database database = new Database(engine);
        Database another = new Database(engine);
        ClickHouseStore hundredYears = database.store(36_500);
        ClickHouseStore day = another.store(1)) {
      write(hundredYears, operations, 0, 100);
      write(day, distant, 0, 100);
      database.execute("OPTIMIZE TABLE events FINAL");
      another.execute("OPTIMIZE TABLE events FINAL");

      assertHolds(hundredYears, operations);
      assertHolds(day, distant);
    }
  }

  @Test
  void neverShowsAgainWhatWasDeletedOrChangedAndIsDroppedPieceByPiece() throws Exception {
    EventFields secret = fields("secret");
    Instant time = Instant.now().minus(Duration.ofDays(2));
    Batch.Placed deleted = at(time, RandomOperations.create(0, secret));
    Batch.Placed changed = at(time, RandomOperations.create(1, secret));
    try (Database database = new Database(engine);
        ClickHouseStore store = database.store(1);
        ClickHouseStore unsaid = database.store()) {
      store.position("part");
      database.execute("SYSTEM STOP MERGES " + database.url().database() + ".events");
      store.write(new Batch("part", List.of(deleted, changed), 2));
      String part = database.texts(ACTIVE_PARTS).get(0);
      store.write(
          new Batch(
              "part",
              List.of(
                  next(3, deleted, Operation.Kind.DELETE, EventFields.NONE),
                  next(4, changed, Operation.Kind.UPDATE, fields(""))),
              4));
      database.execute("ALTER TABLE events DETACH PART '" + part + "'"); // as it is large
      database.execute("SYSTEM START MERGES " + database.url().database() + ".events");
      database.execute("OPTIMIZE TABLE events FINAL");
      assertThat(database.texts("SELECT toString(id) AS text FROM events")).isEmpty();
      database.execute("ALTER TABLE events ATTACH PART '" + part + "'");

      for (ClickHouseStore asked : List.of(store, unsaid)) {
        assertThat(find(asked, deleted)).isEmpty();
        assertThat(find(asked, changed)).isEmpty();
        assertThat(asked.events(ALL).get(30, TimeUnit.SECONDS)).isEmpty();
        assertThat(asked.totals(ALL).get(30, TimeUnit.SECONDS).events()).isZero();
      }
    }
  }

  private static EventFields fields(String input) {
    return EventFields.builder().conversationId("c").eventName("event_a").input(input).build();
  }

  private static Batch.Placed next(
      long position, Batch.Placed before, Operation.Kind kind, EventFields fields) {
    Operation operation = before.operation();
    return new Batch.Placed(
        position, new Operation(kind, operation.eventId(), operation.at(), fields));
  }

  private static Optional<EventVersion> find(ClickHouseStore store, Batch.Placed placed)
      throws Exception {
    return store.find(placed.operation().eventId()).get(30, TimeUnit.SECONDS);
  }

  private static Batch.Placed at(Instant time, Batch.Placed placed) {
    Operation operation = placed.operation();
    return new Batch.Placed(
        placed.position(),
        new Operation(operation.kind(), operation.eventId(), time, operation.fields()));
  }

  @Test
  void setsTheRetentionWhereItIsAnotherAndOnlyThere() throws Exception {
    String changes = "SELECT toString(count()) AS text FROM system.mutations WHERE database = ";
    try (Database database = new Database(engine)) {
      retain(database, 7);
      database.execute(
          "ALTER TABLE events MODIFY TTL toDateTime(created_at) + toIntervalDay(7)"); // as it was
      retain(database, 7);
      assertThat(database.engine()).contains("least(created_at + toIntervalDay(7), ");
      List<String> before = database.texts(changes + "currentDatabase()");
      retain(database, 7);
      assertThat(database.texts(changes + "currentDatabase()")).isEqualTo(before);
      retain(database, 70);
      assertThat(database.engine()).contains("toIntervalDay(70)");
      assertThat(database.texts(changes + "currentDatabase()")).isNotEqualTo(before);
    }
  }

  @Test
  void leavesTheRetentionAsItIsToWhomNobodySaidAnother() throws Exception {
    try (Database database = new Database(engine)) {
      retain(database, 90);
      Pipeline unsaid = new Pipeline(null, database.url(), Pipeline.Role.ALL);
      unsaid.open(folder, null, Clock.systemUTC()).close();
      assertThat(database.engine()).contains("toIntervalDay(90)");
    }
  }

  private static void retain(Database database, int days) throws Exception {
    try (ClickHouseStore store = database.store(days)) {
      store.position("part");
    }
  }

  @Test
  void readsAndWritesWhateverTheDigitsOfTheLocale() throws Exception {
    List<Batch.Placed> operations = new RandomOperations(4, 2_000).placed(3_000);
    Locale locale = Locale.getDefault();
    try (Database database = new Database(engine)) {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      try (ClickHouseStore store = database.store(36_500)) {
        write(store, operations, 0, 3_000);
        assertHolds(store, operations);
        assertThat(store.timeline(ALL, Duration.ofHours(1)).get(30, TimeUnit.SECONDS)).isNotEmpty();
      }
    } finally {
      Locale.setDefault(locale);
    }
  }

  @Test
  void writesSeveralPartsInOneGoAsOneByOne() throws Exception {
    List<Batch.Placed> operations = new RandomOperations(5, 50).placed(600);
    try (Database database = new Database(engine);
        ClickHouseStore store = database.store()) {
      List<Batch> parts =
          List.of(
              new Batch("one", operations.subList(0, 300), 300),
              new Batch("two", operations.subList(300, 600), 600));
      write(store.prepare(parts, List.of()).orElseThrow());

      assertThat(store.position("one")).isEqualTo(300);
      assertThat(store.position("two")).isEqualTo(600);
      assertHolds(store, operations);
    }
  }

  @Test
  void worksOutWhatComesNextBeforeTheLastIsWritten() throws Exception {
    List<Batch.Placed> operations = new RandomOperations(6, 50).placed(900);
    try (Database database = new Database(engine);
        ClickHouseStore store = database.store()) {
      Prepared first = prepare(store, operations.subList(0, 300));
      Prepared second = prepare(store, operations.subList(300, 600), first);
      write(first);
      Prepared third = prepare(store, operations.subList(600, 900), second);
      write(second);
      write(third);

      assertThat(store.position("part")).isEqualTo(900);
      assertHolds(store, operations);
    }
  }

  @Test
  void writesInAnyOrderWhatItNotesInTheRightOne() throws Exception {
    List<Batch.Placed> operations = new RandomOperations(9, 50).placed(900);
    try (Database database = new Database(engine);
        ClickHouseStore store = database.store()) {
      Prepared first = prepare(store, operations.subList(0, 300));
      Prepared second = prepare(store, operations.subList(300, 600), first);
      Prepared third = prepare(store, operations.subList(600, 900), first, second);
      third.write();
      second.write();
      assertThat(store.position("part")).isZero();
      first.write();
      first.note();
      assertThat(store.position("part")).isEqualTo(300);
      second.note();
      third.note();

      assertHolds(store, operations);
    }
  }

  @Test
  void writesAgainWhatFailedBeforeWhatIsWritten() throws Exception {
    List<Batch.Placed> operations = new RandomOperations(10, 50).placed(600);
    try (Database database = new Database(engine);
        ClickHouseStore store = database.store()) {
      Prepared first = prepare(store, operations.subList(0, 300));
      prepare(store, operations.subList(300, 600), first).write();
      write(store, operations, 0, 300);
      write(store, operations, 300, 600);

      assertThat(store.position("part")).isEqualTo(600);
      assertHolds(store, operations);
    }
  }

  @Test
  void passesOverWhatIsUnderWayAlready() throws Exception {
    List<Batch.Placed> operations = new RandomOperations(8, 50).placed(600);
    try (Database database = new Database(engine);
        ClickHouseStore store = database.store()) {
      Prepared first = prepare(store, operations.subList(0, 300));
      Prepared second = prepare(store, operations.subList(200, 600), first);
      write(first);
      write(second);

      assertHolds(store, operations);
    }
  }

  @Test
  void goesOnFromWhatAnotherWriterWroteMeanwhile() throws Exception {
    List<Batch.Placed> operations = new RandomOperations(7, 50).placed(900);
    try (Database database = new Database(engine);
        ClickHouseStore store = database.store();
        ClickHouseStore another = database.store()) {
      Prepared underWay = prepare(store, operations.subList(0, 300));
      write(prepare(another, operations.subList(0, 300)));
      write(prepare(another, operations.subList(300, 600)));
      Prepared next = prepare(store, operations.subList(600, 900), underWay);
      write(underWay);
      write(next);

      assertHolds(store, operations);
    }
  }

  private static Prepared prepare(
      ClickHouseStore store, List<Batch.Placed> operations, Prepared... before) throws IOException {
    long last = operations.get(operations.size() - 1).position();
    return store
        .prepare(List.of(new Batch("part", operations, last)), List.of(before))
        .orElseThrow();
  }

  private static void write(Prepared prepared) throws IOException {
    prepared.write();
    prepared.note();
  }

  @Test
  void keepsWhatTwoJournalsWriteApart() throws Exception {
    List<Batch.Placed> operations = new RandomOperations(3, 10).placed(20);
    try (Database database = new Database(engine);
        ClickHouseStore one = new ClickHouseStore(database.url(), null, "one");
        ClickHouseStore two = new ClickHouseStore(database.url(), null, "two")) {
      one.start();
      two.start();
      write(one, operations, 0, 20);

      assertThat(one.position("part")).isEqualTo(20);
      assertThat(two.position("part")).isZero();
    }
  }

  /** Checks that all can be seen, and nothing else, that operations leave behind. */
  static void assertHolds(ClickHouseStore store, List<Batch.Placed> operations) throws Exception {
    Map<UUID, EventVersion> expected = new HashMap<>();
    operations.forEach(placed -> RandomOperations.carryOut(expected, placed.operation()));
    List<EventVersion> found = store.events(ALL).get(30, TimeUnit.SECONDS);
    assertThat(differences(live(expected.values()), texts(found))).isEmpty();
  }

  private static void write(ClickHouseStore store, List<Batch.Placed> operations, int from, int to)
      throws Exception {
    store.write(new Batch("part", operations.subList(from, to), to));
  }

  /** Versions that can be seen, as texts that hold all of them. */
  private static Set<String> live(Collection<EventVersion> versions) {
    return texts(versions.stream().filter(version -> version.state() == State.LIVE).toList());
  }

  private static Set<String> texts(Collection<EventVersion> versions) {
    return versions.stream().map(ClickHouseStoreTest::text).collect(Collectors.toSet());
  }

  private static String text(EventVersion version) {
    return "%s v%d %s %s %s"
        .formatted(
            version.id(),
            version.version(),
            version.createdAt(),
            version.updatedAt(),
            RandomOperations.text(version));
  }

  /** A few of the texts that only one side has. */
  private static List<String> differences(Set<String> expected, Set<String> found) {
    return Stream.concat(
            expected.stream().filter(text -> !found.contains(text)).map(text -> "missing " + text),
            found.stream().filter(text -> !expected.contains(text)).map(text -> "surplus " + text))
        .sorted()
        .limit(6)
        .toList();
  }
}
