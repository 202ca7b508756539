package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.carillon.testkit.HubProcess;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code publish analytics} and {@code query}, at a hub. */
class AnalyticsCommandsTest {

  private static final String ONE = "7808ae0a-4a86-468d-88cb-ef4112d2fc9b";
  private static final String TWO = "0b1f8b9f-1d0e-4a0b-8f39-1c6f0f2f1b11";

  @TempDir private static Path shared = Path.of("");
  private static HubProcess hub;
  private static String url;

  @TempDir private Path folder = Path.of("");
  private final String conversation = "conv-" + UUID.randomUUID();

  @BeforeAll
  static void start() {
    hub = HubProcess.start(shared.resolve("data"));
    url = hub.http().toString();
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  private Run publish(String lines) throws IOException {
    Path file = Files.writeString(folder.resolve("events.ndjson"), lines);
    return Run.of("publish", "analytics", "--url", url, "--file", file.toString());
  }

  private static Run query(String... more) {
    List<String> arguments = new ArrayList<>(List.of("query"));
    arguments.addAll(List.of(more));
    arguments.addAll(List.of("--url", url));
    return Run.of(arguments.toArray(String[]::new));
  }

  private static JsonNode json(Run run) throws IOException {
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    return new JsonMapper().readTree(run.out());
  }

  private String tracked(String id, String name, int latency, String error) {
    return """
        {"id":"%s","conversation_id":"%s","event_name":"%s","latency":%d,"error":"%s",\
        "input":"hello","conversation_metadata":{"user_id":"u_1"},"input_embeddings":[0.5,1]}
        """
        .formatted(id, conversation, name, latency, error);
  }

  @Test
  void publishesCreatesUpdatesAndDeletesAndAnswersAboutThem() throws IOException {
    String first = UUID.randomUUID().toString();
    String second = UUID.randomUUID().toString();
    Run run =
        publish(
            tracked(first, "event_a", 100, "timeout")
                + "\n"
                + tracked(second, "event_b", 300, "")
                + "{\"operation\":\"update\",\"id\":\""
                + first
                + "\",\"error\":\"\",\"output\":\"done\"}\n"
                + tracked(UUID.randomUUID().toString(), "event_a", 200, "bad")
                + "{\"operation\":\"delete\",\"id\":\""
                + second
                + "\"}\n");

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).isEqualToIgnoringNewLines("sent 5, acknowledged 5, failed 0");
    assertThat(run.exitCode()).isZero();

    JsonNode event = json(query("event", first, "--json"));
    assertThat(event.path("output").asText()).isEqualTo("done");
    assertThat(event.path("error").asText()).isEmpty();
    assertThat(event.path("conversation_metadata").asText()).isEqualTo("{\"user_id\":\"u_1\"}");
    assertThat(event.path("created_at").asText()).startsWith("20").endsWith("Z");
    JsonNode both = json(query("conversation", conversation, "--json"));
    assertThat(both).hasSize(2);
    String[] afterOne = {conversation, "--after", both.get(0).path("id").asText(), "--json"};
    assertThat(json(queryOf("conversation", afterOne))).containsExactly(both.get(1));
    String[] ofThis = {"--conversation", conversation, "--json"};
    assertThat(json(queryOf("top-errors", ofThis)).get(0).path("error_rate").asDouble())
        .isEqualTo(0.5);
    assertThat(json(queryOf("latency", ofThis)).get(0).path("p95_latency").asDouble())
        .isEqualTo(195);
    assertThat(json(queryOf("errors", ofThis)).get(0).path("total_count").asInt()).isEqualTo(2);
    assertThat(json(queryOf("slowest", ofThis)).get(0).path("max_latency").asInt()).isEqualTo(200);
    assertThat(json(queryOf("names", ofThis)).get(0).path("event_name").asText())
        .isEqualTo("event_a");
    assertThat(json(queryOf("timeline", ofThis)).get(0).path("events").asInt()).isEqualTo(2);
    assertThat(json(queryOf("totals", ofThis)).path("current").path("events").asInt()).isEqualTo(2);
  }

  private static Run queryOf(String question, String... more) {
    List<String> arguments = new ArrayList<>(List.of(question));
    arguments.addAll(List.of(more));
    return query(arguments.toArray(String[]::new));
  }

