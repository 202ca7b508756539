package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishDataServicesTest {

  @TempDir Path folder = Path.of("");
  private ScriptedService service = startService();

  private static ScriptedService startService() {
    try {
      return ScriptedService.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void stopService() {
    service.close();
  }

  @Test
  void publishesEveryLineInAnyNaming() throws IOException {
    Run run =
        publishFile(
            """
            {"id":"1","topic":"a.snake","subjects":["s"],"data":{"n":0.10},"created_date_utc":"2026-10-13T07:00:00Z"}

            {"id":"2","topic":"a.camel","subjects":["s"],"data":{"n":2},"createdDateUtc":"2026-10-13T09:00:00+02:00"}
            {"Id":"3","Topic":"a.Pascal","Subjects":[],"Data":"{\\"n\\":3}","CreatedDateUtc":"2026-10-13T07:00:00"}
            """);

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).isEqualToIgnoringNewLines("sent 3, acknowledged 3, failed 0");
    assertThat(run.exitCode()).isZero();
    assertThat(service.events())
        .extracting(e -> e.path("id").asText())
        .containsExactly("1", "2", "3");
    assertThat(service.events())
        .extracting(e -> e.path("created_date_utc").asText().substring(0, 19))
        .containsOnly("2026-10-13T07:00:00");
    assertThat(service.events().get(0).path("data").toString()).isEqualTo("{\"n\":0.10}");
    assertThat(service.events().get(2).path("data").toString()).isEqualTo("{\"n\":3}");
  }

  @Test
  void namesEachBadLineAndSendsTheOthers() throws IOException {
    Run run =
        publishFile(
            """
            [init] not an event
            {"id":"1","topic":"a","subjects":["s"],"data":{}}
            {"id":"2","topic":
            {"id":"3","topic":" ","subjects":["s"],"data":{}}
            {"id":"4","topic":"a","subjects":"s","data":{}}
            {"id":"5","topic":"a","subjects":["s"],"data":{},"colour":"red"}
            [1]
            {"id":"7","topic":"a","subjects":["s"],"data":{}}
            """);

    assertThat(run.exitCode()).isOne();
    assertThat(run.out()).contains("sent 2, acknowledged 2, failed 6");
    assertThat(run.err())
        .contains("line 1: not JSON")
        .contains("line 3: not JSON")
        .contains("line 4: topic: must not be blank")
        .contains("line 5: subjects: must be an array of strings")
        .contains("line 6: colour: is not a member of an event message")
        .contains("line 7: not a JSON object");
    assertThat(service.events()).extracting(e -> e.path("id").asText()).containsExactly("1", "7");
  }

  @Test
  void saysThatNobodyIsThere() {
    String[] event = {"--topic", "t", "--data", "{}"};
    for (String[] there :
        new String[][] {
          {"http://127.0.0.1:1", "nobody answers there"},
          {"http://carillon.invalid", "the host is not known"}
        }) {
      Run run =
          Run.of(
              "publish", "dataservices", "--url", there[0], event[0], event[1], event[2], event[3]);
      assertThat(run.exitCode()).isOne();
      assertThat(run.err()).contains(there[1]);
    }
  }

  @Test
  void saysOnceThatAFileHasNoObjectALine() throws IOException {
    for (String file : List.of("\n[\n{},\n{}\n]\n", "{\n\"topic\":\"a\",\n\"data\":{}\n}\n")) {
      Run run = publishFile(file);

      assertThat(run.exitCode()).isOne();
      assertThat(run.out()).contains("sent 0, acknowledged 0, failed 1");
      assertThat(run.err()).hasLineCount(1).contains("one JSON object a line is needed");
    }
    assertThat(service.events()).isEmpty();
  }

  @Test
  void namesWhatTheServiceRefuses() throws IOException {
    Run run =
        publishFile(
            """
            {"id":"1","topic":"a","subjects":["s"],"data":{}}
            {"id":"2","topic":"refused.here","subjects":["s"],"data":{}}
            """);

    assertThat(run.exitCode()).isOne();
    assertThat(run.out()).contains("sent 2, acknowledged 1, failed 1");
    assertThat(run.err()).contains("line 2: refused.here (id 2): ").contains("is not wanted");
  }

  @Test
  void publishesManyLinesOnceEach() throws IOException {
    String lines =
        IntStream.range(0, 5_000)
            .mapToObj(
                i ->
                    "{\"id\":\"e"
                        + i
                        + "\",\"topic\":\"a\",\"subjects\":[],\"data\":{\"i\":"
                        + i
                        + "}}")
            .collect(Collectors.joining("\n"));

    Run run = publishFile(lines);

    assertThat(run.out()).contains("sent 5000, acknowledged 5000, failed 0");
    assertThat(service.events())
        .extracting(e -> e.path("id").asText())
        .hasSize(5_000)
        .doesNotHaveDuplicates();
  }

  @Test
  void skipsALineThatIsTooLong() throws IOException {
    String huge = "x".repeat(5 << 20);
    Run run =
        publishFile(
            "{\"topic\":\"" + huge + "\"}\n{\"topic\":\"a\",\"subjects\":[],\"data\":{}}\n");

    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).contains("line 1: longer than").hasSizeLessThan(200);
    assertThat(run.out()).contains("sent 1, acknowledged 1, failed 1");
  }

  @Test
  void readsStandardInput() {
    InputStream before = System.in;
    System.setIn(
        new ByteArrayInputStream(
            "{\"topic\":\"a.piped\",\"subjects\":[],\"data\":{}}"
                .getBytes(StandardCharsets.UTF_8)));
    try {
      Run run = Run.of("publish", "dataservices", "--url", service.url(), "--file", "-");

      assertThat(run.out()).contains("sent 1, acknowledged 1, failed 0");
      assertThat(service.events())
          .extracting(e -> e.path("topic").asText())
          .containsExactly("a.piped");
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void publishesOneEventFromFlags() {
    Run run =
        Run.of(
            "publish",
            "dataservices",
            "--url",
            service.url() + "/",
            "--topic",
            "sample.received",
            "--subject",
            "sample-1",
            "--subject",
            "batch-1",
            "--data",
            "{\"volume_ml\":2.5}",
            "--tag",
            "intake",
            "--trace-id",
            "batch-1",
            "--organization-id",
            "org",
            "--user-id",
            "mira",
            "--id",
            "one");

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("sent 1, acknowledged 1, failed 0");
    assertThat(run.exitCode()).isZero();
    var event = service.events().get(0);
    assertThat(event.path("subjects").toString()).isEqualTo("[\"sample-1\",\"batch-1\"]");
    assertThat(event.path("data").toString()).isEqualTo("{\"volume_ml\":2.5}");
    assertThat(event.path("tags").toString()).isEqualTo("[\"intake\"]");
    assertThat(event.path("source_trace_ids").toString()).isEqualTo("[\"batch-1\"]");
    assertThat(event.path("organization_id").asText()).isEqualTo("org");
    assertThat(event.path("user_id").asText()).isEqualTo("mira");
    assertThat(event.path("id").asText()).isEqualTo("one");
  }

  @Test
  void sendsTheKeyAndNeverPrintsIt() throws IOException {
    try (ScriptedService guarded = ScriptedService.start("the-right-key")) {
      Run right = publishOne(guarded.url(), "--api-key", "the-right-key");
      Run wrong = publishOne(guarded.url(), "--api-key", "a-wrong-secret");

      assertThat(right.exitCode()).isZero();
      assertThat(guarded.keys()).contains("the-right-key", "a-wrong-secret");
      assertThat(wrong.exitCode()).isOne();
      assertThat(wrong.err()).contains("event: a").doesNotContain("a-wrong-secret");
    }
  }

  @Test
  void failsWhenNobodyListens() throws IOException {
    String gone = service.url();
    service.close();

    Run run = publishOne(gone);

    assertThat(run.exitCode()).isOne();
    assertThat(run.out()).contains("sent 1, acknowledged 0, failed 1");
    assertThat(run.err()).contains("event: a");
  }

  private Run publishOne(String url, String... more) {
    String[] args = {"publish", "dataservices", "--url", url, "--topic", "a", "--data", "{}"};
    String[] all = Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    return Run.of(all);
  }

  private Run publishFile(String lines) throws IOException {
    Path file = Files.writeString(folder.resolve("events.ndjson"), lines);
    return Run.of("publish", "dataservices", "--url", service.url(), "--file", file.toString());
  }
}
