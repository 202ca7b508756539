package dev.carillon.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;

/** A line now and then, for logs and pipes. */
final class PlainProgress implements Progress {

  private static final Duration EVERY = Duration.ofSeconds(5);

  private final PrintWriter err;
  private final InstantSource clock;
  private long lastMillis;

  PlainProgress(PrintWriter err, InstantSource clock) {
    this.err = err;
    this.clock = clock;
    this.lastMillis = clock.millis();
  }

  @Override
  public void read(long bytes) {}

  @Override
  public synchronized void answered(long events) {
    long now = clock.millis();
    if (now - lastMillis >= EVERY.toMillis()) {
      lastMillis = now;
      note(events + " events tried so far");
    }
  }

  @Override
  public synchronized void note(String line) {
    err.println(line);
    err.flush();
  }

  @Override
  public void close() {}
}
