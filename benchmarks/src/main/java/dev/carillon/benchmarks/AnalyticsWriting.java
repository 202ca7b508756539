package dev.carillon.benchmarks;

import dev.carillon.benchmarks.Run.Better;
import dev.carillon.hub.pipeline.ClickHouseUrl;
import dev.carillon.hub.pipeline.Kafka;
import dev.carillon.hub.pipeline.KafkaOperationLog;
import dev.carillon.hub.pipeline.KafkaSettings;
import dev.carillon.hub.pipeline.Pipeline;
import dev.carillon.hub.store.Analytics;
import dev.carillon.hub.store.AnalyticsQuery;
import dev.carillon.hub.store.EventFields;
import dev.carillon.hub.store.Operation;
import dev.carillon.hub.store.Operation.Kind;
import dev.carillon.testkit.HubProcess;
import dev.carillon.testkit.engines.ClickHouseEngine;
import dev.carillon.testkit.engines.KafkaBroker;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How fast operations come from Kafka into ClickHouse, beside inserting the same rows in the same
 * blocks directly; and how long after its acknowledgement an event can be read at 2,000 a second.
 * Kafka and the ClickHouse engine are the real ones of the tests, on the same machine.
 */
final class AnalyticsWriting implements Benchmark {

  private static final int OPERATIONS = 1_000_000;
  private static final int ROWS = 600_000; // of the peer, which holds them in memory

  /**
   * Read and not yet written, at most: two batches go in; one is worked out, gathered, read ahead.
   */
  private static final int ON_THE_WAY = 5 * ClickHouseAlone.BLOCK;

  private static final int WARM_UP = 8; // rounds: Java goes on compiling for half a minute
  private static final int APPENDED = 2_000;
  private static final double ASKED_MILLIS = 1_000;

  @Override
  public void run(Run run) throws Exception {
    Path folder = run.folder();
    try (KafkaBroker kafka = KafkaBroker.start(folder.resolve("kafka"));
        ClickHouseEngine engine = ClickHouseEngine.start(folder.resolve("clickhouse"))) {
      throughput(run.warmingUp(WARM_UP), kafka, engine);
      lag(run, kafka, engine);
    }
  }

  private static void throughput(Run run, KafkaBroker kafka, ClickHouseEngine engine)
      throws Exception {
    int count = run.quick() ? OPERATIONS * 3 / 5 : OPERATIONS;
    int rows = run.quick() ? ROWS / 2 : ROWS;
    try (ClickHouseAlone alone = new ClickHouseAlone(engine.url())) {
      run.interleave(
          "creates from Kafka into ClickHouse, beside inserting the same blocks",
          "events/s",
          () -> fromKafka(kafka, alone, engine, count),
          () -> alone.rowsPerSecond(rows, 1));
      run.warmingUp(0)
          .interleave(
              "the same, beside two such inserts at a time, as the writer has them",
              "events/s",
              () -> fromKafka(kafka, alone, engine, count),
              () -> alone.rowsPerSecond(rows, 2));
    }
  }

  /**
   * Fills a topic, and has a writer bring it into a new database. Counts from its first rows on,
   * while there is more than it reads ahead: what it has done for later rows at the beginning, it
   * has done at the end.
   */
  private static double fromKafka(
      KafkaBroker kafka, ClickHouseAlone alone, ClickHouseEngine engine, int count)
      throws Exception {
    String name = "bench_" + UUID.randomUUID().toString().replace("-", "");
    KafkaSettings settings = KafkaSettings.of(kafka.bootstrap(), name);
    fill(settings, count);
    alone.execute("CREATE DATABASE " + name);
    ClickHouseUrl url = ClickHouseUrl.of(engine.url() + "/" + name);
    Pipeline pipeline = new Pipeline(settings, url, Pipeline.Role.WRITER);
    try (Analytics analytics = pipeline.open(Path.of("unused"), Duration.ZERO, Clock.systemUTC())) {
      long first = awaitWritten(analytics, 1);
      long started = System.nanoTime();
      long last = awaitWritten(analytics, count - ON_THE_WAY);
      double rate = (last - first) * 1e9 / (System.nanoTime() - started);
      long unused = awaitWritten(analytics, count);
      if (analytics.store().totals(AnalyticsQuery.all(1)).get(60, TimeUnit.SECONDS).events()
          != count) {
        throw new IllegalStateException("not all events are there, or some twice");
      }
      return rate;
    } finally {
      alone.execute("DROP DATABASE " + name);
    }
  }

  /** Asks the writer, since asking ClickHouse would take from what is measured. */
  private static long awaitWritten(Analytics analytics, long count) {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    long written = 0;
    while (written < count) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(written + " of " + count + " written after 5 minutes");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
      written =
          analytics.writerStats().effects().values().stream().mapToLong(Long::longValue).sum();
    }
    return written;
  }

  private static void fill(KafkaSettings settings, int count) throws Exception {
    try (Kafka kafka = new Kafka(settings)) {
      kafka.start();
      while (!kafka.isReady()) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
      try (KafkaOperationLog log = kafka.log()) {
        CompletableFuture<Void> before = CompletableFuture.completedFuture(null);
        for (int done = 0; done < count; done += APPENDED) {
          List<Operation> operations = new ArrayList<>(APPENDED);
          for (int i = done; i < Math.min(count, done + APPENDED); i++) {
            operations.add(create(i));
          }
          CompletableFuture<Void> appended = log.append(operations);
          before.get(60, TimeUnit.SECONDS);
          before = appended;
        }
        before.get(60, TimeUnit.SECONDS);
      }
    }
  }

  static Operation create(int number) {
    Instant now = Instant.ofEpochMilli(1_795_000_000_000L + number);
    long random = new SplittableRandom(number).nextLong() >>> 2;
    UUID id = new UUID(now.toEpochMilli() << 16 | 0x7000, 0x8000_0000_0000_0000L | random);
    return new Operation(Kind.CREATE, id, now, sample(number).build());
  }

  private static void lag(Run run, KafkaBroker kafka, ClickHouseEngine engine) throws Exception {
    try (ClickHouseAlone alone = new ClickHouseAlone(engine.url())) {
      alone.execute("CREATE DATABASE bench_lag");
    }
    String[] parts = {
      "--ingest",
      "kafka",
      "--kafka-brokers",
      kafka.bootstrap(),
      "--kafka-topic",
      "lag",
      "--store",
      "clickhouse",
      "--clickhouse-url",
      engine.url() + "/bench_lag",
      "--role"
    };
    try (HubProcess api = Servers.hub(run.folder().resolve("api"), with(parts, "api"));
        HubProcess writer = Servers.writer(run.folder().resolve("writer"), with(parts, "writer"))) {
      double p95 = ReadyToRead.p95Millis(api.http(), run.seconds() * 2);
      run.note("the writer at %s", writer.http());
      run.compare(
          "from 202 to readable at 2,000 events/s, p95, beside the second that is asked",
          p95,
          ASKED_MILLIS,
          "ms",
          Better.LESS);
    }
  }

  private static String[] with(String[] flags, String last) {
    List<String> all = new ArrayList<>(List.of(flags));
    all.add(last);
    return all.toArray(new String[0]);
  }

  /** What the events of the benchmarks hold. */
  static EventFields.Builder sample(int number) {
    return EventFields.builder()
        .conversationId("conversation_" + number % 50_000)
        .conversationMetadata("{\"user_id\": \"u_42\", \"channel\": \"web\"}")
        .eventName("event_a")
        .error("")
        .latency(230.0)
        .input("Tell me about Python.")
        .output("Python is a versatile programming language...");
  }
}
