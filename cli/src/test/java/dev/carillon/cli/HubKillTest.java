package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.testkit.HubProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the hub acknowledged survives {@code kill -9}, at any moment and many times over. */
@Timeout(300)
final class HubKillTest {

  private static final int KILLS = 30;

  @TempDir private Path folder;

  @Test
  void nothingAcknowledgedIsLostOrDoubledThroughThirtyKills() throws Exception {
    Path data = folder.resolve("data");
    Random random = new Random();
    HubProcess hub = HubProcess.start(data);
    URI http = hub.http();
    String port = Integer.toString(http.getPort());
    try (Load load = Load.on(http, 4, 2);
        LiveReader reader = LiveReader.of(http)) {
      List<String> before = List.of();
      for (int kill = 1; kill <= KILLS; kill++) {
        load.awaitMore(1 + random.nextInt(500));
        hub.kill();
        if (kill % 10 == 5) {
          killWhileStarting(data);
        }
        hub = HubProcess.start(data, "--http-port", port);
        if (kill % 10 == 0) {
          before = assertGrown(before, http, load.acknowledged());
        }
      }
      load.awaitMore(100);
      load.close();
      load.assertNoFailures();
      List<String> all = assertGrown(before, http, load.acknowledged());
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(reader.ids()).hasSizeGreaterThanOrEqualTo(all.size()));
      assertThat(reader.ids()).as("what a live reader saw").isEqualTo(Log.ids(http));
      assertThat(reader.cuts()).isGreaterThan(KILLS / 2);
    } finally {
      hub.close();
    }
  }

  /** Checks what the log holds, and that it only grew at its end; returns what it holds. */
  private static List<String> assertGrown(List<String> before, URI hub, Set<String> acknowledged) {
    List<String> now = Log.assertHoldsOnce(hub, acknowledged);
    assertThat(now).hasSizeGreaterThanOrEqualTo(before.size());
    assertThat(now.subList(0, before.size())).as("the log's beginning").isEqualTo(before);
    return now;
  }

  /** Starts a hub and kills it as soon as it has brought in what the journal holds. */
  private static void killWhileStarting(Path data) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(HubProcess.command(HubProcess.SHORT_LIVED));
    command.addAll(List.of("--data", data.toString()));
    HubProcess.PORTS.forEach(port -> command.addAll(List.of(port, "0")));
    Process starting = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (BufferedReader out = starting.inputReader(StandardCharsets.UTF_8)) {
      String line = out.readLine();
      while (line != null && !line.contains("from the journal") && !line.contains("ready")) {
        line = out.readLine();
      }
      assertThat(line).as("a sign that it was starting").isNotNull();
    } finally {
      starting.destroyForcibly().waitFor();
    }
  }
}
