package dev.carillon.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.carillon.analytics.ScriptedServer.Reply;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each method asks for, and what it makes of the answers. */
class CallsTest {

  private static final String ID = "7808ae0a-4a86-468d-88cb-ef4112d2fc9b";
  private static final String EVENT =
      """
      {"id":"%s","conversation_id":"c 1","conversation_metadata":"{\\"user_id\\":\\"u_1\\"}",
       "event_name":"event_a","error":"","latency":230,"input":"in","input_embeddings":[0.5,1],
       "output":"out","output_embeddings":null,"created_at":"2026-11-01T08:00:00.123Z",
       "updated_at":"2026-11-01T09:00:00+01:00","something_new":{"a":[1]}}"""
          .formatted(ID);

  private final ScriptedServer server = ScriptedServer.accepting();
  private final AnalyticsClient client = AnalyticsClient.of(server.url());

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Test
  void tracksUpdatesAndDeletes() {
    TrackedEvent event = TrackedEvent.builder("c", "event_a").id(ID).input("hello").build();

    assertThat(client.trackEvent(event)).isEqualTo(ID);
    Acceptance updated = client.updateEvent(ID, EventUpdate.builder().output("bye").build());
    Acceptance deleted = client.deleteEvent(ID);

    assertThat(updated).isEqualTo(new Acceptance(ID, "accepted for processing"));
    assertThat(deleted.eventId()).isEqualTo(ID);
    assertThat(server.requests())
        .extracting(ScriptedServer.Request::line)
        .containsExactly("POST /event/", "PUT /event/" + ID, "DELETE /event/" + ID);
    assertThat(server.requests().get(0).json()).containsEntry("input", "hello");
    assertThat(server.requests().get(1).json()).isEqualTo(Map.of("output", "bye"));
    assertThat(server.requests().get(0).header("Content-Type")).isEqualTo("application/json");
  }

  @Test
  void takesTheIdThatTheServiceGives() {
    server.script(request -> Reply.accepted("other"));

    assertThat(client.trackEvent(TrackedEvent.of("c", "event_a"))).isEqualTo("other");
  }

  @Test
  void readsAnEvent() {
    server.script(request -> Reply.ok(EVENT));

    AnalyticsEvent event = client.getEvent(ID).orElseThrow();

    assertThat(event)
        .isEqualTo(
            new AnalyticsEvent(
                ID,
                "c 1",
                ConversationMetadata.ofJson("{\"user_id\":\"u_1\"}"),
                "event_a",
                "",
                230,
                "in",
                List.of(0.5f, 1f),
                "out",
                List.of(),
                Instant.parse("2026-11-01T08:00:00.123Z"),
                Instant.parse("2026-11-01T08:00:00Z")));
    assertThat(event.conversationMetadata().text("user_id")).contains("u_1");
    assertThat(event.hasError()).isFalse();
    assertThat(server.only().line()).isEqualTo("GET /event/" + ID);
  }

