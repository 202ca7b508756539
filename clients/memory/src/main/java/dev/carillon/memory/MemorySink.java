package dev.carillon.memory;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import dev.carillon.core.Capabilities;
import dev.carillon.core.EventException;
import dev.carillon.core.EventSink;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import dev.carillon.core.SinkClosedException;
import io.cloudevents.CloudEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The way into a {@link MemoryBus}: every future it returns is complete already. */
final class MemorySink implements EventSink {

  private final MemoryBus bus;
  private volatile boolean closed;

  MemorySink(MemoryBus bus) {
    this.bus = bus;
  }

  @Override
  public CompletableFuture<Receipt> send(CloudEvent event) {
    try {
      return completedFuture(publish(event));
    } catch (RuntimeException e) {
      return failedFuture(EventException.of(e));
    }
  }

  @Override
  public CompletableFuture<List<Outcome>> sendAll(@Nullable List<CloudEvent> events) {
    if (events == null) {
      return failedFuture(new EventValidationException("events", "is missing"));
    }
    List<Outcome> outcomes = new ArrayList<>(events.size());
    for (CloudEvent event : events) {
      outcomes.add(outcome(event));
    }
    return completedFuture(List.copyOf(outcomes));
  }

  private Outcome outcome(@Nullable CloudEvent event) {
    try {
      return Outcome.accepted(publish(event));
    } catch (RuntimeException e) {
      return Outcome.failed(Outcome.idOf(event), EventException.of(e));
    }
  }

  private Receipt publish(@Nullable CloudEvent event) {
    if (closed) {
      throw new SinkClosedException("the sink is closed", false);
    }
    return bus.publish(event);
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(Guarantee.QUEUED, true, 1, bus.maxEventBytes());
  }

  @Override
  public void close() {
    closed = true;
  }
}
