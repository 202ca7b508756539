package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.testkit.FaultProxy;
import dev.carillon.testkit.HubProcess;
import dev.carillon.testkit.engines.ClickHouseEngine;
import dev.carillon.testkit.engines.KafkaBroker;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Conversation analytics over several processes, a real Kafka and the real ClickHouse engine: the
 * final state is that of the acknowledged operations, in the order of each event.
 */
@Timeout(300)
final class DistributedTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int WRITERS = 3;

  @TempDir private static Path folder;
  private static KafkaBroker kafka;
  private static ClickHouseEngine clickHouse;

  private final List<AutoCloseable> open = new ArrayList<>();
  private int processes;

  @BeforeAll
  static void startEngines() {
    kafka = KafkaBroker.start(folder.resolve("kafka"));
    clickHouse = ClickHouseEngine.start(folder.resolve("clickhouse"));
  }

  @AfterAll
  static void stopEngines() {
    clickHouse.close();
    kafka.close();
  }

  @AfterEach
  void closeAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  @Test
  void finalStateIsThatOfTheAcknowledgedOperationsWhateverIsKilled() throws Exception {
    String database = database();
    FaultProxy proxy = kept(FaultProxy.before(clickHouse.url().getPort()));
    String[] all = distributed("kills", "http://127.0.0.1:" + proxy.port() + "/" + database);
    HubProcess api = hub(with(all, "--role", "api"));
    HubProcess other = hub(with(all, "--role", "api"));
    HubProcess writer = hub(with(all, "--role", "writer"));
    AnalyticsLoad load = kept(AnalyticsLoad.on(api.http(), WRITERS));
    AnalyticsLoad otherLoad = kept(AnalyticsLoad.on(other.http(), WRITERS));

    load.awaitMore(200);
    writer.kill();
    load.awaitMore(100);
    HubProcess next = hub(with(all, "--role", "writer"));

    api.kill();
    otherLoad.awaitMore(100);
    String port = Integer.toString(api.http().getPort());
    hub(with(all, "--role", "api", "--http-port", port));

    load.awaitMore(100);
    kafka.kill();
    awaitHealth(other, 503);
    kafka.restart();
    awaitHealth(other, 200);

    load.awaitMore(100);
    proxy.refuse();
    awaitHealth(other, 503);
    assertThat(ready(other, "")).isEqualTo(503);
    assertThat(ready(other, "/analytics-ingest")).isEqualTo(200);
    assertThat(ready(other, "/analytics-query")).isEqualTo(503);
    assertThat(ready(other, "/analytics-writer")).as("it has none").isEqualTo(404);
    assertThat(post(other, event(1)).statusCode()).isEqualTo(202);
    otherLoad.awaitMore(200); // what is written does not wait for those who read
    assertAway(Log.get(other.http(), "/analytics/latency"));
    proxy.pass();
    awaitHealth(other, 200);

    hub(with(all, "--role", "writer"));
    load.awaitMore(100);
    next.kill();
    otherLoad.awaitMore(100);
    load.close();
    otherLoad.close();

    awaitState(other.http(), load, otherLoad);
  }

  @Test
  void readsWhatAJournalAcknowledgedFromClickHouseAtOnce() throws Exception {
    String[] flags = {"--store", "clickhouse", "--clickhouse-url", clickHouseUrl(database())};
    Path data = folder.resolve("journal");
    HubProcess hub = kept(HubProcess.start(data, flags));
    String port = Integer.toString(hub.http().getPort());
    AnalyticsLoad load = kept(AnalyticsLoad.on(hub.http(), WRITERS));
    for (int kill = 0; kill < 2; kill++) {
      load.awaitMore(200);
      hub.kill();
      hub = kept(HubProcess.start(data, with(flags, "--http-port", port)));
    }
    load.awaitMore(100);
    load.close();

    assertThat(state(hub.http())).isEqualTo(expected(load));
  }

  @Test
  void fillsDuckDbFromKafka() throws Exception {
    String[] flags = {
      "--ingest", "kafka", "--kafka-brokers", kafka.bootstrap(), "--kafka-topic", "into-duckdb"
    };
    Path data = folder.resolve("duckdb");
    HubProcess hub = kept(HubProcess.start(data, flags));
    awaitHealth(hub, 200);
    String port = Integer.toString(hub.http().getPort());
    AnalyticsLoad load = kept(AnalyticsLoad.on(hub.http(), WRITERS));
    for (int kill = 0; kill < 2; kill++) {
      load.awaitMore(200);
      hub.kill();
      hub = kept(HubProcess.start(data, with(flags, "--http-port", port)));
    }
    load.awaitMore(100);
    load.close();

    awaitState(hub.http(), load);
  }

  @Test
  void storesWhatAJournalAcknowledgedBeforeWhatComesThroughKafka() {
    Path data = folder.resolve("changed");
    HubProcess hub = kept(HubProcess.start(data));
    String id = created(hub, 1);
    hub.kill();

    String[] flags = {
      "--ingest", "kafka", "--kafka-brokers", kafka.bootstrap(), "--kafka-topic", "changed"
    };
    hub = kept(HubProcess.start(data, flags));
    assertThat(latency(hub, id)).isEqualTo(1);
    awaitHealth(hub, 200);
    String update = "{\"latency\":2}";
    assertAccepted(Log.send("PUT", hub.http(), "/event/" + id, update));
    HubProcess changed = hub;
    await().atMost(PATIENCE).until(() -> latency(changed, id) == 2);
    hub.kill();

    hub = kept(HubProcess.start(data));
    assertThat(latency(hub, id)).as("nothing comes again").isEqualTo(2);
  }

  @Test
  void storesInClickHouseWhatAJournalAcknowledged() {
    String[] all = distributed("changed-both", clickHouseUrl(database()));
    String[] journaled = {"--store", "clickhouse", "--clickhouse-url", all[all.length - 1]};
    Path data = folder.resolve("changed-both");
    HubProcess hub = kept(HubProcess.start(data));
    String first = created(hub, 1);
    hub.kill();

    hub = kept(HubProcess.start(data, journaled));
    assertThat(latency(hub, first)).isEqualTo(1);
    String second = created(hub, 2);
    hub.kill();

    assertThatThrownBy(() -> HubProcess.start(data, distributed("x", "http://127.0.0.1:1/x")))
        .hasMessageContaining("hub: the journal in ")
        .hasMessageContaining("must be stored");
    hub = kept(HubProcess.start(data, all));
    assertThat(latency(hub, second)).isEqualTo(2);
    hub.kill();
    kept(HubProcess.start(data, distributed("x", "http://127.0.0.1:1/x"))); // nothing is left
  }

  @Test
  void takesOperationsIntoTheJournalWhileClickHouseIsAway() {
    FaultProxy proxy = kept(FaultProxy.before(clickHouse.url().getPort()));
    String url = "http://127.0.0.1:" + proxy.port() + "/" + database();
    HubProcess hub = hub("--store", "clickhouse", "--clickhouse-url", url);
    proxy.refuse();
    awaitHealth(hub, 503);

    String id = created(hub, 5);
    assertAway(Log.get(hub.http(), "/event/" + id));

    proxy.pass();
    awaitHealth(hub, 200);
    assertThat(latency(hub, id)).isEqualTo(5);
  }

  @Test
  void refusesWhatIsTooLargeForKafkaAlone() throws Exception {
    Path config = Files.writeString(folder.resolve("small.properties"), "max.request.size=20000");
    String[] all = distributed("too-large", clickHouseUrl(database()));
    HubProcess api = hub(with(all, "--role", "api", "--kafka-config", config.toString()));
    awaitHealth(api, 200);
    String large = event(1).replace("}", ",\"input\":\"" + "x".repeat(30_000) + "\"}");

    HttpResponse<String> batch =
        Log.send(
            "POST",
            api.http(),
            "/event/batch",
            "[" + String.join(",", event(1), large, "{}", event(1)) + "]");
    assertAccepted(batch);
    assertThat(batch.body()).contains("2 events accepted");
    JsonNode entries = Log.json(batch.body()).get("data");
    assertThat(entries).hasSize(4);
    assertThat(entries.get(0).has("id") && entries.get(3).has("id")).isTrue();
    assertThat(entries.get(1).get("error").textValue()).contains("larger than the topic");

    for (int round = 0;
        round < 10;
        round++) { // they come in the same turn of an event loop, or not
      List<CompletableFuture<HttpResponse<String>>> answers =
          Stream.of(event(1), event(2), large, event(3), event(4))
              .map(each -> CompletableFuture.supplyAsync(() -> post(api, each)))
              .toList();
      assertThat(answers)
          .extracting(answer -> answer.get(30, TimeUnit.SECONDS).statusCode())
          .containsExactly(202, 202, 413, 202, 202);
    }
  }

  private static String event(double latency) {
    return "{\"conversation_id\":\"c\",\"event_name\":\"event_a\",\"latency\":" + latency + "}";
  }

  private static HttpResponse<String> post(HubProcess hub, String event) {
    return Log.send("POST", hub.http(), "/event", event);
  }

  /** The id of an event that the hub has acknowledged. */
  private static String created(HubProcess hub, double latency) {
    HttpResponse<String> answer = post(hub, event(latency));
    assertAccepted(answer);
    return Log.json(answer.body()).at("/data/id").textValue();
  }

  private static void assertAccepted(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
  }

  private static double latency(HubProcess hub, String id) {
    HttpResponse<String> answer = Log.get(hub.http(), "/event/" + id);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Log.json(answer.body()).at("/data/latency").doubleValue();
  }

  @Test
  void startsBeforeKafkaAndClickHouseAndKeepsTheirPasswordsToItself() throws Exception {
    HubProcess api =
        hub(
            "--role",
            "api",
            "--ingest",
            "kafka",
            "--kafka-brokers",
            "127.0.0.1:1",
            "--store",
            "clickhouse",
            "--clickhouse-url",
            "http://me:s3cret@127.0.0.1:1/events");

    assertAway(Log.get(api.http(), "/health"));
    assertAway(Log.get(api.http(), "/analytics/errors"));
    assertAway(post(api, event(1)));
    assertAway(Log.send("POST", api.http(), "/event/batch", "[" + event(1) + "]"));
    assertAway(Log.send("DELETE", api.http(), "/event/" + UUID.randomUUID(), ""));
    await().atMost(PATIENCE).until(() -> api.log().contains("me:***@127.0.0.1:1/events is away"));
    assertThat(api.log()).doesNotContain("s3cret");
    assertThat(api.stop()).isZero();
  }

  private static void assertAway(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(Log.json(answer.body()).get("success").booleanValue()).isFalse();
    assertThat(answer.body()).doesNotContain("s3cret");
  }

  private HubProcess hub(String... flags) {
    return kept(HubProcess.start(folder.resolve("none-" + processes++), flags));
  }

  private <T extends AutoCloseable> T kept(T thing) {
    open.add(thing);
    return thing;
  }

  private static String[] distributed(String topic, String url) {
    return new String[] {
      "--ingest",
      "kafka",
      "--kafka-brokers",
      kafka.bootstrap(),
      "--kafka-topic",
      topic,
      "--store",
      "clickhouse",
      "--clickhouse-url",
      url
    };
  }

  private static String[] with(String[] flags, String... more) {
    String[] all = Arrays.copyOf(flags, flags.length + more.length);
    System.arraycopy(more, 0, all, flags.length, more.length);
    return all;
  }

  private static String clickHouseUrl(String database) {
    return clickHouse.url() + "/" + database;
  }

  private static String database() {
    String name = "test_" + UUID.randomUUID().toString().replace("-", "");
    HttpResponse<String> made = Log.get(clickHouse.url(), "/?query=CREATE%20DATABASE%20" + name);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
    return name;
  }

  private static void awaitHealth(HubProcess hub, int status) {
    await().atMost(PATIENCE).until(() -> Log.get(hub.http(), "/health").statusCode() == status);
  }

  private static int ready(HubProcess hub, String part) {
    return Log.get(hub.http(), "/health/ready" + part).statusCode();
  }

  private static void awaitState(URI hub, AnalyticsLoad... loads) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(state(hub)).isEqualTo(expected(loads)));
  }

  /** The latency of each live event, by its id. */
  private static Map<String, Double> expected(AnalyticsLoad... loads) {
    Map<String, Double> expected = new TreeMap<>();
    for (AnalyticsLoad load : loads) {
      for (int writer = 0; writer < WRITERS; writer++) {
        expected.putAll(load.expected(writer));
      }
    }
    return expected;
  }

  private static Map<String, Double> state(URI hub) {
    Map<String, Double> state = new TreeMap<>();
    for (int writer = 0; writer < WRITERS; writer++) {
      String path = "/events/conversation/" + AnalyticsLoad.conversation(writer) + "?limit=10000";
      HttpResponse<String> answer = Log.get(hub, path);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      for (JsonNode event : Log.json(answer.body()).get("data")) {
        assertThat(state.put(event.get("id").textValue(), event.get("latency").doubleValue()))
            .as("twice")
            .isNull();
      }
    }
    return state;
  }
}
