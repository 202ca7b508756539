package dev.carillon.hub.server;

import static dev.carillon.hub.server.RunningHub.EVENTS;
import static dev.carillon.hub.server.RunningHub.PUBLISH;
import static dev.carillon.hub.server.RunningHub.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class BadBatchTest extends HubTest {

  private static final String GOOD = "{\"topic\":\"t\",\"subjects\":[],\"data\":{}}";

  @AfterEach
  void theNextRequestWorks() throws Exception {
    assertThat(hub.post(PUBLISH, GOOD).statusCode()).isEqualTo(200);
  }

  @Test
  void refusesABatchOfTooManyEvents() throws Exception {
    String batch = "[" + "1,".repeat(10_000) + "1]";
    assertProblem(hub.post(PUBLISH + "/batch", batch), 413);
    assertProblem(hub.post(PUBLISH + "/batch", "{}"), 400);
    assertProblem(hub.post(PUBLISH + "/batch", "[" + GOOD), 400);
    assertThat(hub.post(PUBLISH + "/batch", "[]").statusCode()).isEqualTo(200);
  }

  static Stream<Arguments> badAlone() {
    return Stream.of(
        Arguments.of(string("x".repeat(9 << 20)), "event 1 is larger than 1048576 bytes"),
        Arguments.of("[".repeat(600) + "]".repeat(600), "event 1: "),
        Arguments.of("9".repeat(1001), "event 1: "),
        Arguments.of("{" + string("k".repeat(60_000)) + ":1}", "event 1: "));
  }

  private static String string(String text) {
    return '"' + text + '"';
  }

  @ParameterizedTest
  @MethodSource("badAlone")
  void refusesABadEventAloneInItsBatch(String data, String error) throws Exception {
    String bad = GOOD.replace("{}", "{\"x\":" + data + "}");
    HttpResponse<String> answer =
        hub.post(PUBLISH + "/batch", "[" + String.join(", ", GOOD, bad, GOOD) + "]");
    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode outcomes = hub.json(answer);
    assertThat(outcomes).hasSize(3);
    assertThat(outcomes.get(0).has("id")).isTrue();
    assertThat(outcomes.get(1).get("errors").get(0).get("message").textValue()).startsWith(error);
    assertThat(outcomes.get(2).has("id")).isTrue();
  }

  @Test
  void refusesACloudEventThatIsTooLarge() throws Exception {
    String event =
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"data\":%s}";
    assertProblem(
        hub.post(
            EVENTS,
            "[" + event.formatted(string("x".repeat(9 << 20))) + "]",
            "Content-Type",
            "application/cloudevents-batch+json"),
        400);
  }

  @Test
  void refusesABatchOfWhichNobodyKnowsWhereItsEventsEnd() throws Exception {
    String deep =
        "[" + GOOD.replace("{}", "{\"x\":" + "[".repeat(600) + "]".repeat(600) + "}") + "]";
    byte[] utf16 = deep.getBytes(StandardCharsets.UTF_16);
    assertProblem(hub.post(PUBLISH + "/batch", utf16, "Content-Type", "application/json"), 400);
    String deeper = "[" + "[".repeat(600_000) + "]".repeat(600_000) + "]";
    assertProblem(hub.post(PUBLISH + "/batch", deeper), 400);
  }
}
