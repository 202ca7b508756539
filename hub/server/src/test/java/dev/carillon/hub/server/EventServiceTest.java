package dev.carillon.hub.server;

import static dev.carillon.hub.server.RunningHub.EVENTS;
import static dev.carillon.hub.server.RunningHub.PUBLISH;
import static dev.carillon.hub.server.RunningHub.QUERY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class EventServiceTest extends HubTest {

  private static final String EVENT =
      """
      {"topic":"sample.processed","subjects":["sample-123","batch-4"],"data":{"score":1.10,"ok":true},
       "tags":["lab","dna"],"created_date_utc":"2026-03-02T08:00:00Z","source_trace_ids":["t-1"],
       "organization_id":"org","user_id":"u-7"}""";

  @Test
  void confirmsAnEventAndShowsItInEveryWay() throws Exception {
    HttpResponse<String> answer = hub.post(PUBLISH, EVENT);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Carillon-Durable")).contains("true");
    String id = hub.json(answer).get("id").asText();
    assertThat(hub.json(answer).get("createdDateUtc").asText()).isEqualTo("2026-03-02T08:00:00Z");

    String expected =
        """
        {"id":"%s","topic":"sample.processed","subjects":["sample-123","batch-4"],\
        "createdDateUtc":"2026-03-02T08:00:00Z","tags":["lab","dna"],"sourceTraceIds":["t-1"],\
        "organizationId":"org","userId":"u-7","data":{"score":1.10,"ok":true}}"""
            .formatted(id);
    assertThat(hub.get(PUBLISH + "/" + id).body()).isEqualTo(expected);
    assertThat(hub.post(QUERY, "{}").body()).isEqualTo("[" + expected + "]");
    JsonNode event = hub.json(hub.get(EVENTS)).get(0);
    assertThat(event.get("type").asText()).isEqualTo("sample.processed");
    assertThat(event.get("subject").asText()).isEqualTo("sample-123");
    assertThat(event.get("tags").asText()).isEqualTo("[\"lab\",\"dna\"]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"topic\":\"t\",\"subjects\":[\"s\"],\"data\":{\"a\":1},\"created_date_utc\":\"2026-01-01T00:00:00\"}",
        "{\"Topic\":\"t\",\"Subjects\":[\"s\"],\"Data\":\"{\\\"a\\\": 1}\",\"CreatedDateUtc\":\"2026-01-01T01:00:00+01:00\"}",
        "{\"topic\":\"t\",\"subjects\":[\"s\"],\"data\":{\"a\":1},\"createdDateUtc\":\"2026-01-01T00:00:00.0000000Z\",\"tags\":null}",
        "{\"topic\":\"t\",\"subjects\":[\"s\"],\"data\":{\"a\":1},\"createdDateUtc\":\"2026-01-01T01:30:00+0130\"}"
      })
  void takesEveryNamingTimeAndFormOfData(String body) throws Exception {
    assertThat(hub.post(PUBLISH, body).statusCode()).isEqualTo(200);
    JsonNode event = hub.json(hub.post(QUERY, "{}")).get(0);
    assertThat(event.get("data").toString()).isEqualTo("{\"a\":1}");
    assertThat(event.get("createdDateUtc").asText()).isEqualTo("2026-01-01T00:00:00Z");
  }

  @Test
  void fillsInTheTimeWhereThereIsNone() throws Exception {
    Instant before = Instant.now();
    HttpResponse<String> answer =
        hub.post(PUBLISH, "{\"topic\":\"t\",\"subjects\":[],\"data\":{}}");
    assertThat(Instant.parse(hub.json(answer).get("createdDateUtc").asText()))
        .isBetween(before, Instant.now());
  }

  @Test
  void namesEveryBadField() throws Exception {
    HttpResponse<String> answer =
        hub.post(
            PUBLISH,
            "{\"topic\":\" \",\"subjects\":[\"a\",5],\"tags\":\"x\",\"nope\":1,\"user_id\":true}");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(hub.json(answer).get("errors").findValuesAsText("field"))
        .containsExactlyInAnyOrder("subjects[1]", "tags", "nope", "user_id", "topic", "data");
  }

  @Test
  void takesAllWellsOfALargePlateAndNotAnyNumberOfSubjects() throws Exception {
    String event = "{\"id\":\"plate\",\"topic\":\"t\",\"subjects\":%s,\"data\":{}}";
    List<String> wells =
        IntStream.range(0, 1536).mapToObj(i -> "\"sample-%04d\"".formatted(i)).toList();
    assertThat(hub.post(PUBLISH, event.formatted(wells)).statusCode()).isEqualTo(200);
    assertThat(hub.json(hub.get(PUBLISH + "/plate")).get("subjects")).hasSize(1536);

    HttpResponse<String> refusal =
        hub.post(PUBLISH, event.formatted(Collections.nCopies(10_001, "\"\"")));
    assertThat(refusal.statusCode()).isEqualTo(400);
    assertThat(refusal.body()).contains("has more than 10000 elements");
  }

  @Test
  void storesAnEventOnceHoweverOftenItIsPublished() throws Exception {
    String event = "{\"id\":\"mine\",\"topic\":\"t\",\"subjects\":[],\"data\":{}}";
    for (int i = 0; i < 3; i++) {
      assertThat(hub.json(hub.post(PUBLISH, event)).get("id").asText()).isEqualTo("mine");
    }
    assertThat(hub.json(hub.post(QUERY, "{}"))).hasSize(1);
  }

  @Test
  void answersABatchWithOneOutcomeForEachEvent() throws Exception {
    HttpResponse<String> answer =
        hub.post(PUBLISH + "/batch", "[" + EVENT + ",{\"topic\":\"t\"},7," + EVENT + "]");
    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode outcomes = hub.json(answer);
    assertThat(outcomes).hasSize(4);
    assertThat(outcomes.get(0).has("id")).isTrue();
    assertThat(outcomes.get(1).get("errors").findValuesAsText("field"))
        .containsExactly("subjects", "data");
    assertThat(outcomes.get(2).has("errors")).isTrue();
    assertThat(outcomes.get(3).has("id")).isTrue();
    assertThat(hub.json(hub.post(QUERY, "{}"))).hasSize(2);
  }

  @Test
  void inflatesCompressedBodies() throws Exception {
    HttpResponse<String> answer =
        hub.post(
            PUBLISH,
            RunningHub.gzip(EVENT.getBytes(StandardCharsets.UTF_8)),
            "Content-Type",
            "application/json; charset=utf-8",
            "Content-Encoding",
            "gzip");
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @Test
  void tellsItsTime() throws Exception {
    Instant told =
        Instant.parse(hub.json(hub.get(PUBLISH + "/ServerTime")).get("serverTimeUtc").asText());
    assertThat(Duration.between(told, Instant.now()).abs()).isLessThan(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"topic\":\"sample.*\"}|2",
        "{\"Topic\":\"sample.received\"}|1",
        "{\"subjects\":[\"s2\",\"none\"]}|1",
        "{\"tags\":[\"x\"]}|1",
        "{\"sourceTraceIds\":[\"run\"]}|2",
        "{\"createdFrom\":\"2026-01-02T00:00:00Z\"}|2",
        "{\"created_from\":\"2026-01-01T00:00:00\",\"created_to\":\"2026-01-02\"}|-1",
        "{\"createdTo\":\"2026-01-02T00:00:00Z\"}|1",
        "{\"organizationId\":\"o\",\"userId\":\"u\"}|1",
        "{\"nope\":1}|-1",
        "{\"topic\":\"absent\"}|0"
      })
  void queriesByEveryField(String filter, int found) throws Exception {
    hub.post(
        PUBLISH + "/batch",
        """
        [{"id":"1","topic":"sample.received","subjects":["s1"],"data":{},"created_date_utc":"2026-01-01T10:00:00Z","source_trace_ids":["run"]},
         {"id":"2","topic":"sample.processed","subjects":["s1","s2"],"data":{},"created_date_utc":"2026-01-02T10:00:00Z","source_trace_ids":["run"],"tags":["x"]},
         {"id":"3","topic":"equipment.moved","subjects":[],"data":{},"created_date_utc":"2026-01-03T10:00:00Z","organization_id":"o","user_id":"u"}]
        """);
    HttpResponse<String> answer = hub.post(QUERY, filter);
    assertThat(answer.statusCode()).isEqualTo(found < 0 ? 400 : found == 0 ? 204 : 200);
    if (found > 0) {
      assertThat(hub.json(answer)).hasSize(found);
    }
  }

  @Test
  void ordersByCreatedDateAndPages() throws Exception {
    for (int day : new int[] {3, 1, 4, 2}) {
      hub.post(
          PUBLISH,
          "{\"id\":\"d%d\",\"topic\":\"t\",\"subjects\":[],\"data\":{},\"created_date_utc\":\"2026-01-0%dT00:00:00Z\"}"
              .formatted(day, day));
    }
    assertThat(hub.json(hub.post(QUERY + "?limit=2&offset=1", "{}")).findValuesAsText("id"))
        .containsExactly("d2", "d3");
    assertThat(hub.json(hub.post(QUERY + "?limit=1&order=desc", "{}")).findValuesAsText("id"))
        .containsExactly("d4");
    assertThat(hub.post(QUERY + "?offset=4", "{}").statusCode()).isEqualTo(204);
    for (String bad : new String[] {"limit=0", "limit=10001", "limit=x", "offset=-1", "order=up"}) {
      assertThat(hub.post(QUERY + "?" + bad, "{}").statusCode()).as(bad).isEqualTo(400);
    }
  }

  @Test
  void passesOnTheTraceContext() throws Exception {
    String traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    hub.post(PUBLISH, EVENT, "Content-Type", "application/json", "traceparent", traceparent);
    assertThat(hub.json(hub.get(EVENTS)).get(0).get("traceparent").asText()).isEqualTo(traceparent);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more"
      })
  void passesOnNoTraceContextThatIsNone(String traceparent) throws Exception {
    hub.post(PUBLISH, EVENT, "Content-Type", "application/json", "traceparent", traceparent);
    assertThat(hub.json(hub.get(EVENTS)).get(0).has("traceparent")).isFalse();
  }

  @Test
  void keepsEventsOverARestart() throws Exception {
    hub.post(PUBLISH, EVENT);
    hub.close();
    start();
    assertThat(hub.json(hub.post(QUERY, "{}"))).hasSize(1);
  }
}
