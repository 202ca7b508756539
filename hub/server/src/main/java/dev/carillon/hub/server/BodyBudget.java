package dev.carillon.hub.server;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of bodies the hub holds at once, over all connections. Thread-safe. */
final class BodyBudget {

  private final long maxBytes;
  private final AtomicLong held = new AtomicLong();

  private BodyBudget(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Of requests: 64 MiB. */
  static BodyBudget ofRequests() {
    return new BodyBudget(64L << 20);
  }

  /** Of answers that slow readers have not taken yet: 128 MiB. */
  static BodyBudget ofAnswers() {
    return new BodyBudget(128L << 20);
  }

  boolean take(long bytes) {
    if (held.addAndGet(bytes) <= maxBytes) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  /** Takes what cannot be refused, and may go beyond the bound by it. */
  void takeAnyway(long bytes) {
    held.addAndGet(bytes);
  }

  boolean isFull() {
    return held.get() >= maxBytes;
  }

  void giveBack(long bytes) {
    held.addAndGet(-bytes);
  }
}
