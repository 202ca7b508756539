package dev.carillon.hub.store;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** How far can be read, and those who wait for more, each for 20 seconds at most. Thread-safe. */
final class Progress {

  private static final int MAX_WAIT_SECONDS = 20;

  private volatile long position;

  // Behind the lock of this object.
  private final NavigableMap<Long, CompletableFuture<Void>> waiting = new TreeMap<>();
  private @Nullable LogUnavailableException broken;

  Progress(long start) {
    this.position = start;
  }

  long position() {
    return position;
  }

  /**
   * Completes when everything up to a position can be read; fails with a {@link LogFullException}
   * when that takes too long.
   *
   * @param hurry is run when a wait begins
   */
  CompletableFuture<Void> upTo(long wanted, Runnable hurry) {
    CompletableFuture<Void> reached = begin(wanted);
    if (reached.isDone()) {
      return reached;
    }
    hurry.run();
    return reached
        .copy()
        .orTimeout(MAX_WAIT_SECONDS, TimeUnit.SECONDS)
        .exceptionallyCompose(Progress::notReached);
  }

  /** Decided in one step, so that no wait begins behind what would have ended it. */
  private synchronized CompletableFuture<Void> begin(long wanted) {
    if (position >= wanted) {
      return CompletableFuture.completedFuture(null);
    }
    if (broken != null) {
      return CompletableFuture.failedFuture(broken);
    }
    return waiting.computeIfAbsent(wanted, key -> new CompletableFuture<>());
  }

  private static CompletableFuture<Void> notReached(Throwable reason) {
    return CompletableFuture.failedFuture(
        reason instanceof TimeoutException
            ? new LogFullException("what was acknowledged before is not readable yet")
            : reason);
  }

  /** Whether anybody waits. */
  synchronized boolean isAwaited() {
    return !waiting.isEmpty();
  }

  /** Whether somebody waits for a position up to this one. */
  synchronized boolean anyUpTo(long position) {
    return !waiting.isEmpty() && waiting.firstKey() <= position;
  }

  /** Moves on; who waits for that goes on with {@link #release}. */
  void reached(long position) {
    this.position = position;
  }

  /** Lets all go on whose position is reached. */
  void release() {
    List<CompletableFuture<Void>> ended;
    synchronized (this) {
      ended = take(waiting.headMap(position, true));
    }
    ended.forEach(wait -> wait.complete(null));
  }

  /** Ends every wait with a failure, also those that would begin, until it is {@link #mended}. */
  void broken(LogUnavailableException reason) {
    List<CompletableFuture<Void>> ended;
    synchronized (this) {
      broken = reason;
      ended = take(waiting);
    }
    ended.forEach(wait -> wait.completeExceptionally(reason));
  }

  synchronized void mended() {
    broken = null;
  }

  private static List<CompletableFuture<Void>> take(Map<Long, CompletableFuture<Void>> from) {
    List<CompletableFuture<Void>> taken = List.copyOf(from.values());
    from.clear();
    return taken;
  }
}
