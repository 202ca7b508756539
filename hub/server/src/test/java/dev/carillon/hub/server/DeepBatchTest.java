package dev.carillon.hub.server;

import static dev.carillon.hub.server.RunningHub.PUBLISH;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events that are nested too deeply, among others that are not. */
@Timeout(60)
class DeepBatchTest extends HubTest {

  private static final String GOOD = "{\"topic\":\"t\",\"subjects\":[],\"data\":{}}";

  @ParameterizedTest
  @ValueSource(ints = {600, 10_000, 500_000})
  void aDeepEventSinksNoNeighbour(int depth) throws Exception {
    String deep = GOOD.replace("{}", "{\"x\":" + "[".repeat(depth) + "]".repeat(depth) + "}");
    HttpResponse<String> answer =
        hub.post(PUBLISH + "/batch", "[" + String.join(",", GOOD, deep, GOOD) + "]");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode entries = hub.json(answer);
    assertThat(entries).hasSize(3);
    assertThat(entries.get(0).has("id")).isTrue();
    assertThat(entries.get(1).get("errors").toString()).contains("event 1");
    assertThat(entries.get(2).has("id")).isTrue();
  }

  @Test
  void refusesADepthWithoutEnd() throws Exception {
    String batch = "[" + GOOD + "," + "[".repeat(15 << 20);
    assertThat(hub.post(PUBLISH + "/batch", batch).statusCode()).isEqualTo(400);
    assertThat(hub.post(PUBLISH, GOOD).statusCode()).isEqualTo(200);
  }
}
