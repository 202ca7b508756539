package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.testkit.HubProcess;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The state of analytics events is that of the acknowledged operations, in the order of each event,
 * through {@code kill -9} at any moment.
 */
@Timeout(300)
final class AnalyticsKillTest {

  private static final int KILLS = 8;
  private static final int WRITERS = 4;

  @TempDir private Path folder;

  @Test
  void finalStateIsThatOfTheAcknowledgedOperationsThroughKills() throws Exception {
    Path data = folder.resolve("data");
    Random random = new Random();
    HubProcess hub = HubProcess.start(data);
    URI http = hub.http();
    String port = Integer.toString(http.getPort());
    try (AnalyticsLoad load = AnalyticsLoad.on(http, WRITERS)) {
      for (int kill = 1; kill <= KILLS; kill++) {
        load.awaitMore(1 + random.nextInt(400));
        if (random.nextBoolean()) {
          load.ask(); // so that some of it is in the database, and some only in the journal
        }
        hub.kill();
        hub = HubProcess.start(data, "--http-port", port);
      }
      load.awaitMore(50);
      load.close();
      for (int writer = 0; writer < WRITERS; writer++) {
        assertThat(latencies(http, AnalyticsLoad.conversation(writer)))
            .as("the live events of writer " + writer)
            .isEqualTo(load.expected(writer));
      }
      assertThat(total(http)).isEqualTo(load.live());
    } finally {
      hub.close();
    }
  }

  private static Map<String, Double> latencies(URI hub, String conversation) {
    HttpResponse<String> answer =
        Log.get(hub, "/events/conversation/" + conversation + "?limit=10000");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    Map<String, Double> found = new TreeMap<>();
    for (JsonNode event : Log.json(answer.body()).get("data")) {
      assertThat(found.put(event.get("id").textValue(), event.get("latency").doubleValue()))
          .as("twice")
          .isNull();
    }
    return found;
  }

  private static long total(URI hub) {
    long total = 0;
    for (JsonNode session :
        Log.json(Log.get(hub, "/analytics/sessions/top-errors").body()).get("data")) {
      total += session.get("total_events").longValue();
    }
    return total;
  }
}
