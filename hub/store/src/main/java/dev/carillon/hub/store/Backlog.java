package dev.carillon.hub.store;

import java.util.concurrent.atomic.AtomicLong;

/** What was accepted and is not yet readable, bounded in events and bytes. Thread-safe. */
final class Backlog {

  private final long maxEvents;
  private final long maxBytes;
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

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

  void leave(int count, long size) {
    events.addAndGet(-count);
    bytes.addAndGet(-size);
  }

  long events() {
    return events.get();
  }

  long bytes() {
    return bytes.get();
  }
}
