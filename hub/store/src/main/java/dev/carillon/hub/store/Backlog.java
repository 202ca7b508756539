package dev.carillon.hub.store;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What was accepted and is not yet readable, bounded in events and bytes: at the bound more is
 * refused; and while half of it is durable and waits for the table, the journal slows down.
 * Thread-safe.
 */
final class Backlog {

  private final long maxEvents;
  private final long maxBytes;
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong durableEvents = new AtomicLong();
  private final AtomicLong durableBytes = new AtomicLong();

  Backlog(long maxEvents, long maxBytes) {
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
  }

  /** Takes room for events, or throws when there is none. */
  void enter(int count, long size) {
    long nowEvents = events.addAndGet(count);
    long nowBytes = bytes.addAndGet(size);
    if (nowEvents > maxEvents || nowBytes > maxBytes) {
      leave(count, size);
      throw new LogFullException(
          String.format(
              "more than %d events or %d bytes are waiting to be stored", maxEvents, maxBytes));
    }
  }

  /** Gives back the room of events that were refused after all. */
  void leave(int count, long size) {
    events.addAndGet(-count);
    bytes.addAndGet(-size);
  }

  /** Notes that events are durable and wait for the table. */
  void durable(int count, long size) {
    durableEvents.addAndGet(count);
    durableBytes.addAndGet(size);
  }

  /** Gives back the room of durable events that have become readable. */
  void stored(int count, long size) {
    durable(-count, -size);
    leave(count, size);
    if (!isHalfFull()) {
      synchronized (this) {
        notifyAll();
      }
    }
  }

  /** Waits while durable events take more than half of the room, for a bounded time. */
  void awaitHalf(long millis) throws InterruptedException {
    if (!isHalfFull()) {
      return;
    }
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    synchronized (this) {
      long left = millis;
      while (isHalfFull() && left > 0) {
        wait(left);
        left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      }
    }
  }

  private boolean isHalfFull() {
    return durableEvents.get() > maxEvents / 2 || durableBytes.get() > maxBytes / 2;
  }

  long bytes() {
    return bytes.get();
  }
}
