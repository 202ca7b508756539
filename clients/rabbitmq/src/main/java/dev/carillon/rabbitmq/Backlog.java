package dev.carillon.rabbitmq;

import dev.carillon.core.EventException;
import dev.carillon.core.SinkClosedException;
import dev.carillon.core.SinkFullException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** How many events and bytes are under way, within bounds; refuses when closed. Thread-safe. */
final class Backlog {

  private final int maxEvents;
  private final long maxBytes;
  private final AtomicInteger events = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private volatile boolean closed;

  Backlog(int maxEvents, long maxBytes) {
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
  }

  /** Takes room for one event; null if it is taken and must be released, else why not. */
  @Nullable EventException reserve(int size) {
    int count = events.incrementAndGet();
    long sum = bytes.addAndGet(size);
    EventException refusal = refusal(count, sum, size);
    if (refusal != null) {
      release(size);
    }
    return refusal;
  }

  private @Nullable EventException refusal(int count, long sum, int size) {
    if (closed) {
      return new SinkClosedException("the publisher is closed", false);
    }
    if (count > maxEvents) {
      return new SinkFullException(maxEvents + " events are under way already");
    }
    if (sum > maxBytes && sum > size) {
      return new SinkFullException(
          "%d bytes are under way already, of %d at most".formatted(sum - size, maxBytes));
    }
    return null;
  }

  /** Whether a batch may add an event of so many bytes: the other half is for those that begin. */
  boolean hasRoom(int size) {
    return events.get() < (maxEvents + 1) / 2 && bytes.get() <= maxBytes - size;
  }

  void release(int size) {
    bytes.addAndGet(-size);
    if (events.decrementAndGet() == 0 && closed) {
      drained.complete(null);
    }
  }

  int events() {
    return events.get();
  }

  /** Takes no more; false if it was closed before. */
  synchronized boolean close() {
    if (closed) {
      return false;
    }
    closed = true;
    if (events.get() == 0) {
      drained.complete(null);
    }
    return true;
  }

  /** Waits until nothing is under way, for a bounded time, also on an interrupted thread. */
  void awaitDrained(Duration patience) {
    drained.copy().completeOnTimeout(null, patience.toNanos(), TimeUnit.NANOSECONDS).join();
    if (!drained.isDone()) {
      ConfirmingChannel.log.warn("{} events were still under way at closing", events.get());
    }
  }
}
