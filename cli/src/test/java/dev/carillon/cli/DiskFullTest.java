package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.testkit.HubProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A hub that cannot write acknowledges nothing, loses nothing, and comes back by itself. */
@Timeout(240)
final class DiskFullTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder;

  private interface Trial {
    void on(SmallDisk disk) throws Exception;
  }

  /** Tries every kind of small disk that can be had here. */
  private void onEach(Trial trial) throws Exception {
    for (SmallDisk disk : SmallDisk.kinds(folder)) {
      try (disk) {
        trial.on(disk);
      }
    }
  }

  /** Publishes an event of 16 KiB; returns its answer, and notes its id if it was acknowledged. */
  private static HttpResponse<String> publish(URI hub, Set<String> acknowledged) {
    String id = UUID.randomUUID().toString();
    String note = UUID.randomUUID().toString().repeat(16_384 / 36);
    HttpResponse<String> answer =
        Log.post(
            hub,
            "{\"id\":\"%s\",\"topic\":\"t\",\"subjects\":[],\"data\":{\"note\":\"%s\"}}"
                .formatted(id, note));
    if (answer.statusCode() == 200) {
      acknowledged.add(id);
    }
    return answer;
  }

  private static void fill(SmallDisk disk, HubProcess hub, Set<String> acknowledged)
      throws Exception {
    for (int i = 0; i < 50; i++) {
      assertThat(publish(hub.http(), acknowledged).statusCode()).isEqualTo(200);
    }
    disk.confine(hub);
    HttpResponse<String> answer = publish(hub.http(), acknowledged);
    for (int i = 0; i < 3_000 && answer.statusCode() == 200; i++) {
      answer = publish(hub.http(), acknowledged);
    }
    assertUnavailable(answer);
  }

  private static void assertUnavailable(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
    assertThat(answer.headers().firstValueAsLong("Retry-After").orElse(0)).isPositive();
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
  }

  private static void awaitReady(URI hub, int status) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(Log.get(hub, "/health/ready").statusCode()).isEqualTo(status));
  }

  @Test
  void refusesWhileFullAndRecoversByItself() throws Exception {
    onEach(
        disk -> {
          Set<String> acknowledged = new LinkedHashSet<>();
          try (HubProcess hub = HubProcess.start(disk.data())) {
            fill(disk, hub, acknowledged);
            awaitReady(hub.http(), 503);
            assertThat(Log.get(hub.http(), "/health/live").statusCode()).isEqualTo(200);
            disk.makeRoom(hub);
            awaitReady(hub.http(), 200);
            assertThat(publish(hub.http(), acknowledged).statusCode()).isEqualTo(200);
            Log.assertHoldsOnce(hub.http(), acknowledged);
            hub.kill();
          }
          try (HubProcess again = HubProcess.start(disk.data())) {
            Log.assertHoldsOnce(again.http(), acknowledged);
          }
        });
  }

  @Test
  void answersReadersInBoundedTimeWhileFull() throws Exception {
    onEach(
        disk -> {
          try (HubProcess hub = HubProcess.start(disk.data())) {
            fill(disk, hub, new LinkedHashSet<>());
            awaitReady(hub.http(), 503);
            assertThat(Log.get(hub.http(), "/api/events?limit=1").statusCode()).isIn(200, 503);
          }
        });
  }

  @Test
  void losesNothingThoughItIsKilledWhileFull() throws Exception {
    onEach(
        disk -> {
          Set<String> acknowledged = new LinkedHashSet<>();
          try (HubProcess hub = HubProcess.start(disk.data())) {
            fill(disk, hub, acknowledged);
            hub.kill();
            disk.makeRoom(hub);
          }
          try (HubProcess again = HubProcess.start(disk.data())) {
            Log.assertHoldsOnce(again.http(), acknowledged);
            assertThat(publish(again.http(), acknowledged).statusCode()).isEqualTo(200);
          }
        });
  }

  @Test
  void acknowledgesNothingOnceItsFolderIsGone() throws Exception {
    Path data = folder.resolve("data");
    try (HubProcess hub = HubProcess.start(data)) {
      assertThat(publish(hub.http(), new LinkedHashSet<>()).statusCode()).isEqualTo(200);
      deleteAll(data);
      for (int i = 0; i < 5; i++) {
        assertUnavailable(publish(hub.http(), new LinkedHashSet<>()));
      }
      awaitReady(hub.http(), 503);
      assertThat(hub.stop()).isZero();
    }
  }

  private static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.delete(file);
      }
    }
  }
}