  @Test
  void readsConversationsWithAnyId() {
    server.script(request -> Reply.ok("[" + EVENT + "]"));

    assertThat(client.getEventsByConversation("c 1/ü?")).hasSize(1);
    assertThat(server.only().path()).isEqualTo("/events/conversation/c%201%2F%C3%BC%3F");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "null"})
  void readsNoEventsAsAnEmptyList(String data) {
    server.script(request -> Reply.ok(data));

    assertThat(client.getEventsByConversation("nobody")).isEmpty();
  }

  @Test
  void readsErrorCounts() {
    server.script(
        request ->
            Reply.ok(
                "[{\"date\":\"2026-11-01\",\"event_name\":\"event_a\",\"error_count\":2,"
                    + "\"total_count\":10}]"));

    assertThat(client.getErrorCounts("event_a"))
        .containsExactly(new ErrorCount(LocalDate.of(2026, 11, 1), "event_a", 2, 10));
    assertThat(server.only().path()).isEqualTo("/analytics/errors?event_name=event_a&days=7");
  }

  @Test
  void readsLatencyStats() {
    server.script(
        request ->
            Reply.ok(
                "[{\"conversation_id\":\"c\",\"event_name\":\"event_b\",\"p95_latency\":12.5,"
                    + "\"event_count\":3}]"));

    assertThat(client.getLatencyStats()).containsExactly(new LatencyStats("c", "event_b", 12.5, 3));
    assertThat(server.only().path()).isEqualTo("/analytics/latency?limit=100");
  }

  @Test
  void readsTopErrorSessions() {
    server.script(
        request ->
            Reply.ok(
                "[{\"conversation_id\":\"c\",\"total_events\":4,\"error_events\":1,"
                    + "\"error_rate\":0.25}]"));

    assertThat(client.getTopErrorSessions(10)).containsExactly(new SessionErrors("c", 4, 1, 0.25));
    assertThat(server.only().path()).isEqualTo("/analytics/sessions/top-errors?limit=10");
  }

  @Test
  void asksForPiecesOfTime() {
    server.script(
        request ->
            Reply.ok(
                "[{\"bucket\":\"2026-11-01T08:00:00Z\",\"event_name\":\"event_a\",\"events\":4,"
                    + "\"errors\":1,\"error_rate\":0.25,\"p50_latency\":1,\"p95_latency\":2,"
                    + "\"p99_latency\":3.5}]"));
    AnalyticsQuery query =
        AnalyticsQuery.builder()
            .from(Instant.parse("2026-11-01T00:00:00Z"))
            .to(Instant.parse("2026-11-02T00:00:00Z"))
            .eventName("event_a")
            .build();

    assertThat(client.getTimeline(Duration.ofHours(1), query))
        .containsExactly(
            new TimelineBucket(
                Instant.parse("2026-11-01T08:00:00Z"), "event_a", 4, 1, 0.25, 1, 2, 3.5));
    assertThat(server.only().path())
        .isEqualTo(
            "/analytics/timeline?bucket=3600&event_name=event_a"
                + "&from=2026-11-01T00%3A00%3A00Z&to=2026-11-02T00%3A00%3A00Z");
    assertThatThrownBy(() -> client.getTimeline(Duration.ofMillis(999), query))
        .isInstanceOf(AnalyticsValidationException.class)
        .hasMessageContaining("bucket");
  }

  @Test
  void readsLatencyByNameSlowSessionsAndTotals() {
    String period =
        "{\"from\":\"2026-11-01T00:00:00Z\",\"to\":\"2026-11-02T00:00:00Z\",\"events\":4,"
            + "\"errors\":1,\"error_rate\":0.25,\"conversations\":2,\"p50_latency\":null,"
            + "\"p95_latency\":2,\"p99_latency\":3}";
    server.script(
        request ->
            switch (request.path()) {
              case "/analytics/latency/names" ->
                  Reply.ok(
                      "[{\"event_name\":\"event_a\",\"event_count\":4,\"p50_latency\":1,"
                          + "\"p95_latency\":2,\"p99_latency\":3,\"max_latency\":4}]");
              case "/analytics/sessions/slowest?conversation_id=c&limit=5" ->
                  Reply.ok(
                      "[{\"conversation_id\":\"c\",\"event_count\":4,\"p95_latency\":2,"
                          + "\"max_latency\":4,\"total_latency\":7}]");
              case "/analytics/totals?days=2" ->
                  Reply.ok("{\"current\":" + period + ",\"previous\":" + period + "}");
              default -> Reply.refusal(404, request.path());
            });

    assertThat(client.getLatencyByName(AnalyticsQuery.ofDefaults()))
        .containsExactly(new NameLatency("event_a", 4, 1, 2, 3, 4));
    assertThat(
            client.getSlowestSessions(
                AnalyticsQuery.builder().conversationId("c").limit(5).build()))
        .containsExactly(new SlowSession("c", 4, 2, 4, 7));
    Totals totals = client.getTotals(AnalyticsQuery.builder().days(2).build());
    assertThat(totals.current().conversations()).isEqualTo(2);
    assertThat(totals.previous().p50Latency()).isZero();
  }

  @Test
  void anAbsentEventIsEmpty() {
    server.script(request -> Reply.refusal(404, "event not found"));

    assertThat(client.getEvent(ID)).isEmpty();
  }

  @Test
  void aWrongAddressIsNoAbsentEvent() {
    server.script(request -> Reply.of(404, "<html>not here</html>"));

    assertThatThrownBy(() -> client.getEvent(ID)).isInstanceOf(AnalyticsNotFoundException.class);
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(400, AnalyticsValidationException.class),
        Arguments.of(404, AnalyticsNotFoundException.class),
        Arguments.of(401, AnalyticsException.class),
        Arguments.of(409, AnalyticsException.class));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void saysWhyTheServiceRefused(int status, Class<? extends AnalyticsException> type) {
    server.script(request -> Reply.refusal(status, "event_name: is not one of these"));

    AnalyticsException failure =
        catchThrowableOfType(
            AnalyticsException.class, () -> client.trackEvent(TrackedEvent.of("c", "event_x")));

    assertThat(failure).isExactlyInstanceOf(type);
    assertThat(failure.status()).isEqualTo(status);
    assertThat(failure.body()).contains("\"success\":false");
    assertThat(failure)
        .hasMessageContaining("POST http://127.0.0.1")
        .hasMessageContaining("HTTP " + status + ": event_name: is not one of these");
    assertThat(server.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>hello</html>",
        "[]",
        "{\"success\":false}",
        "{\"success\":true,\"data\":7}",
        "{\"success\":true,\"data\":{\"id\":1}}",
        "{\"success\":true",
        "{\"success\":true,\"data\":[1]}"
      })
  void takesNothingElseForAnAnswer(String body) {
    server.script(request -> Reply.of(200, body));

    assertThatThrownBy(() -> client.getEvent(ID))
        .isExactlyInstanceOf(AnalyticsException.class)
        .hasMessageContaining("no answer of the analytics service");
  }

  @Test
  void asksNothingWithAnIdThatIsNone() {
    List<Function<AnalyticsClient, Object>> calls =
        List.of(
            c -> c.getEvent("../etc"),
            c -> c.deleteEvent("' OR 1=1 --"),
            c -> c.updateEvent("", EventUpdate.builder().error("").build()),
            c -> c.getEventsByConversation(" "),
            c -> c.getEventsByConversation("c", AnalyticsQuery.builder().days(1).build()),
            c ->
                c.getEventsByConversation(
                    "c", AnalyticsQuery.builder().conversationId("d").build()));

    for (Function<AnalyticsClient, Object> call : calls) {
      assertThatThrownBy(() -> call.apply(client)).isInstanceOf(AnalyticsValidationException.class);
    }
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void sendsNoEventThatIsTooLarge() {
    TrackedEvent large = TrackedEvent.builder("c", "event_a").input("x".repeat(1 << 20)).build();

    assertThat(client.async().trackEvent(large))
        .failsWithin(Duration.ofSeconds(1))
        .withThrowableThat()
        .withMessageContaining("event: must not be larger than 1048576 bytes");
    assertThat(server.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "/api/v1", "/api/v1/", "/api/v1//"})
  void takesAnyBaseUrl(String suffix) {
    try (AnalyticsClient other = AnalyticsClient.of(server.url() + suffix)) {
      assertThat(other.trackEvent(TrackedEvent.of("c", "event_a"))).isNotEmpty();
    }
    assertThat(server.only().path()).isEqualTo(suffix.replaceAll("/+$", "") + "/event/");
  }

  @Test
  void sendsItsKeyAndShowsItNowhere() {
    server.script(request -> Reply.refusal(403, "no"));
    String url = server.url().replace("//", "//me:hidden@");
    try (AnalyticsClient other = AnalyticsClient.builder().baseUrl(url).apiKey("s3cret").build()) {
      assertThatThrownBy(() -> other.trackEvent(TrackedEvent.of("c", "event_a")))
          .hasMessageNotContaining("hidden")
          .hasMessageNotContaining("s3cret");
      assertThat(other.toString()).doesNotContain("hidden");
    }
    assertThat(server.only().header("X-Api-Key")).isEqualTo("s3cret");
    assertThat(server.only().header("Authorization")).startsWith("Basic ");
    assertThatThrownBy(() -> AnalyticsClient.builder().apiKey("new\nline").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("new");
  }

  @Test
  void compressesLargeBodiesAsLongAsTheyAreTaken() {
    TrackedEvent large = TrackedEvent.builder("c", "event_a").input("word ".repeat(4000)).build();
    client.trackEvent(large);
    client.trackEvent(TrackedEvent.of("c", "event_a"));
    assertThat(server.requests())
        .extracting(ScriptedServer.Request::isGzip)
        .containsExactly(true, false);
    assertThat(server.requests().get(0).json()).containsEntry("input", large.input());

    server.script(
        request ->
            request.isGzip() ? Reply.refusal(415, "no gzip") : ScriptedServer.accept(request));
    client.trackEvent(large);
    client.trackEvent(large);
    assertThat(server.requests())
        .extracting(ScriptedServer.Request::isGzip)
        .containsExactly(true, false, true, false, false);
  }

  @Test
  void tellsWhetherTheServiceIsWell() {
    server.script(request -> Reply.of(200, "{\"success\":true,\"message\":\"ok\"}"));
    assertThat(client.healthCheck()).isTrue();
    server.script(request -> Reply.refusal(503, "store away"));
    assertThat(client.healthCheck()).isFalse();
    assertThat(server.requests())
        .hasSize(2)
        .extracting(ScriptedServer.Request::line)
        .containsOnly("GET /health");
    try (AnalyticsClient nobody = AnalyticsClient.of("http://127.0.0.1:1")) {
      assertThat(nobody.healthCheck()).isFalse();
    }
  }

  @Test
  void waitsUntilTheServiceIsWell() {
    server.script(
        request ->
            server.requests().size() < 4
                ? Reply.refusal(503, "starting")
                : Reply.of(200, "{\"success\":true}"));

    assertThat(client.waitUntilReady(Duration.ofSeconds(30), Duration.ofMillis(5))).isTrue();
    assertThat(server.requests()).hasSize(4);
  }

  @Test
  void waitsNoLongerThanItWasTold() {
    server.script(request -> Reply.refusal(503, "down"));

    assertThat(client.waitUntilReady(Duration.ofMillis(60), Duration.ofMillis(5))).isFalse();
    assertThat(server.requests()).isNotEmpty();
  }

  @Test
  void stopsWaitingWhenClosed() {
    server.script(request -> Reply.refusal(503, "down"));
    var ready = client.async().waitUntilReady(Duration.ofMinutes(10), Duration.ofMillis(50));

    client.close();

    assertThat(ready).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(false);
  }

  @Test
  void aCallbackMayCloseTheClient() {
    AnalyticsClient closing =
        AnalyticsClient.builder().baseUrl(server.url()).closeTimeout(Duration.ofMinutes(1)).build();
    assertThat(closing.async().deleteEvent(ID).thenRun(closing::close))
        .succeedsWithin(Duration.ofSeconds(10));
  }
}
