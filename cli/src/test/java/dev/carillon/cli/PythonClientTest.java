package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.testkit.HubProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that exist, written in Python with requests and httpx, work unchanged. */
@Timeout(120)
final class PythonClientTest {

  private static final int PUBLISHED = 3 * 4 + 10 * 4;

  @TempDir private Path folder;

  @Test
  void existingPythonClientsPublishAndAreConfirmed() throws Exception {
    try (HubProcess hub = HubProcess.start(folder.resolve("data"))) {
      JsonNode told = Log.json(run(hub.http()));
      assertThat(told.get("published")).hasSize(PUBLISHED);
      for (JsonNode pair : told.get("published")) {
        String id = pair.get("answer").get("id").textValue();
        JsonNode stored = Log.json(Log.get(hub.http(), "/api/v2.0/EventService/" + id).body());
        assertSame(pair.get("sent"), stored);
        assertThat(pair.get("answer").get("createdDateUtc"))
            .isEqualTo(stored.get("createdDateUtc"));
      }
      assertThat(Log.ids(hub.http())).hasSize(PUBLISHED).doesNotHaveDuplicates();
      assertThat(told.get("refused").get("status").intValue()).isEqualTo(400);
      assertThat(told.get("refused").get("errors").get(0).get("field").textValue())
          .isEqualTo("topic");
    }
  }

  private static void assertSame(JsonNode sent, JsonNode stored) {
    assertThat(stored.get("topic")).isEqualTo(sent.get("topic"));
    assertThat(list(stored, "subjects")).isEqualTo(list(sent, "subjects"));
    assertThat(list(stored, "tags")).isEqualTo(list(sent, "tags"));
    assertThat(list(stored, "sourceTraceIds")).isEqualTo(list(sent, "source_trace_ids"));
    assertThat(stored.path("organizationId").asText())
        .isEqualTo(sent.path("organization_id").asText());
    assertThat(stored.path("userId").asText()).isEqualTo(sent.path("user_id").asText());
    JsonNode data = sent.get("data");
    assertThat(stored.get("data")).isEqualTo(data.isTextual() ? Log.json(data.textValue()) : data);
    if (sent.has("created_date_utc")) {
      String local = sent.get("created_date_utc").textValue();
      assertThat(Instant.parse(stored.get("createdDateUtc").textValue()))
          .isEqualTo(LocalDateTime.parse(local).toInstant(ZoneOffset.UTC));
    }
  }

  private static List<String> list(JsonNode event, String name) {
    return event.path(name).valueStream().map(JsonNode::textValue).toList();
  }

  private String run(URI hub) throws IOException, InterruptedException {
    Path out = folder.resolve("out.json");
    Path err = folder.resolve("err.txt");
    Process process =
        new ProcessBuilder(python(), "src/test/resources/existing_client.py", hub.toString())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("whether Python ended").isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(err)).isZero();
    return Files.readString(out);
  }

  /** The Python that has what existing clients need; ./carillon test sees to it that one does. */
  private static String python() throws IOException, InterruptedException {
    for (String python : List.of("python3", "/usr/bin/python3")) {
      Process trial =
          new ProcessBuilder(python, "-c", "import requests, httpx")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (trial.waitFor() == 0) {
        return python;
      }
    }
    throw new AssertionError("no Python 3 with requests and httpx; ./carillon test installs them");
  }
}