  @Test
  void printsTables() throws IOException {
    String id = UUID.randomUUID().toString();
    publish(tracked(id, "event_c", 100, "timeout"));

    assertThat(query("top-errors", "--conversation", conversation).out())
        .containsPattern("conversation_id +total_events +error_events +error_rate")
        .containsPattern(conversation + " +1 +1 +1.000");
    assertThat(query("conversation", conversation).out())
        .containsPattern("id +created_at +event_name +latency +error +input +output")
        .containsPattern(id + " +20\\S+Z +event_c +100.000 +timeout +hello");
    assertThat(query("event", id).out())
        .containsPattern("input_embeddings +2 numbers")
        .containsPattern("conversation_metadata +\\{\"user_id\":\"u_1\"}");
    assertThat(query("conversation", "nobody").out()).isEqualToIgnoringNewLines("nothing");
  }

  @Test
  void saysThatThereIsNoSuchEvent() {
    Run run = query("event", TWO);

    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).contains("there is no event " + TWO);
  }

  @Test
  void saysWhatTheHubDoesNotTake() {
    Run run = query("errors", "--event-name", "event_x");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("event_name");
  }

  @Test
  void namesEachBadLineAndSendsTheOthers() throws IOException {
    Run run =
        publish(
            tracked(UUID.randomUUID().toString(), "event_a", 1, "")
                + tracked(ONE, "event_x", 1, "")
                + """
                {"conversation_id":" ","event_name":"event_a"}
                {"conversation_id":"c","event_name":"event_a","latency":"fast"}
                {"conversation_id":"c","event_name":"event_a","input_embeddings":[1,"2"]}
                {"conversation_id":"c","event_name":"event_a","colour":"red"}
                {"operation":"update","error":""}
                {"operation":"dance","id":"x"}
                nonsense
                []
                """
                + tracked(UUID.randomUUID().toString(), "event_a", 1, ""));

    assertThat(run.exitCode()).isOne();
    assertThat(run.out()).contains("sent 3, acknowledged 2, failed 9");
    assertThat(run.err())
        .contains("line 2: event " + ONE)
        .contains("line 3: conversation_id: must not be blank")
        .contains("line 4: latency: must be a number")
        .contains("line 5: input_embeddings[1]: must be a number")
        .contains("line 6: colour: is not a member of an analytics event")
        .contains("line 7: id: must be given")
        .contains("line 8: operation: is none of")
        .contains("line 9: not JSON")
        .contains("line 10: not a JSON object");
  }

  @Test
  void addsLinesWithAnIdOnceHoweverOftenTheyArePublished() throws IOException {
    String with = tracked(UUID.randomUUID().toString(), "event_a", 1, "");
    String without = with.replaceFirst("\"id\":\"[^\"]*\",", "");

    publish(with + without);
    assertThat(publish(with + without).out()).contains("sent 2, acknowledged 2, failed 0");

    assertThat(json(query("conversation", conversation, "--json"))).hasSize(3);
  }

  @Test
  void publishesManyLinesFromStandardInput() throws IOException {
    String lines =
        IntStream.range(0, 12_000)
            .mapToObj(i -> tracked(UUID.randomUUID().toString(), "event_a", i, ""))
            .collect(Collectors.joining());
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
    try {
      Run run = Run.of("publish", "analytics", "--url", url, "--file", "-");

      assertThat(run.out()).contains("sent 12000, acknowledged 12000, failed 0");
    } finally {
      System.setIn(before);
    }
    assertThat(
            json(query("totals", "--conversation", conversation, "--json"))
                .path("current")
                .path("events")
                .asInt())
        .isEqualTo(12_000);
  }

  @Test
  void publishesOneEventFromFlags() throws IOException {
    String id = UUID.randomUUID().toString();
    Run run =
        Run.of(
            "publish",
            "analytics",
            "--url",
            url + "/",
            "--conversation",
            conversation,
            "--event-name",
            "event_b",
            "--input",
            "What is the weather today?",
            "--latency",
            "142.5",
            "--metadata",
            "{\"session\":7}",
            "--id",
            id);

    assertThat(run.out()).contains("sent 1, acknowledged 1, failed 0");
    assertThat(json(query("event", id, "--json")).path("latency").asDouble()).isEqualTo(142.5);
  }

  @Test
  void readsEveryLineOfTheSampleDay() throws IOException {
    ConversationDay day = ConversationDay.read();

    assertThat(day.operations()).hasSize(425);
    assertThat(day.remaining()).hasSize(339);
    assertThat(new ConversationFigures(day.remaining()).conversations()).isBetween(90L, 100L);
  }
}
