package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.testkit.HubProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The analytics client that exists, in Python with urllib, works unchanged. */
@Timeout(120)
final class AnalyticsPythonClientTest {

  @TempDir private Path folder;

  @Test
  void theExistingPythonClientWorksUnchanged() throws Exception {
    try (HubProcess hub = HubProcess.start(folder.resolve("data"))) {
      JsonNode told = Log.json(run(hub.http()));
      assertThat(told.get("healthy").booleanValue()).isTrue();

      JsonNode example = told.get("example");
      assertThat(example.get("events"))
          .extracting(event -> event.get("id"))
          .containsExactlyElementsOf(example.get("ids"));
      assertThat(example.get("errors")).hasSize(1);
      assertThat(example.at("/errors/0/error_count").intValue()).isEqualTo(1);
      assertThat(example.at("/errors/0/total_count").intValue()).isEqualTo(1);
      assertThat(example.at("/fixed/error").textValue()).isEmpty();
      assertThat(example.at("/fixed/latency").doubleValue()).isEqualTo(350.0);
      assertThat(example.at("/fixed/input").textValue()).isEqualTo("Show me an example");

      JsonNode everything = told.at("/everything/0");
      assertThat(everything.get("conversation_id").textValue()).isEqualTo("conv µ/ü?");
      assertThat(everything.get("input").textValue()).isEqualTo("user query 🎉");
      assertThat(everything.get("input_embeddings"))
          .extracting(JsonNode::doubleValue)
          .containsExactly(0.1, 0.2, -1e-7);
      assertThat(everything.get("conversation_metadata").textValue()).isEqualTo("{\"k\":\"v\"}");

      assertThat(told.get("latency")).hasSize(4);
      assertThat(told.at("/latency/0/p95_latency").doubleValue()).isEqualTo(350.0);
      assertThat(told.at("/worst/0/conversation_id").textValue()).isEqualTo("conv µ/ü?");
      assertThat(told.at("/worst/0/error_rate").doubleValue()).isEqualTo(1.0);
      assertThat(told.at("/deleted/success").booleanValue()).isTrue();
      assertThat(told.get("after").isNull()).isTrue();
      assertThat(told.at("/refusals/validation/0").textValue()).startsWith("event_name: ");
      assertThat(told.at("/refusals/not_found/0").textValue()).isEqualTo("event not found");
    }
  }

  private static String run(URI hub) throws IOException, InterruptedException {
    Process client =
        new ProcessBuilder("python3", "src/test/resources/analytics_client.py", hub.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String told = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(client.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(client.exitValue()).isZero();
    return told;
  }
}
