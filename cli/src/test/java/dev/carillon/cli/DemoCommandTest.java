package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.HubProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {

  @TempDir Path folder = Path.of("");

  @Test
  void everythingArrivesOnceAndNothingIsLeftBehind() throws IOException {
    List<Path> before = demoFolders();

    Run run = Run.of("demo", "--once");

    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .containsPattern("EventClient.publishBatch +HTTP, batch +355 +355 +stored +355 +0 +0 ")
        .containsPattern("the same again +HTTP, batch +355 +355 +stored +355 +0 +0 ")
        .containsPattern("EventClient.publishAsync +HTTP, concurrent +355 +355 +stored +355 +0 +0 ")
        .containsPattern("EventClient.publishEvent +HTTP, one by one +355 +355 +stored +355 +0 +0 ")
        .containsPattern("EventBusClient.send +ZeroMQ +355 +355 +sent +355 +0 +0 ")
        .containsPattern("acknowledged +ZeroMQ, answered +355 +355 +stored +355 +0 +0 ")
        .containsPattern(
            "EventPublisher.sendAll +AMQP, confirmed +355 +355 +acknowledged +355 +0 +0 ")
        .containsPattern(
            "EventGridClient.emitEvents +Event Grid, HTTPS +355 +355 +stored +355 +0 +0 ")
        .containsPattern("gathered +Event Grid, HTTP +355 +355 +stored +355 +0 +0 ")
        .contains("2840 events by the Data Services query, 2840 by the CloudEvents API")
        .containsPattern("AnalyticsClient.openBuffer +HTTP, batch +350 +64 +11 +425 ")
        .containsPattern("events as they are now +getEventsByConversation +339 +339 +ok")
        .containsPattern("deleted events +getEvent +11 +11 +ok")
        .containsPattern("errors by session +getTopErrorSessions +[0-9]+ lines +[0-9]+ lines +ok")
        .doesNotContain("WRONG")
        .contains("nothing is missing");
    assertThat(run.exitCode()).isZero();
    assertThat(demoFolders()).isEqualTo(before);
  }

  @Test
  void publishesWhatTheUserBrings() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("own.ndjson"),
            """
            {"topic":"a","subjects":["s"],"data":{}}
            {"topic":"b","subjects":[],"data":{"x":1}}
            """);

    Run run = Run.of("demo", "--once", "--data-file", file.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("publishing 2 events", "nothing is missing");
  }

  @Test
  void namesABadLineOfTheUsersFile() throws IOException {
    Path file = Files.writeString(folder.resolve("own.ndjson"), "{\"topic\":1}");

    Run run = Run.of("demo", "--once", "--data-file", file.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("line 1: topic: must be a string");
  }

  @Test
  void saysThatAPortIsInUse() throws IOException {
    List<Path> before = demoFolders();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());

      Run run = Run.of("demo", "--once", "--http-port", port);

      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).contains(port);
    }
    assertThat(demoFolders()).isEqualTo(before);
  }

  @Test
  void takesItsPortFromTheEnvironmentUnlessItEndsByItself() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());

      assertThat(exitCodeWithPort(port, "demo")).isEqualTo(2);
      assertThat(Files.readString(folder.resolve("output"))).contains(port);
      assertThat(exitCodeWithPort(port, "demo", "--once")).isZero();
    }
  }

  private int exitCodeWithPort(String port, String... arguments) throws Exception {
    List<String> command = HubProcess.command(HubProcess.SHORT_LIVED);
    command.set(command.size() - 1, Main.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile());
    builder.environment().put("CARILLON_HTTP_PORT", port);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("whether it ended").isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  private static List<Path> demoFolders() throws IOException {
    try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return all.filter(path -> path.getFileName().toString().startsWith("carillon-demo-"))
          .sorted()
          .toList();
    }
  }
}
