package dev.carillon.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.testkit.HubProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/**
 * How fast the hub takes in conversation analytics: creates, updates and deletes, one a request,
 * beside a bare server that stores nothing, and batches beside the DuckDB appender alone. What
 * became of the events afterwards must be exact.
 */
final class AnalyticsIngest implements Benchmark {

  private static final int CONNECTIONS = 100;
  private static final int BATCH_CONNECTIONS = 16;
  private static final int BATCH = 100;
  private static final int CREATES = 500_000;
  private static final int UPDATES = 200_000;
  private static final int DELETES = 200_000;

  /** Events of their own, deleted in the end: Java goes on compiling for half a minute. */
  private static final int WARM_UP = 300_000;

  private static final int FIRST_OF_WARM_UP = 1_000_000_000;

  private final HttpClient client = HttpClient.newHttpClient();
  private final ObjectMapper mapper = new ObjectMapper();

  private interface Script {
    String of(int first, int count);
  }

  @Override
  public void run(Run run) throws Exception {
    int port = Servers.freePort();
    Process bare = Servers.bare(port);
    URI peer = URI.create("http://127.0.0.1:" + port);
    int part = run.quick() ? 10 : 1;
    try (HubProcess hub = Servers.hub(run.folder().resolve("hub"))) {
      warmUp(run, peer, WARM_UP / part);
      warmUp(run, hub.http(), WARM_UP / part);
      Run warm = run.warmingUp(0);
      int creates =
          measure(warm, hub, peer, "creates", CREATES / part, 0, AnalyticsBodies::creates);
      int updates =
          measure(warm, hub, peer, "updates", UPDATES / part, 0, AnalyticsBodies::updates);
      int deletes =
          measure(
              warm,
              hub,
              peer,
              "deletes",
              DELETES / part,
              creates - DELETES / part,
              AnalyticsBodies::deletes);
      require(hub, "event_a", creates - updates - deletes);
      require(hub, "event_b", updates);
      run.note("of %d events %d were updated and %d deleted: exact", creates, updates, deletes);
    } finally {
      bare.destroyForcibly();
    }
    try (HubProcess hub = Servers.hub(run.folder().resolve("batches"))) {
      batches(run, hub);
    }
  }

  private static void warmUp(Run run, URI address, int count) throws Exception {
    send(run, address, AnalyticsBodies.creates(FIRST_OF_WARM_UP, count));
    send(run, address, AnalyticsBodies.updates(FIRST_OF_WARM_UP, count));
    send(run, address, AnalyticsBodies.deletes(FIRST_OF_WARM_UP, count));
  }

  /** Sends so many operations, in as many parts as there are rounds; returns how many it sent. */
  private static int measure(
      Run run, HubProcess hub, URI peer, String what, int total, int first, Script script)
      throws Exception {
    int count = total / run.rounds();
    int[] next = {first};
    run.interleave(
        what + ", one a request, " + CONNECTIONS + " connections",
        "events/s",
        () -> {
          double rate = send(run, hub.http(), script.of(next[0], count));
          next[0] += count;
          return rate;
        },
        () -> send(run, peer, script.of(next[0], count)));
    return next[0] - first;
  }

  private static double send(Run run, URI address, String script) throws Exception {
    return Wrk.running(run.folder(), script).on(address, CONNECTIONS, 120).rate();
  }

  private void require(HubProcess hub, String name, long expected) throws Exception {
    URI address = hub.http().resolve("/analytics/totals?days=2&event_name=" + name);
    long events = -1;
    for (int attempt = 0; attempt < 5 && events < 0; attempt++) {
      events = events(address); // what was acknowledged may take a while to be readable
    }
    if (events != expected) {
      throw new IllegalStateException(
          "there are " + events + " events " + name + ", not " + expected);
    }
  }

  private long events(URI address) throws IOException, InterruptedException {
    var answer = client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
    return answer.statusCode() == 200
        ? mapper.readTree(answer.body()).at("/data/current/events").longValue()
        : -1;
  }

  private static void batches(Run run, HubProcess hub) throws Exception {
    Wrk wrk = Wrk.posting(run.folder(), AnalyticsBodies.batch(BATCH));
    URI address = hub.http().resolve("/event/batch");
    try (AppenderAlone appender = AppenderAlone.ofVersions(run.folder().resolve("alone.duckdb"))) {
      run.interleave(
          "batches of 100, beside the DuckDB appender at 100 rows a commit",
          "events/s",
          () -> BATCH * wrk.on(address, BATCH_CONNECTIONS, run.seconds()).rate(),
          () -> appender.rowsPerSecond(BATCH, run.seconds()));
    }
  }
}
