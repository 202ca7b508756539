package dev.carillon.hub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class AnalyticsTest extends HubTest {

  @Test
  void tracksAnEventAndShowsItAtOnceAsItWas() throws Exception {
    String body =
        """
        {"conversation_id":"conv_1","event_name":"event_a","error":"","latency":142.5,
         "input":"What is the weather? µ 🎉","input_embeddings":[0.1,-0.25,1e-300,3],
         "output":"Sunny\\n75°F","output_embeddings":[0.3333333333333333],
         "conversation_metadata":"{\\"user_id\\": \\"u_456\\"}","unknown":{"a":[1]}}
        """;
    HttpResponse<String> answer = hub.post("/event/", body);
    assertThat(answer.statusCode()).isEqualTo(202);
    JsonNode told = hub.json(answer);
    assertThat(told.get("success").booleanValue()).isTrue();
    assertThat(told.get("message").textValue()).isEqualTo("event accepted for processing");
    String id = told.get("data").get("id").textValue();
    assertThat(UUID.fromString(id).version()).isEqualTo(7);

    JsonNode event = hub.json(hub.get("/event/" + id)).get("data");
    assertThat(event.get("id").textValue()).isEqualTo(id);
    assertThat(event.get("conversation_id").textValue()).isEqualTo("conv_1");
    assertThat(event.get("conversation_metadata").textValue())
        .isEqualTo("{\"user_id\": \"u_456\"}");
    assertThat(event.get("latency").doubleValue()).isEqualTo(142.5);
    assertThat(event.get("input").textValue()).isEqualTo("What is the weather? µ 🎉");
    assertThat(event.get("output").textValue()).isEqualTo("Sunny\n75°F");
    assertThat(event.get("input_embeddings"))
        .extracting(JsonNode::doubleValue)
        .containsExactly(0.1, -0.25, 1e-300, 3.0);
    assertThat(event.get("created_at").textValue()).hasSize("2026-03-02T08:15:00.000Z".length());
    assertThat(event.has("unknown")).isFalse();
  }

  @Test
  void changesOnlyWhatIsGivenAndDeletesSoftly() throws Exception {
    String id = create("\"input\":\"in\",\"error\":\"timeout\",\"latency\":5200");
    HttpResponse<String> update =
        hub.put("/event/" + id, "{\"error\":\"\",\"output\":\"out\",\"latency\":350.0}");
    assertThat(update.statusCode()).isEqualTo(202);
    assertThat(hub.json(update).get("message").textValue())
        .isEqualTo("update accepted for processing");

    JsonNode event = hub.json(hub.get("/event/" + id.toUpperCase(Locale.ROOT))).get("data");
    assertThat(event.get("input").textValue()).isEqualTo("in");
    assertThat(event.get("error").textValue()).isEmpty();
    assertThat(event.get("output").textValue()).isEqualTo("out");
    assertThat(event.get("latency").doubleValue()).isEqualTo(350.0);

    assertThat(hub.delete("/event/" + id).statusCode()).isEqualTo(202);
    HttpResponse<String> gone = hub.get("/event/" + id);
    assertThat(gone.statusCode()).isEqualTo(404);
    assertThat(hub.json(gone).get("error").textValue()).isEqualTo("event not found");
    assertThat(hub.json(hub.get("/events/conversation/conv")).get("data")).isEmpty();
  }

  @Test
  void takesTheSameEventOnceHoweverOftenItIsSent() throws Exception {
    String id = UUID.randomUUID().toString();
    create("\"id\":\"" + id + "\",\"input\":\"first\"");
    create("\"id\":\"" + id.toUpperCase(Locale.ROOT) + "\",\"input\":\"second\"");

    JsonNode events = hub.json(hub.get("/events/conversation/conv")).get("data");
    assertThat(events).hasSize(1);
    assertThat(events.get(0).get("input").textValue()).isEqualTo("first");
    assertThat(hub.get("/metrics").body())
        .contains("carillon_analytics_operations_written_total{effect=\"duplicate\"} 1.0")
        .contains("carillon_analytics_lag_operations 0.0");
  }

  @Test
  void keepsNoGhostsOfWhatNeverWas() throws Exception {
    String id = UUID.randomUUID().toString();
    assertThat(hub.put("/event/" + id, "{\"latency\":1}").statusCode()).isEqualTo(202);
    assertThat(hub.delete("/event/" + UUID.randomUUID()).statusCode()).isEqualTo(202);
    assertThat(hub.get("/event/" + id).statusCode()).isEqualTo(404);
    assertThat(hub.json(hub.get("/analytics/totals")).at("/data/current/events").intValue())
        .isZero();
    assertThat(hub.get("/metrics").body())
        .contains("carillon_analytics_operations_written_total{effect=\"orphaned\"} 1.0");
  }

  @Test
  void takesABatchAndTellsOfEachEntry() throws Exception {
    String id = create("\"input\":\"x\"");
    String other = create("\"input\":\"y\"");
    HttpResponse<String> answer =
        hub.post(
            "/event/batch",
            """
            [{"conversation_id":"conv","event_name":"event_b"},
             {"conversation_id":"conv","event_name":"nonsense","latency":-1},
             {"operation":"update","id":"%s","latency":7},
             {"operation":"delete","id":"%s"},
             {"operation":"delete"}, 5]
            """
                .formatted(id, other));
    assertThat(answer.statusCode()).isEqualTo(202);
    JsonNode entries = hub.json(answer).get("data");
    assertThat(entries).hasSize(6);
    assertThat(entries.get(0).has("id")).isTrue();
    assertThat(entries.get(1).get("error").textValue()).contains("event_name: ", "; latency: ");
    assertThat(entries.get(2).get("id").textValue()).isEqualTo(id);
    assertThat(entries.get(4).get("error").textValue()).isEqualTo("id: is missing");
    assertThat(entries.get(5).get("error").textValue()).contains("not a JSON object");
    assertThat(hub.json(hub.get("/events/conversation/conv")).get("data")).hasSize(2);

    HttpResponse<String> bad = hub.post("/event/batch", "[{},{}]");
    assertThat(bad.statusCode()).isEqualTo(202);
    assertThat(hub.json(bad).get("data")).hasSize(2).allMatch(entry -> entry.has("error"));
    assertThat(hub.post("/event/batch", "[]").statusCode()).isEqualTo(202);
  }

  @Test
  void answersAConversationWholeOrSaysThatItIsTooLarge() throws Exception {
    String event = "{\"conversation_id\":\"conv\",\"event_name\":\"event_a\"}";
    String batch = "[" + String.join(",", Collections.nCopies(10_000, event)) + "]";
    for (int i = 0; i < 10; i++) {
      assertThat(hub.post("/event/batch", batch).statusCode()).isEqualTo(202);
    }
    JsonNode all = data("/events/conversation/conv");
    assertThat(all).hasSize(100_000);
    assertThat(data("/events/conversation/conv?limit=2")).hasSize(2);

    create("\"input\":\"one too many\"");
    HttpResponse<String> refusal = hub.get("/events/conversation/conv");
    assertThat(refusal.statusCode()).isEqualTo(400);
    assertThat(refusal.body()).contains("limit: makes an answer that is too large");
    String middle = all.get(50_000).get("id").textValue();
    assertThat(data("/events/conversation/conv?after=" + middle)).hasSize(50_000);
  }

  @Test
  void answersTheQueries() throws Exception {
    StringJoiner batch = new StringJoiner(",", "[", "]");
    for (int i = 0; i < 200; i++) {
      batch.add(
          "{\"conversation_id\":\"c%d\",\"event_name\":\"event_%s\",\"latency\":%d,\"error\":\"%s\"}"
              .formatted(i % 4, i % 2 == 0 ? "a" : "b", i, i % 4 == 3 ? "e" : ""));
    }
    assertThat(hub.post("/event/batch", batch.toString()).statusCode()).isEqualTo(202);

    JsonNode errors = data("/analytics/errors?event_name=event_b&days=2");
    assertThat(errors).hasSize(1);
    assertThat(errors.get(0).get("date").textValue())
        .isIn(
            LocalDate.now(ZoneOffset.UTC).toString(),
            LocalDate.now(ZoneOffset.UTC).minusDays(1).toString());
    assertThat(errors.get(0).get("error_count").intValue()).isEqualTo(50);
    assertThat(errors.get(0).get("total_count").intValue()).isEqualTo(100);
    assertThat(data("/analytics/errors")).hasSize(2);

    JsonNode latency = data("/analytics/latency?limit=3");
    assertThat(latency).hasSize(3);
    assertThat(latency.get(0).get("conversation_id").textValue()).isEqualTo("c3");
    assertThat(latency.get(0).get("p95_latency").doubleValue())
        .isCloseTo(3 + 4 * 49 * 0.95, within(1e-9));
    assertThat(latency.get(0).get("event_count").intValue()).isEqualTo(50);

    JsonNode worst = data("/analytics/sessions/top-errors");
    assertThat(worst).hasSize(4);
    assertThat(worst.get(0).get("conversation_id").textValue()).isEqualTo("c3");
    assertThat(worst.get(0).get("error_rate").doubleValue()).isEqualTo(1.0);
    assertThat(worst.get(0).get("error_events").intValue()).isEqualTo(50);

    assertThat(data("/analytics/sessions/slowest?limit=1").get(0).get("max_latency").intValue())
        .isEqualTo(199);
    assertThat(data("/analytics/latency/names?event_name=event_a").get(0).get("event_name"))
        .hasToString("\"event_a\"");
    int events = 0;
    for (JsonNode bucket : data("/analytics/timeline?bucket=60")) {
      events += bucket.get("events").intValue();
      assertThat(Instant.parse(bucket.get("bucket").textValue()).getEpochSecond() % 60).isZero();
    }
    assertThat(events).isEqualTo(200);
    JsonNode totals = data("/analytics/totals");
    assertThat(totals.at("/current/events").intValue()).isEqualTo(200);
    assertThat(totals.at("/current/conversations").intValue()).isEqualTo(4);
    assertThat(totals.at("/previous/events").intValue()).isZero();
    assertThat(totals.at("/previous/p95_latency").doubleValue()).isZero();
    assertThat(data("/analytics/latency?to=2020-01-01T00:00:00Z")).isEmpty();
  }

  @Test
  void tellsOfEveryMinuteOfAWeek() throws Exception {
    assertThat(data("/analytics/timeline?bucket=minute&to=2026-01-08T00:00:00Z")).isEmpty();
  }

  @Test
  void ordersAConversationByItsCreation() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(create("\"input\":\"" + i + "\""));
    }
    hub.put("/event/" + ids.get(0), "{\"latency\":9}");
    JsonNode events = data("/events/conversation/conv");
    assertThat(events).extracting(event -> event.get("id").textValue()).isEqualTo(ids);
    assertThat(data("/events/conversation/conv?limit=2")).hasSize(2);
  }

  @Test
  void goesOnAfterAnEventOfABatch() throws Exception {
    String event = "{\"conversation_id\":\"conv\",\"event_name\":\"event_a\"}";
    hub.post("/event/batch", "[" + String.join(",", Collections.nCopies(5, event)) + "]");
    String other = event.replace("conv\"", "other\"");
    String elsewhere = hub.json(hub.post("/event", other)).at("/data/id").textValue();
    List<String> all = ids("/events/conversation/conv");
    assertThat(all).hasSize(5);

    List<String> read = new ArrayList<>();
    List<String> page = ids("/events/conversation/conv?limit=2");
    while (!page.isEmpty()) {
      read.addAll(page);
      String last = page.get(page.size() - 1);
      page = ids("/events/conversation/conv?limit=2&after=" + last);
    }
    assertThat(read).isEqualTo(all);

    HttpResponse<String> refused = hub.get("/events/conversation/conv?after=" + elsewhere);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("after: ");
  }

  private List<String> ids(String path) throws Exception {
    List<String> ids = new ArrayList<>();
    data(path).forEach(event -> ids.add(event.get("id").textValue()));
    return ids;
  }

  @Test
  void survivesARestart() throws Exception {
    String id = create("\"input\":\"kept\"");
    hub.close();
    start();
    assertThat(data("/event/" + id).get("input").textValue()).isEqualTo("kept");
  }

  @Test
  void isHealthyForEveryoneAndAsksForTheKeyElsewhere() throws Exception {
    hub.close();
    start("--api-key=secret");
    assertThat(hub.get("/ping").statusCode()).isEqualTo(204);
    assertThat(hub.json(hub.get("/health")))
        .isEqualTo(new ObjectMapper().readTree("{\"success\":true,\"message\":\"ok\"}"));
    HttpResponse<String> refused = hub.post("/event", "{}");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(hub.json(refused).get("success").booleanValue()).isFalse();
    assertThat(hub.get("/analytics/errors", "X-Api-Key", "secret").statusCode()).isEqualTo(200);
  }

  @Test
  void takesTheNamesThatTheOperatorConfigures() throws Exception {
    hub.close();
    start("--analytics-event-names=*", "--analytics-retention-days=0");
    assertThat(
            hub.post("/event", "{\"conversation_id\":\"c\",\"event_name\":\"mine\"}").statusCode())
        .isEqualTo(202);
    assertThat(data("/analytics/errors?event_name=mine")).hasSize(1);
  }

  private String create(String members) throws Exception {
    HttpResponse<String> answer =
        hub.post(
            "/event", "{\"conversation_id\":\"conv\",\"event_name\":\"event_a\"," + members + "}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return hub.json(answer).get("data").get("id").textValue();
  }

  private JsonNode data(String path) throws Exception {
    HttpResponse<String> answer = hub.get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return hub.json(answer).get("data");
  }

  @Test
  void canBeAskedAboutEveryConversationThatItTakes() throws Exception {
    String event = "{\"conversation_id\":\"a\\tb\",\"event_name\":\"event_a\"}";
    assertThat(hub.post("/event", event).statusCode()).isEqualTo(202);
    assertThat(data("/analytics/latency?conversation_id=a%09b")).hasSize(1);
  }
}
