package dev.carillon.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.analytics.ScriptedServer.Reply;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whether the service is well, and waiting until it is. */
class HealthTest {

  private final ScriptedServer server = ScriptedServer.accepting();
  private final AnalyticsClient client = AnalyticsClient.of(server.url());

  @AfterEach
  void close() {
    client.close();
    server.close();
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
}
