package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.testkit.HubProcess;
import dev.carillon.testkit.engines.ClickHouseEngine;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A backup as the hub's guide tells it: a hub on the copy has all that was acknowledged before. */
@Timeout(120)
final class HubCopyTest {

  private static final String SCHEMA = "/api/schemas/copied?version=1";

  @TempDir private Path folder;

  @Test
  void ofAStoppedHubIsComplete() throws Exception {
    Path data = folder.resolve("data");
    Path copy = folder.resolve("copy");
    Set<String> events;
    List<String> tracked;
    try (HubProcess hub = HubProcess.start(data);
        Load load = Load.on(hub.http(), 2, 2)) {
      tracked = trackSome(hub.http());
      load.awaitMore(1_000);
      assertThat(hub.stop()).isZero();
      events = load.acknowledged();
    }
    copy(data, copy);
    assertHolds(copy, events, tracked);
  }

  @Test
  void ofOneMomentOfARunningHubIsCompleteToo() throws Exception {
    assumeThat(Path.of("/proc/self/task")).exists();
    Path data = folder.resolve("data");
    Path copy = folder.resolve("copy");
    Set<String> events;
    List<String> tracked;
    try (HubProcess hub = HubProcess.start(data);
        Load load = Load.on(hub.http(), 2, 2)) {
      load.awaitMore(1_000);
      assertThat(Log.get(hub.http(), "/api/events?limit=1").statusCode()).isEqualTo(200);
      tracked = trackSome(hub.http());
      load.awaitMore(1_000); // so that some is in the database, and some only in the journal
      hub.stall();
      await().atMost(Duration.ofSeconds(30)).until(() -> standsStill(hub.pid()));
      events = load.acknowledged();
      copy(data, copy);
      hub.resume();
      load.awaitMore(1);
    }
    assertHolds(copy, events, tracked);
  }

  @Test
  void withoutOriginAndJournalIsAHubOfItsOwnToClickHouse() throws Exception {
    Path data = folder.resolve("data");
    Path copy = folder.resolve("copy");
    try (ClickHouseEngine clickHouse = ClickHouseEngine.start(folder.resolve("clickhouse"))) {
      String[] flags = {"--store", "clickhouse", "--clickhouse-url", clickHouse.url().toString()};
      try (HubProcess hub = HubProcess.start(data, flags)) {
        trackSome(hub.http());
        assertThat(hub.stop()).isZero();
      }
      copy(data, copy);
      Files.delete(copy.resolve("analytics/origin"));
      delete(copy.resolve("analytics/journal"));
      try (HubProcess hub = HubProcess.start(data, flags)) {
        List<String> tracked = new ArrayList<>();
        try (HubProcess other = HubProcess.start(copy, flags)) {
          tracked.addAll(trackSome(hub.http()));
          tracked.addAll(trackSome(hub.http()));
          assertTracked(hub.http(), tracked); // ClickHouse has them
          tracked.addAll(trackSome(other.http()));
          other.kill();
        }
        try (HubProcess other = HubProcess.start(copy, flags)) {
          assertTracked(other.http(), tracked);
        }
      }
    }
  }

  /** Whether every thread of a process is stopped, which a signal only begins. */
  private static boolean standsStill(long pid) throws IOException {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return threads.allMatch(
          thread -> HubJvm.text(thread.resolve("status")).contains("State:\tT"));
    }
  }

  /** Gives a hub a schema and some events of a conversation; returns their ids. */
  private static List<String> trackSome(URI hub) {
    assertThat(Log.send("PUT", hub, SCHEMA, "{\"type\":\"object\"}").statusCode())
        .isBetween(200, 201);
    return IntStream.range(0, 20)
        .mapToObj(
            i -> {
              String id = UUID.randomUUID().toString();
              String event =
                  "{\"id\":\"%s\",\"conversation_id\":\"c\",\"event_name\":\"event_a\"}"
                      .formatted(id);
              assertThat(Log.send("POST", hub, "/event", event).statusCode()).isEqualTo(202);
              return id;
            })
        .toList();
  }

  /** Copies a folder with all that is in it. */
  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  private static void assertHolds(Path data, Set<String> events, List<String> tracked) {
    try (HubProcess hub = HubProcess.start(data)) {
      Log.assertHoldsOnce(hub.http(), events);
      assertTracked(hub.http(), tracked);
      assertThat(Log.get(hub.http(), SCHEMA).statusCode()).isEqualTo(200);
      assertThat(hub.log()).as("its certificate is the one it had").doesNotContain("certificate");
    }
  }

  private static void assertTracked(URI hub, List<String> ids) {
    assertThat(ids)
        .allSatisfy(id -> assertThat(Log.get(hub, "/event/" + id).statusCode()).isEqualTo(200));
  }
}
