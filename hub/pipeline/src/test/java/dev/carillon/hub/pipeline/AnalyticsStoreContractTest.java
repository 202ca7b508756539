package dev.carillon.hub.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.hub.store.AnalyticsQuery;
import dev.carillon.hub.store.AnalyticsStore;
import dev.carillon.hub.store.AnalyticsStore.SessionErrors;
import dev.carillon.hub.store.AnalyticsStore.SessionLatency;
import dev.carillon.hub.store.AnalyticsStore.SlowSession;
import dev.carillon.hub.store.AnalyticsStore.Totals;
import dev.carillon.hub.store.AnswerTooLargeException;
import dev.carillon.hub.store.Batch;
import dev.carillon.hub.store.EmbeddedAnalyticsStore;
import dev.carillon.hub.store.EventFields;
import dev.carillon.hub.store.EventVersion;
import dev.carillon.testkit.engines.ClickHouseEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** DuckDB and ClickHouse, given the same operations, give the same answers. */
@Timeout(180)
final class AnalyticsStoreContractTest {

  private static final int OPERATIONS = 6_000;
  private static final int EVENTS = 1_500;
  private static final RecursiveComparisonConfiguration NEARLY =
      RecursiveComparisonConfiguration.builder()
          .withComparatorForType(
              (a, b) ->
                  Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a)) ? 0 : Double.compare(a, b),
              Double.class)
          .build();

  @TempDir private static Path folder;
  private static ClickHouseEngine engine;
  private static Database database;
  private static AnalyticsStore clickHouse;
  private static AnalyticsStore duckDb;

  @BeforeAll
  static void fillBoth() throws Exception {
    engine = ClickHouseEngine.start(folder.resolve("clickhouse"));
    database = new Database(engine);
    clickHouse = database.store();
    duckDb =
        EmbeddedAnalyticsStore.open(
            folder.resolve("duckdb"),
            EmbeddedAnalyticsStore.Settings.ofDefaults(),
            RandomOperations.CLOCK);
    List<Batch.Placed> operations = new RandomOperations(42, EVENTS).placed(OPERATIONS);
    for (int from = 0; from < OPERATIONS; from += 997) {
      int to = Math.min(OPERATIONS, from + 997);
      Batch batch = new Batch("part", operations.subList(from, to), to);
      assertThat(clickHouse.write(batch)).isEqualTo(duckDb.write(batch));
    }
  }

  @AfterAll
  static void close() throws Exception {
    duckDb.close();
    clickHouse.close();
    database.close();
    engine.close();
  }

  static Stream<AnalyticsQuery> queries() {
    Instant from = Instant.parse("2026-11-03T04:05:06.007000001Z");
    Instant to = Instant.parse("2026-12-01T00:00:00Z");
    AnalyticsQuery all = AnalyticsQuery.all(10_000);
    return Stream.of(
        all,
        AnalyticsQuery.all(7),
        all.between(from, to),
        all.between(from, null),
        all.between(null, to).named("event_b"),
        all.named(RandomOperations.name(3)),
        all.in("conversation 3"),
        all.in("conversation 3").named("event_a").between(from, to),
        all.named("nobody's"),
        all.in("x' OR 1=1 --"),
        all.between(to, from));
  }

  @ParameterizedTest
  @MethodSource("queries")
  void answerAlike(AnalyticsQuery query) throws Exception {
    same(store -> store.errors(query));
    same(store -> store.latency(query));
    same(store -> store.topErrors(query));
    same(store -> store.slowest(query));
    same(store -> store.latencyByName(query));
    same(store -> store.totals(query));
    if (query.from() != null && (query.to() == null || query.from().isBefore(query.to()))) {
      Instant earlier = query.from().minus(Duration.ofDays(9));
      AnalyticsQuery before = query.between(earlier, query.from());
      same(store -> store.totals(query, earlier));
      List<Totals> both = await(duckDb.totals(query, earlier));
      assertThat(both).containsExactly(await(duckDb.totals(query)), await(duckDb.totals(before)));
    }
    same(store -> store.timeline(query, Duration.ofHours(1)));
    same(store -> store.timeline(query, Duration.ofDays(1)));
    same(store -> store.timeline(query, Duration.ofSeconds(7)));
    same(
        store ->
            store
                .events(query)
                .thenApply(
                    found -> found.stream().map(AnalyticsStoreContractTest::plain).toList()));
  }

  @Test
  void orderTiesByCodePoints() throws Exception {
    List<String> conversations = List.of("\uFF71", "\uD83D\uDE00"); // by UTF-16 the other way round
    bothFilled(
        10,
        i ->
            EventFields.builder()
                .conversationId(conversations.get(i % 2))
                .eventName("event_a")
                .build(),
        store -> {
          assertThat(await(store.latency(AnalyticsQuery.all(2))))
              .extracting(SessionLatency::conversationId)
              .isEqualTo(conversations);
          assertThat(await(store.slowest(AnalyticsQuery.all(1))))
              .extracting(SlowSession::conversationId)
              .containsExactly(conversations.get(0));
          assertThat(await(store.topErrors(AnalyticsQuery.all(1))))
              .extracting(SessionErrors::conversationId)
              .containsExactly(conversations.get(0));
        });
  }

  @Test
  void goOnAfterAnEventOfTheSameTime() throws Exception {
    AnalyticsQuery some = AnalyticsQuery.all(100).in("conversation");
    bothFilled(
        500,
        i ->
            EventFields.builder()
                .conversationId("conversation")
                .eventName("event_" + i % 2)
                .build(),
        store -> {
          List<UUID> all = ids(await(store.events(AnalyticsQuery.all(1_000))));
          List<EventVersion> page = await(store.events(some));
          List<UUID> read = new ArrayList<>(ids(page));
          while (!page.isEmpty()) {
            page = await(store.events(some, page.get(page.size() - 1)));
            read.addAll(ids(page));
          }
          assertThat(read).hasSize(500).isEqualTo(all);
          EventVersion first = await(store.events(some)).get(0);
          assertThat(ids(await(store.events(some.named("event_0"), first))))
              .hasSize(100)
              .startsWith(all.get(2));
        });
  }

  private static List<UUID> ids(List<EventVersion> events) {
    return events.stream().map(EventVersion::id).toList();
  }

  @Test
  void goOnAfterAnyEventAlike() throws Exception {
    AnalyticsQuery query = AnalyticsQuery.all(50);
    for (EventVersion after : await(duckDb.events(query))) {
      same(store -> store.events(query, after).thenApply(AnalyticsStoreContractTest::ids));
    }
  }

  @Test
  void findTheSameEventsById() throws Exception {
    List<EventVersion> live = await(duckDb.events(AnalyticsQuery.all(10_000)));
    assertThat(live).hasSizeGreaterThan(EVENTS / 4);
    for (EventVersion version : live.subList(0, 50)) {
      same(store -> store.find(version.id()).thenApply(AnalyticsStoreContractTest::plain));
    }
    for (int i = 0; i < 100; i++) {
      UUID id = new UUID(0x7000L, 0x8000_0000_0000_0000L + i);
      same(store -> store.find(id).thenApply(AnalyticsStoreContractTest::plain));
    }
  }

  @Test
  void knowHowFarTheyAreWritten() throws Exception {
    assertThat(clickHouse.position("part")).isEqualTo(OPERATIONS);
    assertThat(duckDb.position("part")).isEqualTo(OPERATIONS);
    assertThat(clickHouse.position("another")).isZero();
    assertThat(duckDb.position("another")).isZero();
  }

  @Test
  void refuseEventsThatAreTooLargeTogether() throws Exception {
    String input = "x".repeat(8 << 20);
    EventFields fields =
        EventFields.builder().conversationId("large").eventName("event_a").input(input).build();
    bothFilled(
        5,
        i -> fields,
        store -> {
          assertThat(await(store.events(AnalyticsQuery.all(3)))).hasSize(3);
          assertThatThrownBy(() -> await(store.events(AnalyticsQuery.all(4))))
              .hasCauseInstanceOf(AnswerTooLargeException.class)
              .hasMessageContaining("too large: ask for fewer events");
          assertThat(await(store.totals(AnalyticsQuery.all(1))).events()).isEqualTo(5);
        });
  }

  @Test
  void refuseSumsOfMoreThanAHundredThousandLines() throws Exception {
    bothFilled(
        100_001,
        i -> EventFields.builder().conversationId("many").eventName("event " + i).build(),
        store -> {
          AnalyticsQuery all = AnalyticsQuery.all(10);
          refused(store.errors(all));
          refused(store.latencyByName(all));
          refused(store.timeline(all, Duration.ofDays(1)));
          assertThat(await(store.errors(all.named("event 7")))).hasSize(1);
        });
  }

  @Test
  void takeTimesFinerThanThoseOfEvents() throws Exception {
    EventFields fields = EventFields.builder().conversationId("fine").eventName("event_a").build();
    AnalyticsQuery all = AnalyticsQuery.all(10);
    bothFilled(
        5,
        i -> fields,
        store -> {
          List<Instant> times =
              await(store.events(all)).stream().map(EventVersion::createdAt).sorted().toList();
          Instant after = times.get(2).plusNanos(1);
          long upTo = times.stream().filter(after::isAfter).count();
          assertThat(await(store.totals(all.between(null, after))).events()).isEqualTo(upTo);
          assertThat(await(store.totals(all.between(after, null))).events()).isEqualTo(5 - upTo);
        });
  }

  @Test
  void sumUpWhatNoNumberCanHold() throws Exception {
    EventFields fields =
        EventFields.builder()
            .conversationId("endless")
            .eventName("event_a")
            .latency(Double.MAX_VALUE)
            .build();
    bothFilled(
        5,
        i -> fields,
        store ->
            assertThat(await(store.slowest(AnalyticsQuery.all(1))))
                .containsExactly(
                    new SlowSession(
                        "endless", 5, Double.MAX_VALUE, Double.MAX_VALUE, Double.MAX_VALUE)));
  }

  private static void refused(CompletableFuture<?> answer) {
    assertThatThrownBy(() -> await(answer))
        .hasCauseInstanceOf(AnswerTooLargeException.class)
        .hasMessageContaining("more than 100000 lines");
  }

  private interface Check {
    void of(AnalyticsStore store) throws Exception;
  }

  /** Checks stores of either kind that hold so many events. */
  private static void bothFilled(int events, IntFunction<EventFields> fields, Check check)
      throws Exception {
    List<Batch.Placed> creates =
        IntStream.range(0, events)
            .mapToObj(i -> RandomOperations.create(i, fields.apply(i)))
            .toList();
    try (Database own = new Database(engine);
        AnalyticsStore clickHouse = own.store();
        AnalyticsStore duckDb =
            EmbeddedAnalyticsStore.open(
                Files.createTempDirectory(folder, "duckdb"),
                EmbeddedAnalyticsStore.Settings.ofDefaults(),
                RandomOperations.CLOCK)) {
      for (AnalyticsStore store : List.of(clickHouse, duckDb)) {
        for (int from = 0; from < events; from += events / 5) {
          int to = Math.min(events, from + events / 5);
          store.write(new Batch("part", creates.subList(from, to), to));
        }
        check.of(store);
      }
    }
  }

  private static <T> void same(Function<AnalyticsStore, CompletableFuture<T>> question)
      throws Exception {
    T expected = await(question.apply(duckDb));
    T found = await(question.apply(clickHouse));
    assertThat(found).usingRecursiveComparison(NEARLY).isEqualTo(expected);
  }

  private static <T> T await(CompletableFuture<T> answer) throws Exception {
    return answer.get(60, TimeUnit.SECONDS);
  }

  private record Plain(UUID id, Instant createdAt, Instant updatedAt, String fields) {}

  private static Plain plain(EventVersion version) {
    return new Plain(
        version.id(), version.createdAt(), version.updatedAt(), RandomOperations.text(version));
  }

  private static Optional<Plain> plain(Optional<EventVersion> version) {
    return version.map(AnalyticsStoreContractTest::plain);
  }
}
