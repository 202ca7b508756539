package dev.carillon.hub.server;

import static dev.carillon.hub.server.RunningHub.EVENTS;
import static dev.carillon.hub.server.RunningHub.PUBLISH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What nearly is a time, a URI or a header of a CloudEvent is refused by name, never guessed at.
 */
@Timeout(60)
class StrictFieldsTest {

  private static final String STRUCTURED = "application/cloudevents+json";

  @TempDir static Path data;
  private static RunningHub hub;

  @BeforeAll
  static void start() throws Exception {
    hub = RunningHub.on(data);
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  private static HttpResponse<String> message(String field, String json) throws Exception {
    return hub.post(
        PUBLISH, "{\"topic\":\"t\",\"subjects\":[],\"data\":{},\"" + field + "\":" + json + "}");
  }

  private static HttpResponse<String> cloudEvent(String field, String json) throws Exception {
    String source = field.equals("source") ? "" : "\"source\":\"/s\",";
    return hub.post(
        EVENTS,
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"t\","
            + source
            + ("\"" + field + "\":" + json + "}"),
        "Content-Type",
        STRUCTURED);
  }

  private static HttpResponse<String> binary(String... headers) throws Exception {
    List<String> all =
        new ArrayList<>(List.of("ce-specversion", "1.0", "ce-source", "/s", "ce-type", "t"));
    all.addAll(List.of(headers));
    return hub.post(EVENTS, "", all.toArray(String[]::new));
  }

  private static void assertRefused(HttpResponse<String> answer, String field) throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(hub.json(answer).findValuesAsText("field")).containsExactly(field);
  }

  private static JsonNode stored(HttpResponse<String> answer) throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return hub.json(hub.get(PUBLISH + "/" + hub.json(answer).get("id").textValue()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-01T10:00:00Z+0200",
        "2026-11-01T10:00:00Zjunk",
        "2026-11-01T10:00:00ZZ",
        "2026-11-01T10:00:00Z ",
        "2026-11-01T10:00:00.5ZZ",
        "2026-11-01T10:00:00+01x30",
        "2026-11-01T10:00:00.5+01x30",
        "2026-11-01T10:00:00+01:30:00",
        "2026-11-01T10:00:00+013",
        "2026-11-01T10-00:00",
        "2026-00:00",
        "-00:00",
        "2026-11-01"
      })
  void refusesWhatOnlyBeginsLikeATime(String time) throws Exception {
    assertRefused(message("created_date_utc", "\"" + time + "\""), "created_date_utc");
    assertRefused(cloudEvent("time", "\"" + time + "\""), "time");
    String parameter = time.replace("+", "%2B").replace(" ", "%20");
    assertRefused(hub.get(EVENTS + "?from=" + parameter), "from");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-01T10:00:00-00:00, 2026-11-01T10:00:00Z",
    "2026-11-01T10:00:00-0000, 2026-11-01T10:00:00Z",
    "2026-11-01T10:00:00.25-0130, 2026-11-01T11:30:00.250Z",
    "2026-11-01t10:00:00z, 2026-11-01T10:00:00Z",
    "2026-11-01 10:00:00+0130, 2026-11-01T08:30:00Z",
    "2026-11-01 10:00, 2026-11-01T10:00:00Z"
  })
  void takesTimesInTheWaysTheyAreWritten(String written, String utc) throws Exception {
    JsonNode event = stored(message("created_date_utc", "\"" + written + "\""));
    assertThat(Instant.parse(event.get("createdDateUtc").textValue()))
        .isEqualTo(Instant.parse(utc));
  }

  @Test
  void refusesSourcesAndSchemasThatAreNoUris() throws Exception {
    assertRefused(message("source", "\"not a uri\""), "source");
    assertRefused(cloudEvent("source", "\"not a uri\""), "source");
    assertRefused(cloudEvent("dataschema", "\"a b\""), "dataschema");
    assertRefused(cloudEvent("dataschema", "5"), "dataschema");
    assertRefused(message("attributes", "{\"dataschema\":\"a b\"}"), "attributes.dataschema");
    assertRefused(binary("ce-id", "1", "ce-dataschema", "%5B"), "ce-dataschema");
    assertRefused(binary("ce-id", "1", "ce-source", "a%20b"), "ce-source");
    assertThat(stored(cloudEvent("source", "\"urn:uuid:6e8bc430-9c3a-11d9\"")).get("source"))
        .hasToString("\"urn:uuid:6e8bc430-9c3a-11d9\"");
    assertThat(cloudEvent("source", "\"service:\"").statusCode()).isEqualTo(200);
  }

  @Test
  void refusesHeadersThatAreNotUtf8() throws Exception {
    assertRefused(binary("ce-id", "1", "ce-subject", "%FF"), "ce-subject");
    assertRefused(binary("ce-id", "%FE"), "ce-id");
    assertRefused(binary("ce-id", "a%C3"), "ce-id");
  }

  @Test
  void takesHeadersInDoubleQuotesAndPercentEncoded() throws Exception {
    assertThat(subjects("\"x\"", "quoted")).isEqualTo("[\"x\"]");
    assertThat(subjects("\"a \\\"b\\\" %C3%BC\"", "escaped")).isEqualTo("[\"a \\\"b\\\" ü\"]");
    assertThat(subjects("%22x%22", "encoded")).isEqualTo("[\"\\\"x\\\"\"]");
    assertThat(subjects("1+1 100%", "plain")).isEqualTo("[\"1+1 100%\"]");
    assertThat(subjects("\"", "one")).isEqualTo("[\"\\\"\"]");
  }

  private static String subjects(String header, String id) throws Exception {
    return stored(binary("ce-id", id, "ce-subject", header)).get("subjects").toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "..", "ServerTime"})
  void refusesIdsThatNoPathCanAskFor(String id) throws Exception {
    assertRefused(message("id", "\"" + id + "\""), "id");
  }

  @Test
  void answersForALongestSubjectInAnyScript() throws Exception {
    String subject = "検".repeat(1024);
    HttpResponse<String> published =
        hub.post(
            EVENTS,
            ("{\"specversion\":\"1.0\",\"id\":\"cjk\",\"type\":\"t\",\"source\":\"/s\",\"subject\":\""
                    + subject
                    + "\"}")
                .getBytes(StandardCharsets.UTF_8),
            "Content-Type",
            STRUCTURED);
    assertThat(published.statusCode()).as(published.body()).isEqualTo(200);
    String encoded = URLEncoder.encode(subject, StandardCharsets.UTF_8);
    for (int i = 0; i < 2; i++) { // the second time over HTTP/2
      HttpResponse<String> found = hub.get(EVENTS + "?subject=" + encoded);
      assertThat(found.statusCode()).isEqualTo(200);
      assertThat(found.body()).contains("\"cjk\"");
      assertThat(subjects(encoded, "cjk-" + i)).contains(subject);
    }
  }

  @Test
  void doesNotStartWithAKeyThatNoHeaderCarries(@TempDir Path other) {
    for (String key : List.of("schl\u00fcssel", "a\nb", " k3y")) {
      assertThatThrownBy(() -> RunningHub.on(other, "--api-key=" + key))
          .isInstanceOf(HubStartException.class)
          .hasMessageContaining("API key")
          .hasMessageNotContaining(key);
    }
    assertThat(other).isEmptyDirectory();
  }
}
