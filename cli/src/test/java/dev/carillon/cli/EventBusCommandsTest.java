package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.testkit.HubProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class EventBusCommandsTest {

  @TempDir private Path folder;
  private HubProcess hub;

  @BeforeEach
  void start() {
    hub = HubProcess.start(folder.resolve("data"), "--bus-ack-port", "0");
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  private String port(String role) {
    return Integer.toString(hub.bus(role).getPort());
  }

  private void awaitStored(int count) {
    await().atMost(Duration.ofSeconds(20)).until(() -> Log.ids(hub.http()).size() == count);
  }

  @Test
  void publishesOneEventAndSaysSo() {
    Run run =
        Run.of(
            "publish",
            "eventbus",
            "--pub-port",
            port("publish"),
            "--topic",
            "my_service",
            "--type",
            "started",
            "--data",
            "{\"step\":1.10}");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("sent 1, failed 0");
    assertThat(run.exitCode()).isZero();
    awaitStored(1);
  }

  @Test
  void publishesAFileAndNamesItsBadLines() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("events.ndjson"),
            """
            {"type":"a","id":"1"}
            nonsense
            {"no":"type"}

            {"type":"b"}
            {"type":"c","type":"d"}
            """);
    Run run =
        Run.of(
            "publish",
            "eventbus",
            "--pub-port",
            port("publish"),
            "--ack-port",
            port("acknowledge"),
            "--topic",
            "t",
            "--file",
            file.toString());
    assertThat(run.exitCode()).isOne();
    assertThat(run.out()).contains("acknowledged 2, failed 3");
    assertThat(run.err())
        .contains("line 2: not JSON", "line 3: type: is missing", "line 6: not JSON");
    assertThat(Log.ids(hub.http())).hasSize(2).contains("1");
  }

  @Test
  void printsWhatItHears() {
    CompletableFuture<Run> listening =
        CompletableFuture.supplyAsync(
            () ->
                Run.of(
                    "listen",
                    "eventbus",
                    "--sub-port",
                    port("subscribe"),
                    "--topic",
                    "heard",
                    "--topic",
                    "too",
                    "--count",
                    "2",
                    "--timeout",
                    "60"));
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> {
              publish("heard_not", "{}");
              publish("heard", "{\"step\":1.10,\"list\":[1,{\"a\":null}]}");
              return listening.isDone();
            });
    Run run = listening.join();
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines())
        .hasSize(2)
        .allMatch(
            line ->
                line.matches(
                    "\\{\"type\":\"started\",\"time\":\"[^\"]+\",\"step\":1.10,\"list\":\\[1,\\{\"a\":null}]}"));
  }

  private void publish(String topic, String data) {
    Run run =
        Run.of(
            "publish",
            "eventbus",
            "--pub-port",
            port("publish"),
            "--topic",
            topic,
            "--type",
            "started",
            "--data",
            data);
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  @Test
  void saysWhenNothingCameInTime() {
    Run run =
        Run.of(
            "listen",
            "eventbus",
            "--sub-port",
            port("subscribe"),
            "--topic",
            "t",
            "--count",
            "1",
            "--timeout",
            "0.1");
    assertThat(run.exitCode()).isOne();
    assertThat(run.out()).isEmpty();
  }

  @Test
  void saysThatNobodyAnswers() {
    hub.close();
    Run run =
        Run.of(
            "publish",
            "eventbus",
            "--pub-port",
            port("publish"),
            "--connect-timeout",
            "1",
            "--topic",
            "t",
            "--type",
            "a");
    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).contains("nobody answers at tcp://localhost:" + port("publish"));
  }

  @Test
  void keysLetKnownClientsIn() throws IOException {
    Path keys = folder.resolve("keys");
    Path clients = keys.resolve("clients");
    make("hub", keys);
    make("me", clients);
    make("stranger", keys);
    Path mine = clients.resolve("me.key_secret");
    Path own = Files.move(mine, keys.resolve("me.key_secret"));
    assertThat(Run.of("keys", "hub", "--dir", keys.toString()).exitCode()).isOne();
    try (HubProcess guarded =
        HubProcess.start(
            folder.resolve("guarded"),
            "--bus-key",
            keys.resolve("hub.key_secret").toString(),
            "--bus-clients",
            clients.toString())) {
      String port = Integer.toString(guarded.bus("publish").getPort());
      String server = keys.resolve("hub.key").toString();
      Run known = publishWith(port, own.toString(), server);
      assertThat(known.exitCode()).as(known.err()).isZero();
      Run unknown = publishWith(port, keys.resolve("stranger.key_secret").toString(), server);
      assertThat(unknown.exitCode()).isOne();
      assertThat(unknown.err()).contains("refuses this client's key");
    }
  }

  private static void make(String name, Path folder) {
    Run made = Run.of("keys", name, "--dir", folder.toString());
    assertThat(made.exitCode()).as(made.err()).isZero();
  }

  private static Run publishWith(String port, String key, String serverKey) {
    return Run.of(
        "publish",
        "eventbus",
        "--pub-port",
        port,
        "--topic",
        "t",
        "--type",
        "a",
        "--key",
        key,
        "--server-key",
        serverKey);
  }
}
