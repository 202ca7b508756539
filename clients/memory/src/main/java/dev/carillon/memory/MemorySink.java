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
  public CompletableFuture<Receipt> send(@Nullable CloudEvent event) {
    try {
      if (closed) {
        throw new SinkClosedException("the sink is closed", false);
      }
      return completedFuture(bus.publish(event));
    } catch (RuntimeException | Error e) { // of the data's own code, too
      return failedFuture(EventException.unsent(e));
    }
  }

  @Override
  public CompletableFuture<List<Outcome>> sendAll(@Nullable List<CloudEvent> events) {
    if (events == null) {
      return failedFuture(new EventValidationException("events", "is missing"));
    }
    return completedFuture(events.stream().map(this::outcome).toList());
  }

  private Outcome outcome(@Nullable CloudEvent event) {
    return send(event)
        .handle((receipt, error) -> Outcome.of(Outcome.idOf(event), receipt, error))
        .join();
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
