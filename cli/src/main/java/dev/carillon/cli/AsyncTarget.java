package dev.carillon.cli;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** Lines that are published one by one, so many at once at most. Not thread-safe. */
final class AsyncTarget implements LineTarget {

  private static final int MAX_UNDER_WAY = 1_000;

  private final Publishing publishing;
  private final Queue<CompletableFuture<Void>> underWay = new ArrayDeque<>();

  /** Publishes a line. */
  interface Publishing {
    /**
     * Begins to publish.
     *
     * @return completes when it is published or has failed, and does not fail itself
     * @throws BadMessageException if the line holds no event
     */
    CompletableFuture<Void> begin(String place, byte[] line) throws BadMessageException;
  }

  AsyncTarget(Publishing publishing) {
    this.publishing = publishing;
  }

  @Override
  public void add(String place, byte[] line) throws BadMessageException {
    underWay.add(publishing.begin(place, line));
    while (underWay.size() > MAX_UNDER_WAY) {
      underWay.remove().join();
    }
  }

  @Override
  public void flush() {}

  @Override
  public void finish() {
    while (!underWay.isEmpty()) {
      underWay.remove().join();
    }
  }
}
