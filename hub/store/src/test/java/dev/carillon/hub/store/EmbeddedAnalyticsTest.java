package dev.carillon.hub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carillon.hub.store.Operation.Kind;
import dev.carillon.hub.store.StateMachine.Effect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class EmbeddedAnalyticsTest {

  private static final Instant MORNING = Instant.parse("2026-03-02T08:00:00Z");
  private static final RecursiveComparisonConfiguration NEARLY =
      RecursiveComparisonConfiguration.builder()
          .withComparatorForType(
              (a, b) ->
                  Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a)) ? 0 : Double.compare(a, b),
              Double.class)
          .build();

  @TempDir Path folder;
  private Analytics analytics;

  @BeforeEach
  void open() throws IOException {
    open(Duration.ZERO, InstantSource.fixed(MORNING), Duration.ofHours(1));
  }

  private void open(Duration retention, InstantSource now, Duration period) throws IOException {
    EmbeddedAnalyticsStore.Settings settings =
        new EmbeddedAnalyticsStore.Settings(retention, period, 2, 256, "256MB");
    analytics = Analytics.embedded(folder, settings, now.withZone(ZoneOffset.UTC));
  }

  @AfterEach
  void close() {
    analytics.close();
  }

  @Test
  void showsWhatWasAcknowledgedBefore() throws Exception {
    for (int i = 0; i < 20; i++) {
      UUID id = UUID.randomUUID();
      append(operation(Kind.CREATE, id, MORNING.plusMillis(i), create("c", "in" + i)));
      assertThat(find(id)).hasValueSatisfying(v -> assertThat(v.createdAt()).isNotNull());
      assertThat(read(() -> store().events(AnalyticsQuery.all(100).in("c")))).hasSize(i + 1);
    }
  }

  @Test
  void ordersOperationsOfOneEventWhereverTheyMeet() throws Exception {
    UUID id = UUID.randomUUID();
    append(
        operation(Kind.UPDATE, id, MORNING, EventFields.builder().latency(7.0).build()),
        operation(Kind.CREATE, id, MORNING, create("c", "first")),
        operation(Kind.CREATE, id, MORNING, create("c", "second")));
    assertThat(find(id).orElseThrow().fields().values().input()).isEqualTo("first");
    assertThat(find(id).orElseThrow().fields().latency()).isEqualTo(7.0);

    append(operation(Kind.DELETE, id, MORNING, EventFields.NONE));
    assertThat(find(id)).isEmpty();
    reopen();
    append(operation(Kind.CREATE, id, MORNING, create("c", "late")));

    assertThat(find(id)).isEmpty();
    assertThat(read(() -> store().events(AnalyticsQuery.all(10)))).isEmpty();
    assertThat(read(() -> store().totals(AnalyticsQuery.all(1))).events()).isZero();
    assertThat(analytics.writerStats().effects()).containsEntry(Effect.IGNORED, 1L);
  }

  @Test
  void keepsWhatComesBeforeItsCreateOutOfSight() throws Exception {
    UUID id = UUID.randomUUID();
    append(
        operation(
            Kind.UPDATE,
            id,
            MORNING,
            EventFields.builder().conversationId("c").error("e").build()));

    assertThat(find(id)).isEmpty();
    assertThat(read(() -> store().events(AnalyticsQuery.all(10).in("c")))).isEmpty();
    assertThat(read(() -> store().topErrors(AnalyticsQuery.all(10)))).isEmpty();
    reopen();
    append(operation(Kind.CREATE, id, MORNING, create("other", "in")));

    EventVersion live = find(id).orElseThrow();
    assertThat(live.fields().conversationId()).isEqualTo("c");
    assertThat(live.fields().values().error()).isEqualTo("e");
    assertThat(live.fields().values().input()).isEqualTo("in");
  }

  @Test
  void takesSqlInEveryStringForText() throws Exception {
    String evil = "x'); DROP TABLE versions; --\"?$1";
    UUID id = UUID.randomUUID();
    EventFields fields =
        EventFields.builder()
            .conversationId(evil)
            .conversationMetadata("\"" + "'; DROP TABLE versions" + "\"")
            .eventName(evil)
            .error(evil)
            .input(evil)
            .output(evil)
            .build();
    append(operation(Kind.CREATE, id, MORNING, fields));

    AnalyticsQuery query = AnalyticsQuery.all(10).named(evil).in(evil);
    assertThat(read(() -> store().events(query))).hasSize(1);
    assertThat(read(() -> store().errors(query))).hasSize(1);
    assertThat(read(() -> store().latency(query)).get(0).conversationId()).isEqualTo(evil);
    assertThat(read(() -> store().topErrors(query))).hasSize(1);
    assertThat(read(() -> store().slowest(query))).hasSize(1);
    assertThat(read(() -> store().latencyByName(query)).get(0).eventName()).isEqualTo(evil);
    assertThat(read(() -> store().timeline(query, Duration.ofHours(1)))).hasSize(1);
    assertThat(read(() -> store().totals(query)).errors()).isEqualTo(1);
    assertThat(find(id).orElseThrow().fields().values().error()).isEqualTo(evil);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void answersAsAPlainComputationDoes(long seed) throws Exception {
    analytics.close();
    open(
        Duration.ZERO,
        InstantSource.fixed(MORNING),
        Duration.ofMillis(20)); // tidies up and rolls up all the time
    Random random = new Random(seed);
    PlainAnalytics plain = new PlainAnalytics();
    List<UUID> ids = new ArrayList<>();
    for (int round = 0; round < 16; round++) {
      List<Operation> operations = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(200); i++) {
        operations.add(randomOperation(random, ids));
      }
      append(operations.toArray(Operation[]::new));
      operations.forEach(plain::apply);
      if (random.nextInt(3) == 0) {
        assertSameAnswers(plain, random);
      }
      if (round == 8) {
        reopen();
      }
    }
    assertSameAnswers(plain, random);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> store().stats().retired() == 0 && store().stats().rollUpLag() == 0);
    assertSameAnswers(plain, random);
    for (PlainAnalytics.Event event : plain.events(AnalyticsQuery.all(1))) {
      EventVersion found = find(event.id()).orElseThrow();
      assertThat(found.fields().values().input()).isEqualTo(event.input());
      assertThat(found.createdAt()).isEqualTo(event.created());
    }
  }

  private void assertSameAnswers(PlainAnalytics plain, Random random) throws Exception {
    Instant from = random.nextBoolean() ? null : MORNING.plus(random.nextInt(4), ChronoUnit.DAYS);
    if (from != null && random.nextBoolean()) {
      from = from.truncatedTo(ChronoUnit.DAYS);
    }
    Instant to = random.nextBoolean() ? null : MORNING.plus(random.nextInt(9), ChronoUnit.HOURS);
    AnalyticsQuery every = AnalyticsQuery.all(1 + random.nextInt(20));
    List<AnalyticsQuery> queries =
        List.of(
            every,
            every.named("event_b"),
            every.in("c3"),
            every.between(from, to),
            every.between(from, null).named("event_a"));
    for (AnalyticsQuery query : queries) {
      assertSame(read(() -> store().errors(query)), plain.errors(query));
      assertSame(read(() -> store().latency(query)), plain.latency(query));
      assertSame(read(() -> store().topErrors(query)), plain.topErrors(query));
      assertSame(read(() -> store().slowest(query)), plain.slowest(query));
      assertSame(read(() -> store().latencyByName(query)), plain.latencyByName(query));
      assertSame(
          read(() -> store().timeline(query, Duration.ofMinutes(90))),
          plain.timeline(query, Duration.ofMinutes(90)));
      assertSame(read(() -> store().totals(query)), plain.totals(query));
      assertThat(read(() -> store().events(query)))
          .extracting(EventVersion::id)
          .isEqualTo(
              plain.events(query).stream()
                  .map(PlainAnalytics.Event::id)
                  .limit(query.limit())
                  .toList());
    }
  }

  private static void assertSame(Object actual, Object expected) {
    assertThat(actual).usingRecursiveComparison(NEARLY).isEqualTo(expected);
  }

  private static Operation randomOperation(Random random, List<UUID> ids) {
    Instant at = MORNING.plusSeconds(random.nextInt(5 * 86_400));
    int dice = random.nextInt(10);
    if (dice < 5 || ids.isEmpty()) {
      UUID id = new UUID(random.nextLong(), random.nextLong());
      ids.add(id);
      return operation(
          dice == 0 ? Kind.UPDATE : Kind.CREATE, id, at, dice == 0 ? change(random) : full(random));
    }
    UUID id = ids.get(random.nextInt(ids.size()));
    return switch (dice) {
      case 5, 6, 7 -> operation(Kind.UPDATE, id, at, change(random));
      case 8 -> operation(Kind.DELETE, id, at, EventFields.NONE);
      default -> operation(Kind.CREATE, id, at, full(random));
    };
  }

  private static EventFields full(Random random) {
    return EventFields.builder()
        .conversationId("c" + random.nextInt(8))
        .eventName("event_" + (char) ('a' + random.nextInt(3)))
        .error(random.nextInt(3) == 0 ? "failed" : "")
        .latency(random.nextInt(2000) / 8.0)
        .input("in" + random.nextInt())
        .build();
  }

  private static EventFields change(Random random) {
    EventFields.Builder change = EventFields.builder().latency(random.nextInt(2000) / 8.0);
    if (random.nextBoolean()) {
      change.error(random.nextBoolean() ? "late" : "");
    }
    if (random.nextInt(4) == 0) {
      change.conversationId("c" + random.nextInt(8));
    }
    if (random.nextInt(4) == 0) {
      change.eventName("event_c").input("changed" + random.nextInt());
    }
    return change.build();
  }

  @Test
  void forgetsWhatIsOlderThanTheRetention() throws Exception {
    UUID old = UUID.randomUUID();
    UUID young = UUID.randomUUID();
    Instant now = MORNING.plus(30, ChronoUnit.DAYS);
    append(
        operation(Kind.CREATE, old, MORNING, create("c", "old")),
        operation(Kind.CREATE, young, now.minusSeconds(60), create("c", "young")));
    assertThat(read(() -> store().topErrors(AnalyticsQuery.all(5))).get(0).totalEvents())
        .isEqualTo(2);
    analytics.close();
    open(Duration.ofDays(10), InstantSource.fixed(now), Duration.ofMillis(10));

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              assertThat(store().stats().expired()).isEqualTo(1);
              assertThat(store().stats().rollUpLag()).isZero();
            });
    assertThat(find(old)).isEmpty();
    assertThat(find(young)).isPresent();
    assertThat(read(() -> store().topErrors(AnalyticsQuery.all(5))).get(0).totalEvents())
        .isEqualTo(1);
    assertThat(read(() -> store().errors(AnalyticsQuery.all(5)))).hasSize(1);
  }

  @Test
  void leavesTheRoomOfOldEventsToNewOnes() throws Exception {
    analytics.close();
    AtomicReference<Instant> now = new AtomicReference<>(MORNING);
    open(Duration.ofDays(10), now::get, Duration.ofMillis(20));
    Path file = folder.resolve("analytics.duckdb");
    long first = 0;
    for (int round = 1; round <= 3; round++) {
      Instant time = MORNING.plus(20L * round, ChronoUnit.DAYS);
      now.set(time);
      for (int i = 0; i < 2 * Database.ROW_GROUP; i += 1024) {
        append(
            IntStream.range(0, 1024)
                .mapToObj(n -> UUID.randomUUID())
                .map(id -> operation(Kind.CREATE, id, time, create("c", id.toString())))
                .toArray(Operation[]::new));
      }
      assertThat(read(() -> store().topErrors(AnalyticsQuery.all(5)))).hasSize(1);
      first = round == 1 ? store().stats().sizeBytes() : first;
      now.set(time.plus(11, ChronoUnit.DAYS));
      long all = (long) round * 2 * Database.ROW_GROUP;
      await().atMost(Duration.ofSeconds(20)).until(() -> store().stats().expired() == all);
    }
    analytics.close();
    assertThat(Files.size(file)).isLessThan(first * 5 / 2);
  }

  /** As they come when an old topic is read into a new store. */
  @Test
  void hasAnOrphanWaitAWeekHoweverOldItIs() throws Exception {
    analytics.close();
    Instant start = MORNING.plus(90, ChronoUnit.DAYS);
    AtomicReference<Instant> now = new AtomicReference<>(start);
    open(Duration.ZERO, now::get, Duration.ofMillis(1));
    UUID early = UUID.randomUUID();
    UUID lost = UUID.randomUUID();
    UUID other = UUID.randomUUID();
    EventFields slow = EventFields.builder().latency(1.0).build();
    append(
        operation(Kind.UPDATE, early, MORNING, slow),
        operation(Kind.UPDATE, lost, MORNING, slow),
        operation(Kind.CREATE, other, MORNING, create("c", "other")));
    assertThat(find(early)).isEmpty();
    awaitLook(other);

    append(operation(Kind.CREATE, early, MORNING, create("c", "early")));
    assertThat(find(early).orElseThrow().fields().latency()).isEqualTo(1.0);

    await()
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> {
              now.updateAndGet(time -> time.plus(Duration.ofHours(2)));
              return store().stats().expired() == 1;
            });
    assertThat(now.get()).isAfter(start.plus(7, ChronoUnit.DAYS));
    append(operation(Kind.CREATE, lost, MORNING, create("c", "lost")));
    assertThat(find(lost).orElseThrow().fields().values().latency()).isZero();
    assertThat(find(early)).isPresent();
  }

  @Test
  void hasAnOrphanWaitNoLongerThanEventsStay() throws Exception {
    analytics.close();
    AtomicReference<Instant> now = new AtomicReference<>(MORNING);
    open(Duration.ofDays(2), now::get, Duration.ofMillis(1));
    UUID orphan = UUID.randomUUID();
    UUID other = UUID.randomUUID();
    Instant later = MORNING.plus(2, ChronoUnit.DAYS).plusSeconds(1);
    append(
        operation(Kind.UPDATE, orphan, later, EventFields.builder().latency(1.0).build()),
        operation(Kind.CREATE, other, later, create("c", "other")));
    awaitLook(other);
    assertThat(store().stats().expired()).isZero();

    now.set(later);
    await().until(() -> store().stats().expired() == 1);
    append(operation(Kind.CREATE, orphan, later, create("c", "late")));
    assertThat(find(orphan).orElseThrow().fields().values().latency()).isZero();
    assertThat(find(other)).isPresent();
  }

  /** As of a machine that learns the time a while after its start. */
  @Test
  void hasAnOrphanWaitAlthoughTheClockWasBehindWhenItCame() throws Exception {
    analytics.close();
    AtomicReference<Instant> now = new AtomicReference<>(MORNING);
    open(Duration.ZERO, now::get, Duration.ofMillis(1));
    UUID orphan = UUID.randomUUID();
    UUID other = UUID.randomUUID();
    append(operation(Kind.CREATE, other, MORNING, create("c", "other")));
    awaitLook(other);
    append(operation(Kind.UPDATE, orphan, MORNING, EventFields.builder().latency(1.0).build()));
    assertThat(find(orphan)).isEmpty();
    now.set(MORNING.minus(30, ChronoUnit.DAYS));
    awaitLook(other);
    now.set(MORNING.plusSeconds(1));
    awaitLook(other);

    assertThat(store().stats().expired()).isZero();
    append(operation(Kind.CREATE, orphan, MORNING, create("c", "late")));
    assertThat(find(orphan).orElseThrow().fields().latency()).isEqualTo(1.0);
  }

  /** Waits until it was looked for what is too old, and then for what is superseded. */
  private void awaitLook(UUID live) throws Exception {
    long before = store().stats().compacted();
    for (int look = 1; look <= 2; look++) {
      assertThat(find(live)).as("written, before it is superseded").isPresent();
      append(operation(Kind.UPDATE, live, MORNING, EventFields.builder().latency(1.0).build()));
      assertThat(find(live)).as("written, without waiting for more").isPresent();
      long looks = before + look;
      await().until(() -> store().stats().compacted() == looks);
    }
  }

  @Test
  void keepsHouseOnAfterAnErrorThatNobodyForesaw() throws Exception {
    append(operation(Kind.CREATE, UUID.randomUUID(), MORNING, create("c", "old")));
    analytics.close();
    Clock now = Clock.fixed(MORNING.plus(30, ChronoUnit.DAYS), ZoneOffset.UTC);
    AtomicInteger looks = new AtomicInteger();
    InstantSource failingOnce =
        () -> {
          if (looks.getAndIncrement() == 0) {
            throw new ArithmeticException("long overflow");
          }
          return now.instant();
        };
    EmbeddedAnalyticsStore.Settings settings =
        new EmbeddedAnalyticsStore.Settings(
            Duration.ofDays(10), Duration.ofMillis(10), 2, 256, "256MB");
    analytics = Analytics.embedded(folder, settings, failingOnce.withZone(ZoneOffset.UTC));

    await().atMost(Duration.ofSeconds(20)).until(() -> store().stats().expired() == 1);
  }

  @Test
  void mendsItselfWhileNothingComes() throws Exception {
    UUID id = UUID.randomUUID();
    append(operation(Kind.CREATE, id, MORNING, create("c", "in")));
    assertThat(find(id)).isPresent();
    DatabaseTest.invalidate(folder.resolve("analytics.duckdb"), "256MB");
    assertThatThrownBy(() -> find(id)).hasCauseInstanceOf(LogUnavailableException.class);

    awaitMended(id);
  }

  @Test
  void isNotReadyWhileItsDatabaseCannotBeOpenedAgain() throws Exception {
    UUID id = UUID.randomUUID();
    append(operation(Kind.CREATE, id, MORNING, create("c", "in")));
    assertThat(find(id)).isPresent();
    Path file = folder.resolve("analytics.duckdb");
    DatabaseTest.invalidate(file, "256MB");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, new byte[whole.length]);
    assertThatThrownBy(() -> find(id)).hasCauseInstanceOf(LogUnavailableException.class);
    await().during(Duration.ofSeconds(6)).until(() -> !store().isReady());

    Files.write(file, whole);

    awaitMended(id);
  }

  private void awaitMended(UUID there) {
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreException(ExecutionException.class)
        .until(() -> find(there).isPresent() && store().isReady());
  }

  @Test
  void letsGoOfTheDatabaseWhenItCannotBeOpened() throws Exception {
    Path other = folder.resolve("other");
    EmbeddedAnalyticsStore.Settings none =
        new EmbeddedAnalyticsStore.Settings(Duration.ZERO, Duration.ofHours(1), 0, 256, "256MB");
    assertThatThrownBy(() -> EmbeddedAnalyticsStore.open(other, none, Clock.systemUTC()))
        .isInstanceOf(IllegalArgumentException.class);

    EmbeddedAnalyticsStore.Settings more = // which DuckDB refuses for a file that is open already
        new EmbeddedAnalyticsStore.Settings(Duration.ZERO, Duration.ofHours(1), 2, 256, "300MB");
    EmbeddedAnalyticsStore.open(other, more, Clock.systemUTC()).close();
  }

  @Test
  void answersWhateverTheDigitsOfTheLocale() throws Exception {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      reopen();
      append(operation(Kind.CREATE, UUID.randomUUID(), MORNING, create("c", "in")));
      AnalyticsQuery all = AnalyticsQuery.all(10);
      assertThat(read(() -> store().errors(all))).hasSize(1);
      assertThat(read(() -> store().latency(all))).hasSize(1);
      assertThat(read(() -> store().topErrors(all))).hasSize(1);
      assertThat(read(() -> store().timeline(all, Duration.ofHours(1)))).hasSize(1);
      await().atMost(Duration.ofSeconds(20)).until(() -> store().stats().rollUpLag() == 0);
      assertThat(read(() -> store().latency(all))).hasSize(1);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void setsAsideWhatTheTableDoesNotTakeAndGoesOn() throws Exception {
    UUID before = UUID.randomUUID();
    UUID bad = UUID.randomUUID();
    UUID after = UUID.randomUUID();
    append(
        operation(Kind.CREATE, before, MORNING, create("c", "before")),
        operation(Kind.CREATE, bad, Instant.ofEpochMilli(Long.MAX_VALUE / 2), create("c", "bad")),
        operation(Kind.CREATE, after, MORNING, create("c", "after")));

    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreException(ExecutionException.class) // no reads while it is tried again
        .untilAsserted(() -> assertThat(find(before)).isPresent());
    assertThat(analytics.writerStats().setAside()).isEqualTo(1);
    assertThat(find(after)).isPresent();
    assertThat(find(bad)).isEmpty();
    analytics.close();
    try (Connection database =
            DriverManager.getConnection("jdbc:duckdb:" + folder.resolve("analytics.duckdb"));
        Statement select = database.createStatement();
        ResultSet rows = select.executeQuery("SELECT operation FROM dead_letters")) {
      assertThat(rows.next()).isTrue();
      assertThat(Operation.of(rows.getBytes(1)).eventId()).isEqualTo(bad);
    }
  }

  private void reopen() throws IOException {
    analytics.close();
    open(Duration.ZERO, InstantSource.fixed(MORNING), Duration.ofMillis(20));
  }

  private AnalyticsStore store() {
    return analytics.store();
  }

  private void append(Operation... operations) throws Exception {
    analytics.operations().append(List.of(operations)).get();
  }

  private Optional<EventVersion> find(UUID id) throws Exception {
    return read(() -> store().find(id));
  }

  private <T> T read(Supplier<CompletableFuture<T>> answer) throws Exception {
    return analytics.operations().readable().thenCompose(ignored -> answer.get()).get();
  }

  private static Operation operation(Kind kind, UUID id, Instant at, EventFields fields) {
    return new Operation(kind, id, at, fields);
  }

  private static EventFields create(String conversation, String input) {
    return EventFields.builder()
        .conversationId(conversation)
        .eventName("event_a")
        .input(input)
        .build();
  }
}
