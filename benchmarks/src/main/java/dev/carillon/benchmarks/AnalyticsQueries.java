package dev.carillon.benchmarks;

import dev.carillon.benchmarks.Run.Better;
import dev.carillon.hub.store.Batch;
import dev.carillon.hub.store.EmbeddedAnalyticsStore;
import dev.carillon.hub.store.EventFields;
import dev.carillon.hub.store.Operation;
import dev.carillon.hub.store.Operation.Kind;
import dev.carillon.testkit.HubProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The three queries of conversation analytics over HTTP at 1 and 10 million events of 50,000
 * sessions, 30 % of them errors, each beside its plain SQL on the same store.
 */
final class AnalyticsQueries implements Benchmark {

  private static final int SESSIONS = 50_000;
  private static final int BATCH = 100_000;
  private static final int TIMES = 40;
  private static final int PLAIN_TIMES = 5;
  private static final double BOUND_MS = 200;
  private static final Pattern LAG =
      Pattern.compile("(?m)^carillon_analytics_rollup_lag(?:\\{[^}]*})? ([0-9.E]+)$");

  private static final Map<String, String> QUERIES = queries();

  private final HttpClient client = HttpClient.newHttpClient();
  private final Random random = new Random(7);

  private static Map<String, String> queries() {
    Map<String, String> queries = new LinkedHashMap<>();
    queries.put(
        "/analytics/errors?event_name=event_a&days=7",
        "SELECT CAST(created_at AS DATE), event_name, count(*) FILTER (failed), count(*)"
            + " FROM versions WHERE state = 0 AND event_name = 'event_a'"
            + " AND created_at >= today() - 6 GROUP BY ALL ORDER BY 1");
    queries.put(
        "/analytics/latency",
        "SELECT conversation_id, event_name, quantile_cont(latency, 0.95) AS p95, count(*)"
            + " FROM versions WHERE state = 0 GROUP BY ALL ORDER BY p95 DESC, 1, 2 LIMIT 100");
    queries.put(
        "/analytics/sessions/top-errors",
        "SELECT conversation_id, count(*) AS n, count(*) FILTER (failed) AS e"
            + " FROM versions WHERE state = 0 GROUP BY ALL ORDER BY e / n DESC, n DESC, 1"
            + " LIMIT 100");
    return queries;
  }

  @Override
  public void run(Run run) throws Exception {
    Path data = run.folder().resolve("hub");
    long stored = 0;
    Map<String, Double> small = Map.of();
    for (long target : run.quick() ? new long[] {1_000_000} : new long[] {1_000_000, 10_000_000}) {
      fill(run, data.resolve("analytics"), stored, target);
      stored = target;
      Map<String, Double> now = measure(run, data, target);
      for (Map.Entry<String, Double> query : now.entrySet()) {
        Double before = small.get(query.getKey());
        if (before != null) {
          double times = query.getValue() / before;
          run.note("%s takes %.1f times what it took at 1 million", query.getKey(), times);
        }
      }
      small = now;
    }
  }

  private void fill(Run run, Path folder, long stored, long target) throws IOException {
    Instant begin = Instant.now().minus(6, ChronoUnit.DAYS);
    try (EmbeddedAnalyticsStore store =
        EmbeddedAnalyticsStore.open(
            folder, EmbeddedAnalyticsStore.Settings.ofDefaults(), Clock.systemUTC())) {
      for (long from = stored; from < target; from += BATCH) {
        List<Batch.Placed> operations = new ArrayList<>(BATCH);
        for (int i = 0; i < BATCH; i++) {
          Instant at = begin.plusMillis((from + i) * 50).truncatedTo(ChronoUnit.MILLIS);
          operations.add(new Batch.Placed(from + i + 1, event(at)));
        }
        store.write(new Batch("benchmark", operations, from + BATCH));
      }
    }
    run.note("filled with %d events", target);
  }

  private Operation event(Instant at) {
    UUID id = new UUID(at.toEpochMilli() << 16 | 0x7000, random.nextLong());
    return new Operation(
        Kind.CREATE,
        id,
        at,
        EventFields.builder()
            .conversationId("conversation_" + random.nextInt(SESSIONS))
            .eventName("event_" + (char) ('a' + random.nextInt(3)))
            .error(random.nextInt(10) < 3 ? "context_length_exceeded" : "")
            .latency(random.nextInt(1_000_000) / 100.0)
            .input("Tell me about Python.")
            .output("Python is a versatile programming language...")
            .build());
  }

  private Map<String, Double> measure(Run run, Path data, long events) throws Exception {
    Map<String, Double> medians = new LinkedHashMap<>();
    Map<String, Double> slow = new LinkedHashMap<>();
    try (HubProcess hub = Servers.hub(data)) {
      awaitRollUp(run, hub.http());
      for (String query : QUERIES.keySet()) {
        double[] millis = new double[TIMES];
        for (int i = -5; i < TIMES; i++) {
          long started = System.nanoTime();
          get(hub.http().resolve(query));
          millis[Math.max(i, 0)] = (System.nanoTime() - started) / 1e6;
        }
        Arrays.sort(millis);
        medians.put(query, millis[TIMES / 2]);
        slow.put(query, millis[TIMES * 95 / 100]);
      }
    }
    Path file = data.resolve("analytics").resolve("analytics.duckdb");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file)) {
      for (Map.Entry<String, String> query : QUERIES.entrySet()) {
        String what = query.getKey() + " at " + events + " events";
        double plain = plain(connection, query.getValue());
        double ours = medians.getOrDefault(query.getKey(), Double.NaN);
        run.compare(what + ", beside plain SQL", ours, plain, "ms", Better.LESS);
        double p95 = slow.getOrDefault(query.getKey(), Double.NaN);
        run.compare(what + ", p95 beside the bound", p95, BOUND_MS, "ms", Better.LESS);
      }
    }
    return medians;
  }

  private static double plain(Connection connection, String sql) throws SQLException {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i <= PLAIN_TIMES; i++) {
      long started = System.nanoTime();
      try (Statement select = connection.createStatement();
          ResultSet rows = select.executeQuery(sql)) {
        int count = 0;
        while (rows.next()) {
          count++;
        }
        if (count == 0) {
          throw new IllegalStateException("plain SQL found nothing: " + sql);
        }
      }
      millis.add((System.nanoTime() - started) / 1e6);
    }
    return Run.median(millis.subList(1, millis.size()));
  }

  private void awaitRollUp(Run run, URI http) throws Exception {
    long started = System.nanoTime();
    long deadline = started + TimeUnit.MINUTES.toNanos(5);
    get(http.resolve("/analytics/errors"));
    boolean ready = false;
    while (!ready && System.nanoTime() < deadline) {
      Matcher lag = LAG.matcher(get(http.resolve("/metrics")));
      ready = lag.find() && Double.parseDouble(lag.group(1)) == 0 && isPrepared(http);
    }
    run.note("statistics ready after %.1f s", (System.nanoTime() - started) / 1e9);
  }

  /** Whether a query is answered quickly: the gauge begins at nothing. */
  private boolean isPrepared(URI http) throws Exception {
    long started = System.nanoTime();
    get(http.resolve("/analytics/latency"));
    return System.nanoTime() - started < TimeUnit.MILLISECONDS.toNanos(500);
  }

  private String get(URI address) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(address + " answered " + answer.statusCode());
    }
    return answer.body();
  }
}
