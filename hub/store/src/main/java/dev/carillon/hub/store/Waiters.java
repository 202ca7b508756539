package dev.carillon.hub.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;

/** Those who wait until a position is readable. Thread-safe. */
final class Waiters {

  private final ConcurrentSkipListMap<Long, CompletableFuture<Void>> waiting =
      new ConcurrentSkipListMap<>();

  CompletableFuture<Void> await(long position) {
    return waiting.computeIfAbsent(position, key -> new CompletableFuture<>());
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Whether somebody waits for a position up to this one. */
  boolean anyUpTo(long position) {
    var first = waiting.firstEntry();
    return first != null && first.getKey() <= position;
  }

  /** Lets all go on who wait for a position up to this one. */
  void release(long position) {
    for (var first = waiting.firstEntry();
        first != null && first.getKey() <= position;
        first = waiting.firstEntry()) {
      if (waiting.remove(first.getKey(), first.getValue())) {
        first.getValue().complete(null);
      }
    }
  }

  /** Ends every wait with a failure. */
  void fail(LogUnavailableException reason) {
    for (var first = waiting.pollFirstEntry(); first != null; first = waiting.pollFirstEntry()) {
      first.getValue().completeExceptionally(reason);
    }
  }
}
