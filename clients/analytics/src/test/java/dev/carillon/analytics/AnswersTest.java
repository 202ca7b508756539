package dev.carillon.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.analytics.ScriptedServer.Reply;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each question asks for, and what it makes of the answer. */
class AnswersTest {

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
  void readsTimesWithoutAnOffsetAsUtc() {
    server.script(
        request ->
            Reply.ok("{\"id\":\"%s\",\"created_at\":\"2026-11-01T08:00:00.123\"}".formatted(ID)));

    AnalyticsEvent event = client.getEvent(ID).orElseThrow();

    assertThat(event.createdAt()).isEqualTo(Instant.parse("2026-11-01T08:00:00.123Z"));
    assertThat(event.updatedAt()).isEqualTo(event.createdAt());
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
}
