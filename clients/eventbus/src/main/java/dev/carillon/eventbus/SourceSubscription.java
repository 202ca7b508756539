package dev.carillon.eventbus;

import dev.carillon.core.EventFilter;
import dev.carillon.core.EventHandler;
import dev.carillon.core.SinkFullException;
import dev.carillon.core.Subscription;
import io.cloudevents.CloudEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One handler of CloudEvents, with a queue and a thread of its own. */
final class SourceSubscription implements Subscription {

  private static final Logger log = LoggerFactory.getLogger(SourceSubscription.class);
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

  private final EventFilter filter;
  private final EventHandler handler;
  private final Set<String> topics;
  private final BoundedQueue<Arrived<CloudEvent>> queue;
  private final Runnable taken;
  private final Consumer<SourceSubscription> onClose;
  private final Counters counters;
  private final AtomicLong handled = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Creates a subscription.
   *
   * @param topics exact names; empty for all
   * @param taken called whenever there is room again
   */
  SourceSubscription(
      EventFilter filter,
      EventHandler handler,
      Set<String> topics,
      BoundedQueue<Arrived<CloudEvent>> queue,
      Runnable taken,
      Consumer<SourceSubscription> onClose,
      Counters counters) {
    this.filter = filter;
    this.handler = handler;
    this.topics = topics;
    this.queue = queue;
    this.taken = taken;
    this.onClose = onClose;
    this.counters = counters;
  }

  void start(String name) {
    Thread thread = new Thread(this::work, name);
    thread.setDaemon(true);
    thread.start();
  }

  Set<String> topics() {
    return topics;
  }

  boolean wants(String topic) {
    return topics.isEmpty() || topics.contains(topic);
  }

  boolean wants(CloudEvent event) {
    return filter.matches(event);
  }

  BoundedQueue<Arrived<CloudEvent>> queue() {
    return queue;
  }

  private void work() {
    try {
      while (!closed.get() && !queue.isOver()) {
        workOnce();
      }
    } catch (InterruptedException e) {
      log.debug("interrupted, as nobody but a stop of the whole process does", e);
    }
    close();
  }

  private void workOnce() throws InterruptedException {
    try {
      Arrived<CloudEvent> next = queue.poll(PATIENCE);
      if (next != null) {
        taken.run();
        handle(next.event());
      }
    } catch (SinkFullException e) {
      log.warn("a handler was too slow: {}", e.getMessage());
    }
  }

  private void handle(CloudEvent event) {
    if (closed.get()) {
      counters.droppedReceiving.increment();
      return;
    }
    try {
      handler.handle(event);
      handled.incrementAndGet();
    } catch (Throwable e) { // errors too: the next event comes in any case
      failed.incrementAndGet();
      log.warn("handler failed on event {} of type {}", event.getId(), event.getType(), e);
    }
    boolean unused = Thread.interrupted(); // the handler's own affair: the next event comes
  }

  @Override
  public boolean isActive() {
    return !closed.get();
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
    if (closed.compareAndSet(false, true)) {
      queue.close();
      onClose.accept(this);
      List<Arrived<CloudEvent>> left = new ArrayList<>();
      queue.drainTo(left, Integer.MAX_VALUE);
      counters.droppedReceiving.add(left.size());
    }
  }
}
