package dev.carillon.memory;

import dev.carillon.core.EventFilter;
import dev.carillon.core.EventHandler;
import dev.carillon.core.Subscription;
import io.cloudevents.CloudEvent;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One handler with its queue. A thread works while there are events and goes back when there are
 * none, so an idle subscription costs no thread.
 */
final class MemorySubscription implements Subscription {

  private static final Logger log = LoggerFactory.getLogger(MemorySubscription.class);

  private final EventFilter filter;
  private final EventHandler handler;
  private final int capacity;
  private final ExecutorService threads;
  private final Consumer<MemorySubscription> onClose;
  private final Queue<CloudEvent> queue = new ArrayDeque<>();
  private final AtomicLong handled = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private boolean working;
  private boolean closed;

  MemorySubscription(
      EventFilter filter,
      EventHandler handler,
      int capacity,
      ExecutorService threads,
      Consumer<MemorySubscription> onClose) {
    this.filter = filter;
    this.handler = handler;
    this.capacity = capacity;
    this.threads = threads;
    this.onClose = onClose;
  }

  boolean wants(CloudEvent event) {
    return filter.matches(event);
  }

  /** Whether it is full; stays false until the next {@link #add}, since only the bus adds. */
  synchronized boolean isFull() {
    return queue.size() >= capacity;
  }

  synchronized void add(CloudEvent event) {
    if (closed) {
      return;
    }
    queue.add(event);
    if (!working) {
      try {
        threads.execute(this::work);
        working = true;
      } catch (RejectedExecutionException e) {
        queue.clear(); // The bus was closed meanwhile, and this subscription with it.
      }
    }
  }

  private void work() {
    for (CloudEvent event = next(); event != null; event = next()) {
      handle(event);
    }
  }

  private synchronized @Nullable CloudEvent next() {
    CloudEvent event = queue.poll();
    working = event != null;
    return event;
  }

  private void handle(CloudEvent event) {
    try {
      handler.handle(event);
      handled.incrementAndGet();
    } catch (Throwable e) { // errors too: the next event comes in any case
      failed.incrementAndGet();
      log.warn("handler failed on event {} of type {}", event.getId(), event.getType(), e);
    }
  }

  @Override
  public synchronized boolean isActive() {
    return !closed;
  }

  @Override
  public long handled() {
    return handled.get();
  }

  @Override
  public long failed() {
    return failed.get();
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      queue.clear();
    }
    onClose.accept(this);
  }
}
