package dev.carillon.hub.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnalyticsBadInputTest {

  private static final String GOOD = "{\"conversation_id\":\"c\",\"event_name\":\"event_a\"}";

  private RunningHub hub;
  private int stored;

  @BeforeAll
  void start(@TempDir Path data) throws Exception {
    hub = RunningHub.on(data);
  }

  @AfterAll
  void stop() {
    hub.close();
  }

  @AfterEach
  void theNextRequestWorksAndNothingBadIsStored() throws Exception {
    assertThat(hub.post("/event", GOOD).statusCode()).isEqualTo(202);
    assertThat(hub.json(hub.get("/analytics/totals")).at("/data/current/events").intValue())
        .isEqualTo(++stored);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "conversation_id | \"\"",
        "conversation_id | \"  \"",
        "conversation_id | 5",
        "conversation_id | null",
        "conversation_id | \"a\\u0000b\"",
        "event_name | \"event_d\"",
        "event_name | \"event_a'; DROP TABLE versions; --\"",
        "event_name | \"*\"",
        "event_name | []",
        "latency | -1",
        "latency | -0.001",
        "latency | \"12\"",
        "latency | 1e999",
        "latency | true",
        "latency | {}",
        "error | 5",
        "input | {\"a\":1}",
        "input | \"\\u0000\"",
        "output | [\"x\"]",
        "output | \"\\ud800\"",
        "input_embeddings | [\"0.1\",\"0.2\"]",
        "input_embeddings | [0.1,null]",
        "input_embeddings | [[0.1]]",
        "input_embeddings | [1e999]",
        "output_embeddings | 0.5",
        "output_embeddings | {\"0\":1}",
        "conversation_metadata | \"not json\"",
        "conversation_metadata | \"{}{}\"",
        "conversation_metadata | \"{\"",
        "conversation_metadata | 7",
        "id | \"no-uuid\"",
        "id | \"1-1-1-1-1\"",
        "id | 12"
      })
  void namesTheFieldThatIsWrong(String field, String value) throws Exception {
    String body =
        "{\"conversation_id\":\"c\",\"event_name\":\"event_a\",\"" + field + "\":" + value + "}";
    String once =
        switch (field) {
          case "conversation_id" ->
              "{\"event_name\":\"event_a\",\"conversation_id\":" + value + "}";
          case "event_name" -> "{\"conversation_id\":\"c\",\"event_name\":" + value + "}";
          default -> body;
        };
    assertRefused(hub.post("/event", once), 400, field + ": ");
    if (!value.equals("null") && !field.equals("id")) {
      String update = "{\"" + field + "\":" + value + "}";
      assertRefused(hub.put("/event/" + UUID.randomUUID(), update), 400, field + ": ");
    }
    HttpResponse<String> batch = hub.post("/event/batch", "[" + once + "]");
    assertThat(batch.statusCode()).isEqualTo(202);
    assertThat(hub.json(batch).get("data").get(0).get("error").textValue()).contains(field + ": ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "null",
        "[]",
        "5",
        "{\"latency\":NaN}",
        "{\"latency\":Infinity}",
        "{\"conversation_id\":\"c\",\"event_name\":\"event_a\"} {}",
        "{}"
      })
  void refusesBodiesThatAreNoEvent(String body) throws Exception {
    assertRefused(hub.post("/event", body), 400, "");
    assertRefused(hub.put("/event/" + UUID.randomUUID(), body), 400, "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"unknown\":1}", "{\"error\":null}"})
  void refusesAnUpdateOfNothing(String body) throws Exception {
    assertRefused(hub.put("/event/" + UUID.randomUUID(), body), 400, "no fields to update");
  }

  @Test
  void refusesEmbeddingsBeyondTheBound() throws Exception {
    String numbers = String.join(",", Collections.nCopies(100_000, "0.1"));
    String body =
        "{\"conversation_id\":\"c\",\"event_name\":\"event_a\",\"input_embeddings\":[%s]}";
    assertRefused(hub.post("/event", body.formatted(numbers)), 400, "input_embeddings: ");
  }

  @ParameterizedTest
  @CsvSource({
    "/analytics/latency?limit=-1, limit",
    "/analytics/latency?limit=0, limit",
    "/analytics/latency?limit=10001, limit",
    "/analytics/latency?limit=1%3BDROP, limit",
    "/analytics/latency?days=abc, days",
    "/analytics/sessions/top-errors?days=0, days",
    "/analytics/sessions/top-errors?limit=abc, limit",
    "/analytics/errors?days=abc, days",
    "/analytics/errors?days=0, days",
    "/analytics/errors?days=3651, days",
    "/analytics/errors?days=1.5, days",
    "/analytics/errors?event_name=event_z, event_name",
    "/analytics/errors?event_name=%27%20OR%201%3D1, event_name",
    "/analytics/errors?from=yesterday, from",
    "/analytics/totals?from=2026-01-02&to=2026-01-01, from",
    "/analytics/totals?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z, to",
    "/analytics/timeline?bucket=0, bucket",
    "/analytics/timeline?bucket=week, bucket",
    "/analytics/timeline?bucket=1, bucket",
    "/analytics/timeline?bucket=minute&from=2026-01-01T00:00:00Z&to=2026-01-08T00:01:00Z, bucket",
    "/events/conversation/c?limit=-1, limit",
    "/events/conversation/c?after=5, after",
    "/events/conversation/c?after=7d5b1c3e-1111-4222-8333-444455556666, after"
  })
  void namesTheParameterThatIsWrong(String path, String name) throws Exception {
    HttpResponse<String> refused = hub.get(path);
    assertRefused(refused, 400, name + ": ");
    assertThat(refused.body()).containsOnlyOnce(name + ": ");
  }

  @Test
  void saysThatAnUpdateWithoutABodyIsEmptyRatherThanOfNoType() throws Exception {
    String form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n";
    for (String length : List.of("", "Content-Length: 0\r\n", form)) {
      try (Socket socket = hub.socket()) {
        String head = "PUT /event/" + UUID.randomUUID() + " HTTP/1.1\r\nHost: x\r\n" + length;
        socket
            .getOutputStream()
            .write((head + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("the body is empty");
      }
    }
  }

  @Test
  void answersEverythingElseInTheEnvelopeToo() throws Exception {
    assertRefused(hub.get("/analytics/nothing"), 404, "");
    assertRefused(hub.get("/event/" + UUID.randomUUID()), 404, "event not found");
    assertRefused(hub.get("/event/nonsense"), 404, "event not found");
    assertRefused(hub.get("/./event/nonsense"), 404, "event not found");
    assertRefused(hub.delete("/event/nonsense"), 400, "id: is no UUID");
    assertRefused(hub.put("/event", "{}"), 405, "");
    assertRefused(hub.delete("/analytics/errors"), 405, "");
    assertRefused(hub.post("/event", GOOD, "Content-Type", "text/plain"), 415, "");
    assertRefused(hub.post("/event/batch", "{}"), 400, "not a JSON array");
    assertRefused(
        hub.post("/event", GOOD, "Content-Type", "application/json", "Content-Encoding", "br"),
        415,
        "");
    String large = "{\"input\":\"" + "x".repeat(1 << 20) + "\"}";
    assertRefused(hub.post("/event", large), 413, "");
    byte[] bomb = gzip("{\"input\":\"" + "x".repeat(2 << 20) + "\"}");
    assertRefused(
        hub.post("/event", bomb, "Content-Type", "application/json", "Content-Encoding", "gzip"),
        413,
        "");
    String many = "[" + String.join(",", Collections.nCopies(10_001, "{}")) + "]";
    assertRefused(hub.post("/event/batch", many), 413, "");
  }

  @Test
  void refusesAnEntryThatIsTooLargeAloneInItsBatch() throws Exception {
    String large = GOOD.replaceFirst("\\{", "{\"input\":\"" + "x".repeat(9 << 20) + "\",");
    HttpResponse<String> answer = hub.post("/event/batch", "[" + large + ",{}]");
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(hub.json(answer).get("data").get(0).get("error").textValue())
        .isEqualTo("event 0 is larger than 1048576 bytes");
  }

  @Test
  void takesGzip() throws Exception {
    HttpResponse<String> answer =
        hub.post(
            "/event",
            gzip("{\"conversation_id\":\"c\",\"event_name\":\"event_a\",\"input\":\"zipped\"}"),
            "Content-Type",
            "application/json",
            "Content-Encoding",
            "gzip");
    assertThat(answer.statusCode()).isEqualTo(202);
    String id = hub.json(answer).get("data").get("id").textValue();
    assertThat(hub.get("/event/" + id).body()).contains("zipped");
    assertThat(hub.delete("/event/" + id).statusCode()).isEqualTo(202);
  }

  private void assertRefused(HttpResponse<String> answer, int status, String error)
      throws IOException {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    JsonNode told = hub.json(answer);
    assertThat(told.get("success").booleanValue()).isFalse();
    assertThat(told.get("error").textValue()).contains(error).isNotBlank();
    assertThat(answer.body()).doesNotContain("Exception", "\tat ");
  }

  private static byte[] gzip(String text) throws IOException {
    return RunningHub.gzip(text.getBytes(StandardCharsets.UTF_8));
  }
}
