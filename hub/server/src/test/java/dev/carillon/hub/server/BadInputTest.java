package dev.carillon.hub.server;

import static dev.carillon.hub.server.RunningHub.EVENTS;
import static dev.carillon.hub.server.RunningHub.PUBLISH;
import static dev.carillon.hub.server.RunningHub.QUERY;
import static dev.carillon.hub.server.RunningHub.assertProblem;
import static dev.carillon.hub.server.RunningHub.gzip;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class BadInputTest extends HubTest {

  private static final String GOOD = "{\"topic\":\"t\",\"subjects\":[],\"data\":{}}";

  @AfterEach
  void theNextRequestWorks() throws Exception {
    assertThat(hub.post(PUBLISH, GOOD).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "null",
        "[]",
        "\"text\"",
        "{\"topic\":\"t\",\"subjects\":[],\"data\":{}",
        "{\"topic\":\"t\",\"subjects\":[],\"data\":{}} trailing",
        "{\"topic\":\"t\",\"subjects\":[],\"data\":[]}",
        "{\"topic\":\"t\",\"subjects\":[],\"data\":5}",
        "{\"topic\":\"t\",\"subjects\":[],\"data\":\"no json\"}",
        "{\"topic\":\"t\",\"subjects\":[],\"data\":\"\"}",
        "{\"topic\":\"t\",\"subjects\":[],\"data\":null}",
        "{\"topic\":\"t\",\"subjects\":\"s\",\"data\":{}}",
        "{\"topic\":\"t\",\"subjects\":[null],\"data\":{}}",
        "{\"topic\":\"t\",\"subjects\":[[]],\"data\":{}}",
        "{\"topic\":5,\"subjects\":[],\"data\":{}}",
        "{\"topic\":{},\"subjects\":[],\"data\":{}}",
        "{\"topic\":\"a\\u0000b\",\"subjects\":[],\"data\":{}}",
        "{\"topic\":\"t\",\"subjects\":[],\"data\":{\"a\":\"\\u0000\"}}",
        "{\"topic\":\"t\",\"subjects\":[],\"data\":{\"\\u0000\":1}}",
        "{\"topic\":\"t\",\"subjects\":[],\"data\":{\"a\":\"\\ud800\"}}",
        "{\"topic\":\"t\",\"subjects\":[],\"data\":{\"a\":NaN}}",
        "{\"topic\":\"t\",\"subjects\":[],\"data\":{},\"created_date_utc\":\"99999-01-01T00:00:00Z\"}",
        "{\"topic\":\"t\",\"subjects\":[],\"data\":{},\"created_date_utc\":\"+99999-01-01T00:00:00Z\"}",
        "{\"topic\":\"t\",\"subjects\":[],\"data\":{},\"created_date_utc\":\"2026-02-30T00:00:00Z\"}",
        "{\"topic\":\"t\",\"subjects\":[],\"data\":{},\"created_date_utc\":1700000000}",
        "{\"topic\":\"t\",\"subjects\":[],\"data\":{},\"unknown\":{\"deep\":[1]}}",
        "{\"topic\":\"t\",\"subjects\":[],\"data\":{},\"id\":\"\"}",
        "{\"topic\":\"t\",\"subjects\":[],\"data\":{},\"attributes\":{\"id\":\"x\"}}",
        "{\"topic\":\"t\",\"subjects\":[],\"data\":{},\"attributes\":{\"Not-A-Name\":\"x\"}}",
        "{\"topic\":\"t\",\"subjects\":[],\"data\":{},\"tags\":[\"a\"],\"attributes\":{\"tags\":\"b\"}}",
        "{\"topic\":\"t\",\"subjects\":[],\"data\":{},\"attributes\":{\"a\":[]}}"
      })
  void refusesAnEventThatIsNone(String body) throws Exception {
    assertProblem(hub.post(PUBLISH, body), 400);
    assertThat(hub.get(EVENTS).body()).isEqualTo("[]");
  }

  @Test
  void refusesInvalidUtf8() throws Exception {
    byte[] body = "{\"topic\":\"tX\",\"subjects\":[],\"data\":{}}".getBytes(StandardCharsets.UTF_8);
    body[11] = (byte) 0xff;
    assertProblem(hub.post(PUBLISH, body), 400);
    body[11] = (byte) 0xc3;
    assertProblem(hub.post(PUBLISH, body), 400);
  }

  @Test
  void refusesListsThatAreTooLong() throws Exception {
    String many = "\"" + "t\",\"".repeat(10_000) + "t\"";
    String long64 = String.join(",", Collections.nCopies(65, "\"" + "t".repeat(1024) + "\""));
    for (String tags : List.of(many, long64)) {
      String body = "{\"topic\":\"t\",\"subjects\":[],\"data\":{},\"tags\":[" + tags + "]}";
      HttpResponse<String> answer = hub.post(PUBLISH, body);
      assertProblem(answer, 400);
      assertThat(answer.body()).contains("\"tags\"");
    }
  }

  @Test
  void refusesNestingWithoutEnd() throws Exception {
    String deep = "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000);
    String body = "{\"topic\":\"t\",\"subjects\":[],\"data\":" + deep + "}";
    assertProblem(hub.post(PUBLISH, body), 400);
    assertProblem(hub.post(PUBLISH, "{\"x\":" + "[".repeat(10_000)), 400);
    assertProblem(hub.post(PUBLISH + "/batch", "[".repeat(10_000)), 400);
    assertProblem(hub.post(QUERY, "{\"topic\":" + "[".repeat(10_000)), 400);
  }

  @Test
  void refusesContentTypesAndEncodingsThatItDoesNotTake() throws Exception {
    assertProblem(hub.post(PUBLISH, GOOD, "Accept", "*/*"), 415);
    assertProblem(hub.post(PUBLISH, GOOD, "Content-Type", "text/plain"), 415);
    assertProblem(hub.post(PUBLISH, GOOD, "Content-Type", "application/json; charset=latin1"), 415);
    assertProblem(
        hub.post(PUBLISH, GOOD, "Content-Type", "application/json", "Content-Encoding", "br"), 415);
    assertProblem(
        hub.post(PUBLISH, GOOD, "Content-Type", "application/json", "Content-Encoding", "gzip"),
        400);
  }

  @Test
  void aRefusalOnASharedConnectionEndsNobodyElsesRequest() throws Exception {
    HttpResponse<String> refused = hub.post(PUBLISH, GOOD, "Content-Type", "text/plain");
    assertProblem(refused, 415);
    assertThat(refused.version()).isEqualTo(HttpClient.Version.HTTP_2);
    long longerThanTheConnectionWouldLinger =
        System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1500);
    while (System.nanoTime() < longerThanTheConnectionWouldLinger) {
      assertThat(hub.post(PUBLISH, GOOD).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void refusesAGzipBomb() throws Exception {
    byte[] bomb = gzip(new byte[200 << 20]);
    for (String path : List.of(PUBLISH, PUBLISH + "/batch", QUERY)) {
      assertProblem(
          hub.post(path, bomb, "Content-Type", "application/json", "Content-Encoding", "gzip"),
          413);
    }
  }

  @Test
  void namesWhatIsMissingHoweverMuchIsWrong() throws Exception {
    String subjects = "[" + "1,".repeat(30) + "1]";
    HttpResponse<String> answer = hub.post(PUBLISH, "{\"subjects\":" + subjects + "}");
    assertThat(hub.json(answer).get("errors").findValuesAsText("field")).contains("topic", "data");
    String event = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"time\":\"bad\"}";
    answer = hub.post(EVENTS, event, "Content-Type", "application/cloudevents+json");
    assertThat(hub.json(answer).get("errors").findValuesAsText("field"))
        .containsExactly("time", "type");
  }

  /** A request of some kilobytes must not have the hub tell megabytes of mistakes. */
  @Test
  void tellsOnlySomeOfAMillionMistakes() throws Exception {
    String subjects = "[" + "1,".repeat(500_000) + "1]";
    String event = "{\"topic\":\"t\",\"subjects\":" + subjects + ",\"data\":{}}";
    HttpResponse<String> one = hub.post(PUBLISH, event);
    assertProblem(one, 400);
    assertThat(hub.json(one).get("errors")).hasSize(20);

    String fields = "{" + "\"x\":1,".repeat(2_000_000) + "\"x\":1}";
    HttpResponse<String> batch =
        hub.post(
            PUBLISH + "/batch",
            gzip(("[" + fields + "]").getBytes(StandardCharsets.US_ASCII)),
            "Content-Type",
            "application/json",
            "Content-Encoding",
            "gzip");
    assertThat(batch.statusCode()).isEqualTo(200);
    assertThat(batch.body()).hasSizeLessThan(5000);

    String longName = "{\"subjects" + "_".repeat(49_000) + "\":[" + "0,".repeat(20) + "0]}";
    HttpResponse<String> named =
        hub.post(
            PUBLISH + "/batch", "[" + String.join(",", Collections.nCopies(300, longName)) + "]");
    assertThat(named.statusCode()).isEqualTo(200);
    assertThat(named.body()).hasSizeLessThan(1 << 20).contains("subjects____");
    String halved = "{\"" + "x".repeat(255) + "🎉\":1}";
    assertThat(hub.json(hub.post(PUBLISH, halved)).at("/errors/0/field").textValue())
        .isEqualTo("x".repeat(255) + "…");

    String attributes = String.join(",", Collections.nCopies(9000, "{\"A\":1,\"B\":1,\"C\":1}"));
    HttpResponse<String> cloudEvents =
        hub.post(
            EVENTS, "[" + attributes + "]", "Content-Type", "application/cloudevents-batch+json");
    assertProblem(cloudEvents, 400);
    assertThat(hub.json(cloudEvents).get("errors")).hasSize(1000);
  }

  @Test
  void refusesABinaryCloudEventWhoseDataIsBlank() throws Exception {
    assertProblem(
        hub.post(
            EVENTS,
            "\n",
            "Content-Type",
            "application/json",
            "ce-specversion",
            "1.0",
            "ce-id",
            "1",
            "ce-source",
            "/s",
            "ce-type",
            "t"),
        400);
  }
}
