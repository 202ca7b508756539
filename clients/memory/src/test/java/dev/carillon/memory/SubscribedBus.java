package dev.carillon.memory;

import dev.carillon.core.EventFilter;
import dev.carillon.core.EventSink;
import dev.carillon.testkit.SinkPeer;
import io.cloudevents.CloudEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/** A bus whose only subscriber writes down what comes, and waits when told to. */
final class SubscribedBus implements SinkPeer {

  private final MemoryBus bus = MemoryBus.builder().capacity(2_000).build();
  private final List<CloudEvent> arrived = new ArrayList<>();
  private final Semaphore open = new Semaphore(1);

  SubscribedBus() {
    bus.source().subscribe(EventFilter.all(), this::take);
  }

  private void take(CloudEvent event) throws InterruptedException {
    open.acquire();
    open.release();
    synchronized (arrived) {
      arrived.add(event);
    }
  }

  @Override
  public EventSink openSink() {
    return bus.sink();
  }

  @Override
  public List<CloudEvent> arrived() {
    synchronized (arrived) {
      return List.copyOf(arrived);
    }
  }

  @Override
  public void stall() {
    open.acquireUninterruptibly();
  }

  @Override
  public void resume() {
    if (open.availablePermits() == 0) {
      open.release();
    }
  }

  @Override
  public void close() {
    resume();
    bus.close();
  }
}
