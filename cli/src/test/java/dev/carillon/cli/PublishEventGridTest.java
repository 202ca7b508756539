package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.HubProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Publishing to Event Grid topics from the command line. */
@Timeout(120)
final class PublishEventGridTest {

  @TempDir private static Path folder;
  private static HubProcess hub;

  @BeforeAll
  static void start() {
    hub = HubProcess.start(folder.resolve("data"));
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  private static Run publish(String endpoint, String... arguments) {
    String[] all = new String[arguments.length + 8];
    String[] first = {
      "publish", "eventgrid", "--endpoint", endpoint, "--topic", "users", "--key", "ZGVtbw=="
    };
    System.arraycopy(first, 0, all, 0, 8);
    System.arraycopy(arguments, 0, all, 8, arguments.length);
    return Run.of(all);
  }

  @Test
  void publishesOneEventOverHttps() {
    String certificate = folder.resolve("data/eventgrid/certificate.pem").toString();
    Run run =
        publish(
            hub.eventGrid().toString(),
            "--trust",
            certificate,
            "--type",
            "user.created",
            "--subject",
            "users/1",
            "--data",
            "{\"plan\":\"premium\"}",
            "--id",
            "one");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("sent 1, acknowledged 1, failed 0");
    assertThat(Log.ids(hub.http())).contains("one");
  }

  @Test
  void publishesAFileOfEitherSchemaAndNamesBadLines() throws Exception {
    Path file = folder.resolve("events.ndjson");
    Files.writeString(
        file,
        """
        {"id":"f-1","eventType":"user.created","subject":"users/1","data":{"n":1}}

        {"specversion":"1.0","id":"f-2","type":"user.created","source":"/s","subject":"users/2"}
        {"id":"f-3"}
        nonsense
        {"id":"f-4","eventType":"t","subject":"s","eventTime":"2026-11-01T12:00:00"}
        {"id":"f-5","id":"f-6","eventType":"t","subject":"s"}
        """);
    Run run = publish(hub.http().toString(), "--file", file.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("sent 3, acknowledged 3, failed 3");
    assertThat(run.err())
        .contains("line 4: type", "line 5: not JSON", "line 7: not JSON: Duplicate");
    assertThat(Log.ids(hub.http())).contains("f-1", "f-2", "f-4");
  }

  @Test
  void keepsTheTypesOfExtensions() throws Exception {
    Path file = folder.resolve("extended.ndjson");
    Files.writeString(
        file,
        """
        {"id":"x-1","type":"t","subject":"s","sampled":true,"attempt":7,"size":3000000000,"by":"me"}
        """);
    Run run = publish(hub.http().toString(), "--schema", "CLOUD_EVENTS", "--file", file.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(Log.json(Log.get(hub.http(), "/api/events").body()))
        .filteredOn(event -> event.get("id").textValue().equals("x-1"))
        .singleElement()
        .asString()
        .contains("\"sampled\":true", "\"attempt\":7", "\"size\":\"3000000000\"", "\"by\":\"me\"");
  }

  @Test
  void saysWhatIsWrongWithItsUse() {
    assertThat(Run.of("publish", "eventgrid", "--endpoint", "http://x/").exitCode()).isEqualTo(2);
    Run noTopic =
        Run.of(
            "publish",
            "eventgrid",
            "--endpoint",
            "http://x",
            "--key",
            "a",
            "--type",
            "t",
            "--subject",
            "s");
    assertThat(noTopic.exitCode()).isEqualTo(2);
    assertThat(noTopic.err()).contains("--topic");
    assertThat(publish("http://x", "--file", "nowhere").exitCode()).isEqualTo(2);
    Run untrusted = publish("https://x", "--trust", "nowhere.pem", "--type", "t", "--subject", "s");
    assertThat(untrusted.exitCode()).isEqualTo(2);
    assertThat(untrusted.err()).contains("there is no file to read at nowhere.pem");
    Run away = publish("http://127.0.0.1:1", "--type", "t", "--subject", "s");
    assertThat(away.exitCode()).isEqualTo(1);
    assertThat(away.err()).contains("no connection");
  }

  @Test
  void showsTheKeyOfTheEnvironment() throws Exception {
    String[] event = {"--endpoint", hub.http().toString(), "--topic", "t", "--type", "t"};
    List<String> command =
        new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("publish", "eventgrid", "--subject", "s", "--id", "by-environment"));
    command.addAll(List.of(event));
    ProcessBuilder process = new ProcessBuilder(command).inheritIO();
    process.environment().remove("EVENTGRID_KEY");
    assertThat(process.start().waitFor()).isEqualTo(2);
    process.environment().put("EVENTGRID_KEY", "ZGVtbw==");
    assertThat(process.start().waitFor()).isZero();
    assertThat(Log.ids(hub.http())).contains("by-environment");
  }
}
