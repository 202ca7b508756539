package dev.carillon.memory;

import dev.carillon.core.EventFilter;
import dev.carillon.core.EventHandler;
import dev.carillon.core.EventSource;
import dev.carillon.core.SinkClosedException;
import dev.carillon.core.Subscription;
import java.util.ArrayList;
import java.util.List;

/** The way out of a {@link MemoryBus}. */
final class MemorySource implements EventSource {

  private final MemoryBus bus;
  private final List<Subscription> subscriptions = new ArrayList<>();
  private boolean closed;

  MemorySource(MemoryBus bus) {
    this.bus = bus;
  }

  @Override
  public synchronized Subscription subscribe(EventFilter filter, EventHandler handler) {
    if (closed) {
      throw new SinkClosedException("the source is closed", false);
    }
    subscriptions.removeIf(subscription -> !subscription.isActive());
    Subscription subscription = bus.subscribe(filter, handler);
    subscriptions.add(subscription);
    return subscription;
  }

  @Override
  public void close() {
    List<Subscription> running;
    synchronized (this) {
      closed = true;
      running = List.copyOf(subscriptions);
    }
    running.forEach(Subscription::close);
  }
}
