package dev.carillon.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.carillon.testkit.FaultProxy;
import dev.carillon.testkit.HubProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client and a hub in a process of its own. */
class HubTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final AnalyticsQuery EVER = AnalyticsQuery.ofDefaults();

  @TempDir private static Path shared;
  private static HubProcess hub;
  private static AnalyticsClient client;

  @TempDir private Path folder;
  private final String conversation = "conversation " + UUID.randomUUID();

  @BeforeAll
  static void start() {
    hub = HubProcess.start(shared.resolve("data"));
    client = AnalyticsClient.of(hub.http().toString());
  }

  @AfterAll
  static void stop() {
    client.close();
    hub.close();
  }

  private TrackedEvent.Builder event(String name) {
    return TrackedEvent.builder(conversation, name);
  }

  private AnalyticsQuery ofThisConversation() {
    return AnalyticsQuery.builder().conversationId(conversation).build();
  }

  @Test
  void isReady() {
    assertThat(client.waitUntilReady(LONG)).isTrue();
    assertThat(client.healthCheck()).isTrue();
  }

  @Test
  void readsBackAllThatWasTracked() {
    Instant before = Instant.now().minusSeconds(5);
    TrackedEvent tracked =
        event("event_b")
            .conversationMetadata("{\"user_id\": \"u_456\", \"price\": 0.10}")
            .error("'; DROP TABLE events; --")
            .latency(142.5)
            .input("Was \"kostet\" das?\n\t✓ 😀")
            .inputEmbeddings(0.1f, -2.5e-7f, 3)
            .output("\\ud83d is no smiley\u2028")
            .outputEmbeddings(List.of(0.25))
            .build();

    String id = client.trackEvent(tracked);

    AnalyticsEvent read = client.getEvent(id).orElseThrow();
    assertThat(id).isEqualTo(tracked.id());
    assertThat(read.createdAt()).isBetween(before, Instant.now().plusSeconds(5));
    assertThat(read)
        .isEqualTo(
            new AnalyticsEvent(
                id,
                conversation,
                tracked.conversationMetadata(),
                "event_b",
                tracked.error(),
                142.5,
                tracked.input(),
                tracked.inputEmbeddings(),
                tracked.output(),
                tracked.outputEmbeddings(),
                read.createdAt(),
                read.createdAt()));
    assertThat(read.hasError()).isTrue();
    assertThat(client.getEventsByConversation(conversation)).containsExactly(read);
  }

  @Test
  void updatesOnlyWhatIsGivenAndDeletes() {
    String id = client.trackEvent(event("event_c").error("timeout").latency(5200).build());

    client.updateEvent(id, EventUpdate.builder().error("").output("fixed").build());
    AnalyticsEvent updated = client.getEvent(id).orElseThrow();
    assertThat(updated.latency()).isEqualTo(5200);
    assertThat(updated.hasError()).isFalse();
    assertThat(updated.output()).isEqualTo("fixed");

    client.deleteEvent(id);
    assertThat(client.getEvent(id)).isEmpty();
    assertThat(client.getEventsByConversation(conversation)).isEmpty();
  }

  @Test
  void trackingTwiceMakesOneEvent() {
    TrackedEvent event = event("event_a").build();

    assertThat(client.trackEvent(event)).isEqualTo(client.trackEvent(event));
    assertThat(client.getEventsByConversation(conversation)).hasSize(1);
  }

  @Test
  void whatDoesNotExistIsAcceptedAndStaysAway() {
    String id = UUID.randomUUID().toString();

    assertThat(client.updateEvent(id, EventUpdate.builder().output("?").build()).eventId())
        .isEqualTo(id);
    assertThat(client.deleteEvent(id).message()).isNotEmpty();
    assertThat(client.getEvent(id)).isEmpty();
  }

  @Test
  void saysWhichFieldTheHubDidNotTake() {
    assertThatThrownBy(() -> client.trackEvent(event("event_x").build()))
        .isInstanceOf(AnalyticsValidationException.class)
        .hasMessageContaining("event_name");
    assertThatThrownBy(() -> client.getErrorCounts("event_x"))
        .isInstanceOf(AnalyticsValidationException.class)
        .hasMessageContaining("event_name");
  }

  @Test
  void answersEveryQuestion() {
    for (int i = 1; i <= 20; i++) {
      client.trackEvent(event("event_a").latency(i * 10).error(i % 4 == 0 ? "bad" : "").build());
    }
    AnalyticsQuery query = ofThisConversation();
    LocalDate today = LocalDate.now(ZoneOffset.UTC);

    assertThat(client.getErrorCounts(query))
        .allMatch(day -> !day.date().isBefore(today.minusDays(1)))
        .extracting(ErrorCount::totalCount)
        .containsExactly(20L);
    assertThat(client.getErrorCounts("event_a", 1)).isNotEmpty();
    assertThat(client.getLatencyStats(query))
        .singleElement()
        .satisfies(
            stats -> {
              assertThat(stats.eventCount()).isEqualTo(20);
              assertThat(stats.p95Latency()).isCloseTo(190.5, within(1e-9));
            });
    assertThat(client.getTopErrorSessions(query))
        .containsExactly(new SessionErrors(conversation, 20, 5, 0.25));
    assertThat(client.getTimeline(Duration.ofHours(1), query))
        .satisfies(
            buckets ->
                assertThat(buckets.stream().mapToLong(TimelineBucket::events).sum()).isEqualTo(20));
    assertThat(client.getLatencyByName(query))
        .singleElement()
        .satisfies(
            name -> {
              assertThat(name.eventName()).isEqualTo("event_a");
              assertThat(name.p50Latency()).isCloseTo(105, within(1e-9));
              assertThat(name.maxLatency()).isEqualTo(200);
            });
    assertThat(client.getSlowestSessions(query))
        .singleElement()
        .satisfies(session -> assertThat(session.totalLatency()).isEqualTo(2100));
    Totals totals = client.getTotals(query);
    assertThat(totals.current().events()).isEqualTo(20);
    assertThat(totals.current().conversations()).isEqualTo(1);
    assertThat(totals.previous().events()).isZero();
    assertThat(client.getLatencyStats(1)).hasSize(1);
    assertThat(client.getTopErrorSessions()).isNotEmpty();
  }

  @Test
  void looksOnlyAtTheTimeAndNameAskedFor() {
    client.trackEvent(event("event_a").build());
    client.trackEvent(event("event_b").build());
    Instant now = Instant.now();
    AnalyticsQuery.Builder query = AnalyticsQuery.builder().conversationId(conversation);

    assertThat(client.getLatencyByName(query.eventName("event_b").build()))
        .extracting(NameLatency::eventName)
        .containsExactly("event_b");
    assertThat(
            client.getLatencyByName(
                query
                    .from(now.minus(Duration.ofDays(3)))
                    .to(now.minus(Duration.ofDays(2)))
                    .build()))
        .isEmpty();
  }

  @Test
  void pagesThroughEventsOfOneTime() {
    try (EventBuffer buffer = client.openBuffer()) {
      List<CompletableFuture<String>> tracked =
          IntStream.range(0, 250)
              .mapToObj(i -> buffer.trackEvent(event("event_a").build()))
              .toList();
      assertThat(buffer.flush(LONG).unsent()).isEmpty();
      assertThat(tracked).allMatch(CompletableFuture::isDone);
    }
    AnalyticsQuery.Builder query = AnalyticsQuery.builder().limit(100);
    List<AnalyticsEvent> read = new ArrayList<>();
    List<AnalyticsEvent> page = client.getEventsByConversation(conversation, query.build());
    while (!page.isEmpty()) {
      read.addAll(page);
      query.after(page.get(page.size() - 1).id());
      page = client.getEventsByConversation(conversation, query.build());
    }
    assertThat(read)
        .hasSize(250)
        .doesNotHaveDuplicates()
        .isEqualTo(client.getEventsByConversation(conversation));
  }

  @Test
  void readsAConversationInParts() {
    for (int i = 0; i < 5; i++) {
      client.trackEvent(event(i % 2 == 0 ? "event_a" : "event_b").input("number " + i).build());
    }
    List<AnalyticsEvent> all = client.getEventsByConversation(conversation);
    AnalyticsQuery.Builder query = AnalyticsQuery.builder();

    assertThat(client.getEventsByConversation(conversation, query.limit(2).build()))
        .isEqualTo(all.subList(0, 2));
    String second = all.get(1).id();
    assertThat(client.getEventsByConversation(conversation, query.after(second).build()))
        .isEqualTo(all.subList(2, 4));
    assertThatThrownBy(() -> client.getEventsByConversation("another", query.after(second).build()))
        .isInstanceOf(AnalyticsValidationException.class)
        .hasMessageContaining("after");
    assertThatThrownBy(() -> query.after("no UUID").build())
        .isInstanceOf(AnalyticsValidationException.class)
        .hasMessageContaining("after");
    Instant third = all.get(2).createdAt();
    assertThat(
            client.getEventsByConversation(
                conversation, AnalyticsQuery.builder().limit(9).from(third).build()))
        .isEqualTo(all.stream().filter(event -> !event.createdAt().isBefore(third)).toList());
    assertThat(
            client
                .async()
                .getEventsByConversation(
                    conversation, AnalyticsQuery.builder().eventName("event_b").build())
                .join())
        .extracting(AnalyticsEvent::eventName)
        .containsExactly("event_b", "event_b");
  }

  @ParameterizedTest
  @ValueSource(strings = {".", ".."})
  void aConversationThatNoPathCanNameIsAskedAboutByQueriesOnly(String dots) {
    client.trackEvent(TrackedEvent.of(dots, "event_a"));

    assertThatThrownBy(() -> client.getEventsByConversation(dots))
        .isInstanceOf(AnalyticsValidationException.class)
        .hasMessageContaining("conversation_id: cannot be asked for");
    AnalyticsQuery query = AnalyticsQuery.builder().conversationId(dots).build();
    assertThat(client.getTotals(query).current().events()).isEqualTo(1);
  }

  @Test
  void buffersCreatesUpdatesAndDeletesInOrder() {
    try (EventBuffer buffer =
        client.openBuffer(
            BufferPolicy.builder().batch(40, 1 << 20).maxAge(Duration.ofMillis(20)).build())) {
      Map<String, Optional<String>> expected = new HashMap<>();
      List<CompletableFuture<String>> results = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        TrackedEvent event = event("event_a").output("first").build();
        expected.put(event.id(), Optional.of("first"));
        results.add(buffer.trackEvent(event));
        if (i % 3 > 0) {
          results.add(
              buffer.updateEvent(event.id(), EventUpdate.builder().output("second").build()));
          expected.put(event.id(), Optional.of("second"));
        }
        if (i % 3 > 1) {
          results.add(buffer.deleteEvent(event.id()));
          expected.put(event.id(), Optional.empty());
        }
      }
      FlushReport report = buffer.flush(LONG);

      assertThat(report).isEqualTo(new FlushReport(results.size(), 0, List.of()));
      expected.forEach(
          (id, output) ->
              assertThat(client.getEvent(id).map(AnalyticsEvent::output)).isEqualTo(output));
    }
  }

  @Test
  void readsABatchBackInTheOrderOfTracking() {
    try (EventBuffer buffer =
        client.openBuffer(BufferPolicy.builder().batch(100, 1 << 20).maxAge(LONG).build())) {
      track(buffer, 0, 100);
      assertThat(buffer.flush(LONG).accepted()).isEqualTo(100);
    }

    List<AnalyticsEvent> read = client.getEventsByConversation(conversation);
    assertThat(read).extracting(AnalyticsEvent::createdAt).containsOnly(read.get(0).createdAt());
    assertThat(read)
        .extracting(AnalyticsEvent::input)
        .containsExactlyElementsOf(IntStream.range(0, 100).mapToObj(i -> "number " + i).toList());
  }

  @Test
  void aBadEventInABatchNamesItsField() {
    try (EventBuffer buffer = client.openBuffer()) {
      CompletableFuture<String> good = buffer.trackEvent(event("event_a").build());
      CompletableFuture<String> bad = buffer.trackEvent(event("event_x").build());

      assertThat(buffer.flush(LONG)).isEqualTo(new FlushReport(1, 1, List.of()));
      assertThat(good).isCompleted();
      assertThat(bad)
          .failsWithin(LONG)
          .withThrowableThat()
          .withCauseInstanceOf(AnalyticsValidationException.class)
          .withMessageContaining("event_name");
      assertThat(buffer.trackEvent(event("event_y").build())).isNotDone();
      CompletableFuture<String> other = buffer.trackEvent(event("event_z").build());
      assertThat(buffer.flush(LONG)).isEqualTo(new FlushReport(1, 3, List.of()));
      assertThat(other)
          .failsWithin(LONG)
          .withThrowableThat()
          .withMessageContaining("was refused: event_name");
    }
  }

  @Test
  void asksWithItsKey() {
    try (HubProcess locked = HubProcess.start(folder.resolve("data"), "--api-key", "s3cret")) {
      String url = locked.http().toString();
      try (AnalyticsClient right = AnalyticsClient.builder().baseUrl(url).apiKey("s3cret").build();
          AnalyticsClient wrong = AnalyticsClient.of(url)) {
        assertThat(right.trackEvent(event("event_a").build())).isNotEmpty();
        assertThat(wrong.healthCheck()).isTrue();
        assertThatThrownBy(() -> wrong.getTotals(EVER))
            .isInstanceOfSatisfying(
                AnalyticsException.class, e -> assertThat(e.status()).isEqualTo(401));
      }
    }
  }

  @Test
  void trustsWhomItIsTold() throws Exception {
    String url = hub.eventGrid().toString(); // serves all of the hub with TLS
    try (AnalyticsClient told =
            AnalyticsClient.builder()
                .baseUrl(url)
                .sslContext(HubProcess.trusting(shared.resolve("data")))
                .build();
        AnalyticsClient other = AnalyticsClient.builder().baseUrl(url).maxRetries(0).build()) {
      assertThat(told.getEvent(UUID.randomUUID().toString())).isEmpty();
      assertThatThrownBy(() -> other.getEvent(UUID.randomUUID().toString()))
          .hasMessageContaining("SSLHandshakeException");
    }
  }

  @Test
  void losesAndDoublesNothingWhileTheHubIsKilledAndTheLineIsCut() {
    int events = 4_000;
    try (HubProcess first = HubProcess.start(folder.resolve("data"));
        FaultProxy proxy = FaultProxy.before(first.http().getPort());
        AnalyticsClient shaken =
            AnalyticsClient.builder()
                .baseUrl("http://127.0.0.1:" + proxy.port())
                .timeout(Duration.ofSeconds(5))
                .retryDelay(Duration.ofMillis(100))
                .build();
        EventBuffer buffer =
            shaken.openBuffer(
                BufferPolicy.builder()
                    .batch(100, 1 << 20)
                    .maxAge(Duration.ofMillis(20))
                    .spill(folder.resolve("spill"))
                    .build())) {
      List<CompletableFuture<String>> half = track(buffer, 0, events / 2);
      assertThat(half.get(0)).succeedsWithin(LONG);
      proxy.cut();
      first.kill();
      List<CompletableFuture<String>> rest = track(buffer, events / 2, events);
      try (HubProcess second =
          HubProcess.start(
              folder.resolve("data"), "--http-port", Integer.toString(first.http().getPort()))) {
        assertThat(second.http()).isEqualTo(first.http());
        assertThat(buffer.flush(LONG).unsent()).isEmpty();
        assertThat(half).allSatisfy(result -> assertThat(result).isCompleted());
        assertThat(rest).allSatisfy(result -> assertThat(result).isCompleted());
        assertThat(shaken.getEventsByConversation(conversation))
            .extracting(AnalyticsEvent::input)
            .containsExactlyInAnyOrderElementsOf(
                IntStream.range(0, events).mapToObj(i -> "number " + i).toList());
      }
    }
  }

  private List<CompletableFuture<String>> track(EventBuffer buffer, int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> buffer.trackEvent(event("event_a").input("number " + i).build()))
        .toList();
  }
}
