package dev.carillon.hub.store;

import java.time.Duration;

/** Tells whether a disk answers, by how long what one thread has it do has taken. Thread-safe. */
final class DiskWatch {

  private final long patienceNanos;
  private volatile long busySince; // 0 if it has nothing to do

  /**
   * Creates a watch over a disk that has nothing to do.
   *
   * @param patience how long it may take before it counts as one that does not answer
   */
  DiskWatch(Duration patience) {
    patienceNanos = patience.toNanos();
  }

  void begin() {
    busySince = System.nanoTime();
  }

  void end() {
    busySince = 0;
  }

  boolean isStalled() {
    long since = busySince;
    return since != 0 && System.nanoTime() - since > patienceNanos;
  }
}
