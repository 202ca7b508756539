package dev.carillon.hub.server;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of request bodies the hub holds at once, over all connections. Thread-safe. */
final class BodyBudget {

  private static final long MAX_BYTES = 64L << 20;

  private final AtomicLong held = new AtomicLong();

  boolean take(long bytes) {
    if (held.addAndGet(bytes) <= MAX_BYTES) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  void giveBack(long bytes) {
    held.addAndGet(-bytes);
  }
}
