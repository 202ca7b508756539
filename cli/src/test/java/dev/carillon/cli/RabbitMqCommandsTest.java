package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.carillon.hub.amqp.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RabbitMqCommandsTest {

  @SuppressWarnings("NullAway.Init") // before all tests
  private static EmbeddedBroker broker;

  @TempDir Path folder = Path.of("");

  @BeforeAll
  static void startBroker() throws IOException {
    broker = EmbeddedBroker.start("127.0.0.1", 0, "guest");
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  private static Run publish(String... more) {
    String[] all = new String[4 + more.length];
    String[] first = {"publish", "rabbitmq", "--url", broker.address().toString()};
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return Run.of(all);
  }

  @Test
  void listensToWhatIsPublishedAndNamesWhatIsNot() throws Exception {
    CompletableFuture<Run> listening =
        CompletableFuture.supplyAsync(
            () ->
                Run.of(
                    "listen",
                    "rabbitmq",
                    "--url",
                    broker.address().toString(),
                    "--binding",
                    "workout.*",
                    "--binding",
                    "probe",
                    "--count",
                    "4",
                    "--timeout",
                    "60"));
    // Until somebody listens, no queue takes it.
    while (publish("--organization-id", "gym", "--type", "probe").exitCode() != 0) {
      assertThat(listening).isNotDone();
    }
    Path file = folder.resolve("events.ndjson");
    Files.writeString(
        file,
        """
        {"event_type":"workout.created","data":{"workout_id":"1","title":"t"},"organization_id":"a"}
        junk
        {"event_type":"workout.created","data":{"title":5}}
        {"event_type":"other.thing","data":{}}
        {"event_type":"workout.deleted","data":{"workout_id":"1"},"event_id":"mine","timestamp":"2026-11-01T12:00:00"}
        {"event_type":"workout.deleted","data":{"workout_id":"1","workout_id":"2"}}
        {"event_type":"workout.deleted","data":{"workout_id":"1"},"timestamp":"yesterday"}
        """);
    Run published = publish("--organization-id", "gym", "--file", file.toString());

    assertThat(published.exitCode()).isEqualTo(1);
    assertThat(published.out()).isEqualToIgnoringNewLines("confirmed 2, failed 5");
    assertThat(published.err())
        .contains("line 2: not JSON")
        .contains("line 3: data.title")
        .contains("line 4: no queue takes other.thing")
        .contains("line 6: not JSON: Duplicate field 'workout_id'")
        .contains("line 7: timestamp: is not an ISO 8601 time");
    assertThat(publish("--organization-id", "gym", "--type", "workout.x").exitCode()).isZero();
    Run listened = listening.get(60, TimeUnit.SECONDS);
    assertThat(listened.exitCode()).isZero();
    List<JsonNode> events = listened.out().lines().map(RabbitMqCommandsTest::json).toList();
    assertThat(events)
        .extracting(event -> event.get("type").textValue())
        .containsExactly("probe", "workout.created", "workout.deleted", "workout.x");
    assertThat(events.get(1).get("organizationid").textValue()).isEqualTo("a");
    assertThat(events.get(2).get("id").textValue()).isEqualTo("mine");
    assertThat(events.get(2).get("time").textValue()).isEqualTo("2026-11-01T12:00:00Z");
  }

  private static JsonNode json(String line) {
    try {
      return new JsonMapper().readTree(line);
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }

  @Test
  void saysWhenTooFewCame() {
    Run run =
        Run.of(
            "listen",
            "rabbitmq",
            "--url",
            broker.address().toString(),
            "--count",
            "1",
            "--timeout",
            "0.2");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void wrongUsageIsExplainedWithoutThePassword() {
    Run run = Run.of("publish", "rabbitmq", "--url", "http://user:secret@host", "--type", "a.b");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("not an amqp or amqps URL").doesNotContain("secret");
    for (String data : List.of("[1]", "", "{\"a\":1,\"a\":2}")) {
      Run bad = publish("--type", "a.b", "--data", data);
      assertThat(bad.exitCode()).isEqualTo(2);
      assertThat(bad.err()).contains("--data: ");
    }
    assertThat(publish("--file", "no such file").exitCode()).isEqualTo(2);
  }
}
