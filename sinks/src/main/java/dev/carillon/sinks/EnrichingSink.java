package dev.carillon.sinks;

import dev.carillon.core.Capabilities;
import dev.carillon.core.EventException;
import dev.carillon.core.EventSink;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import io.cloudevents.CloudEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A sink around a sink that changes every event before it is sent, such as by an {@link
 * Enrichment}. An event that cannot be changed fails alone. Thread-safe if the change is.
 */
public final class EnrichingSink implements EventSink {

  private final EventSink sink;
  private final UnaryOperator<CloudEvent> change;

  /**
   * Puts a change around a sink. Closing this sink closes both.
   *
   * @param change makes the event to send; keeps its id, and throws if it cannot
   */
  public EnrichingSink(EventSink sink, UnaryOperator<CloudEvent> change) {
    this.sink = sink;
    this.change = change;
  }

  @Override
  public CompletableFuture<Receipt> send(CloudEvent event) {
    CloudEvent changed;
    try {
      changed = changed(event);
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(EventException.unsent(e));
    }
    return sink.send(changed);
  }

  @Override
  public CompletableFuture<List<Outcome>> sendAll(List<CloudEvent> events) {
    if (events == null) {
      return sink.sendAll(events); // argument errors in the words of the sink itself
    }
    return Outcome.ofEach(events, this::changed, Outcome::idOf, sink::sendAll);
  }

  private CloudEvent changed(@Nullable CloudEvent event) {
    if (event == null) {
      throw new EventValidationException("event", "is missing");
    }
    return change.apply(event);
  }

  @Override
  public Capabilities capabilities() {
    return sink.capabilities();
  }

  @Override
  public void close() {
    sink.close();
  }
}
