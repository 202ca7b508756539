package dev.carillon.schemas;

import dev.carillon.core.Capabilities;
import dev.carillon.core.EventException;
import dev.carillon.core.EventSink;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import io.cloudevents.CloudEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A sink that sends only events whose data fits their schema. What does not fit fails with an
 * {@link EventValidationException} that lists all that is wrong, and nothing of it is sent.
 *
 * <p>An event is checked against the version that its {@link SchemaRegistry#VERSION_EXTENSION}
 * names. An event without it is checked against the latest version, which it then names on the way
 * out unless that is version 1. Events of types without a schema pass.
 */
public final class ValidatingSink implements EventSink {

  private final EventSink sink;
  private final SchemaRegistry registry;

  private ValidatingSink(EventSink sink, SchemaRegistry registry) {
    this.sink = sink;
    this.registry = registry;
  }

  /**
   * Puts a check in front of a sink.
   *
   * @param sink takes what is valid; it is closed with this one
   * @param registry knows the schemas; it may serve other sinks as well
   */
  public static ValidatingSink around(EventSink sink, SchemaRegistry registry) {
    return new ValidatingSink(sink, registry);
  }

  @Override
  public CompletableFuture<Receipt> send(CloudEvent event) {
    CloudEvent valid;
    try {
      valid = registry.validated(event);
    } catch (RuntimeException | Error e) { // of others' code, such as data that cannot be read
      return CompletableFuture.failedFuture(EventException.unsent(e));
    }
    return sink.send(valid);
  }

  @Override
  public CompletableFuture<List<Outcome>> sendAll(List<CloudEvent> events) {
    if (events == null) {
      return CompletableFuture.failedFuture(new EventValidationException("events", "is missing"));
    }
    return Outcome.ofEach(events, registry::validated, Outcome::idOf, sink::sendAll);
  }

  @Override
  public Capabilities capabilities() {
    return sink.capabilities();
  }

  /** Closes the sink behind it. */
  @Override
  public void close() {
    sink.close();
  }
}
