package dev.carillon.benchmarks;

import dev.carillon.benchmarks.Run.Better;
import dev.carillon.testkit.HubProcess;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * How fast the hub takes events in: single ones beside a bare server that stores nothing, and
 * batches beside the DuckDB appender alone.
 */
final class HubIngest implements Benchmark {

  private static final int CONNECTIONS = 64;
  private static final int BATCH_CONNECTIONS = 16;

  /** Rounds of single events: Java goes on compiling for half a minute under load. */
  private static final int WARM_UP = 4;

  private static final int BATCH = 100;

  @Override
  public void run(Run run) throws Exception {
    try (HubProcess hub = Servers.hub(run.folder().resolve("hub"))) {
      single(run.warmingUp(WARM_UP), hub);
      batches(run, hub);
    }
  }

  private static void single(Run run, HubProcess hub) throws Exception {
    Wrk wrk = Wrk.posting(run.folder(), Bodies.event("sample.processed"));
    int port = Servers.freePort();
    URI bareAddress = URI.create("http://127.0.0.1:" + port + "/");
    List<Double> ourP99 = new ArrayList<>();
    List<Double> theirP99 = new ArrayList<>();
    Process bare = Servers.bare(port);
    try {
      run.interleave(
          "single events, 64 connections",
          "events/s",
          () -> measure(wrk, Servers.publish(hub.http()), run, ourP99),
          () -> measure(wrk, bareAddress, run, theirP99));
    } finally {
      bare.destroyForcibly();
    }
    run.compare(
        "single events, 64 connections, p99",
        Run.median(run.counted(ourP99)),
        Run.median(run.counted(theirP99)),
        "ms",
        Better.LESS);
  }

  private static double measure(Wrk wrk, URI address, Run run, List<Double> p99) throws Exception {
    Wrk.Load load = wrk.on(address, CONNECTIONS, run.seconds());
    p99.add(load.p99());
    return load.rate();
  }

  private static void batches(Run run, HubProcess hub) throws Exception {
    Wrk wrk = Wrk.posting(run.folder(), Bodies.batch(BATCH));
    try (AppenderAlone appender = AppenderAlone.ofEvents(run.folder().resolve("alone.duckdb"))) {
      run.interleave(
          "batches of 100, beside the DuckDB appender at 100 rows a commit",
          "events/s",
          () ->
              BATCH
                  * wrk.on(Servers.publishBatch(hub.http()), BATCH_CONNECTIONS, run.seconds())
                      .rate(),
          () -> appender.rowsPerSecond(BATCH, run.seconds()));
    }
  }
}
