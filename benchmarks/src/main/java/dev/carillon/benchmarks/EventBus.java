package dev.carillon.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.benchmarks.Run.Measurement;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What the event bus client and proxy cost beside plain JeroMQ sockets through JeroMQ's own proxy,
 * and beside the same typed job in Python with pyzmq: TCP over loopback, two frames, events of 256
 * bytes, a high-water mark of 1000 everywhere, nothing dropped. A lost event ends the run.
 */
final class EventBus implements Benchmark {

  private static final int PACE = 10_000;

  @Override
  public void run(Run run) throws Exception {
    int events = run.quick() ? 200_000 : 1_000_000;
    Measurement plain = () -> rate(PlainBusRound::new, events);
    Measurement typed = () -> rate(OurBusRound::typed, events);
    run.interleave(
        "ready bytes, 256 B, beside plain JeroMQ",
        "events/s",
        () -> rate(OurBusRound::ready, events),
        plain);
    run.interleave(
        "typed, encoded and decoded, 256 B, beside plain JeroMQ with ready bytes",
        "events/s",
        typed,
        plain);
    int paced = PACE * run.seconds();
    run.interleaveLess(
        "one-way latency p99 of typed events at 10,000 events/s, beside plain JeroMQ",
        "ms",
        () -> p99(OurBusRound::typed, paced),
        () -> p99(PlainBusRound::new, paced));
    Path script = run.folder().resolve("event_bus_bench.py");
    try (InputStream in = EventBus.class.getResourceAsStream("/event_bus_bench.py")) {
      Files.copy(Objects.requireNonNull(in), script);
    }
    String python = python();
    int fewer = events / 4;
    run.interleave(
        "typed, beside pyzmq with JSON, queue and callbacks",
        "events/s",
        typed,
        () -> pythonRate(python, script, fewer));
  }

  private static double rate(Callable<BusRound> rounds, int events) throws Exception {
    try (BusRound round = rounds.call()) {
      CompletableFuture<Long> first = new CompletableFuture<>();
      CompletableFuture<Void> publishing =
          publishing(
              () -> {
                first.complete(System.nanoTime());
                for (int i = 0; i < events; i++) {
                  round.publish(i);
                }
              });
      for (int i = 0; i < events; i++) {
        if (round.receive() != i) {
          throw new IOException("event " + i + " is lost or out of order");
        }
      }
      double took = System.nanoTime() - first.join();
      publishing.join();
      return events * 1e9 / took;
    }
  }

  /** The 99th percentile of the time from publishing to receiving, in ms; a tenth to warm up. */
  private static double p99(Callable<BusRound> rounds, int events) throws Exception {
    try (BusRound round = rounds.call()) {
      long gap = TimeUnit.SECONDS.toNanos(1) / PACE;
      CompletableFuture<Void> publishing =
          publishing(
              () -> {
                long due = System.nanoTime();
                for (int i = 0; i < events; i++) {
                  for (long left = due - System.nanoTime(); left > 0; ) {
                    LockSupport.parkNanos(left);
                    left = due - System.nanoTime();
                  }
                  round.publish(System.nanoTime());
                  due += gap;
                }
              });
      long[] took = new long[events];
      for (int i = 0; i < events; i++) {
        took[i] = -round.receive();
        took[i] += System.nanoTime();
      }
      publishing.join();
      long[] counted = Arrays.copyOfRange(took, events / 10, events);
      Arrays.sort(counted);
      return counted[counted.length * 99 / 100] / 1e6;
    }
  }

  private interface Job {
    void run() throws Exception;
  }

  private static CompletableFuture<Void> publishing(Job job) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                job.run();
                done.complete(null);
              } catch (Exception e) {
                done.completeExceptionally(e);
              }
            },
            "publishing");
    thread.setDaemon(true);
    thread.start();
    return done;
  }

  private static double pythonRate(String python, Path script, int events) throws Exception {
    Process process =
        new ProcessBuilder(python, script.toString(), Integer.toString(events))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String answer = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new IOException("the job in Python failed");
    }
    return Double.parseDouble(answer);
  }

  private static String python() throws IOException, InterruptedException {
    for (String python : List.of("python3", "/usr/bin/python3")) {
      Process trial =
          new ProcessBuilder(python, "-c", "import zmq")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (trial.waitFor() == 0) {
        return python;
      }
    }
    throw new IOException("no Python 3 with pyzmq (on Debian: apt-get install python3-zmq)");
  }
}
