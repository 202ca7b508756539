package dev.carillon.sinks;

import dev.carillon.core.EventException;
import dev.carillon.core.EventSink;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.Receipt;
import java.net.URI;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Publishes domain events, each to the sink of its aggregate's type: {@code User} 123 {@code
 * registered} becomes an event of type {@code user.registered} on subject {@code users/123}. To the
 * data it adds {@code aggregate_id}, {@code aggregate_type}, {@code event_version} and {@code
 * occurred_at}, unless they are there. Thread-safe; the sinks stay the caller's to close.
 */
public final class DomainPublisher {

  private final Map<String, EventSink> sinks;
  private final URI source;
  private final String version;
  private final InstantSource clock;

  /**
   * Creates a publisher for events of version 1.0, by the system's clock.
   *
   * @param source the events' source
   * @param sinks the sink of each aggregate type
   */
  public DomainPublisher(URI source, Map<String, EventSink> sinks) {
    this(source, sinks, "1.0", InstantSource.system());
  }

  /** Creates a publisher for events of another version, by another clock. */
  public DomainPublisher(
      URI source, Map<String, EventSink> sinks, String version, InstantSource clock) {
    this.source = source;
    this.sinks = Map.copyOf(sinks);
    this.version = version;
    this.clock = clock;
  }

  /**
   * Publishes an event; argument errors, such as an aggregate type without a sink, come through the
   * future.
   *
   * @param aggregateType such as {@code User}
   * @param aggregateId such as {@code 123}
   * @param eventType what happened, such as {@code registered}
   * @param data the event's data
   */
  public CompletableFuture<Receipt> publish(
      String aggregateType,
      String aggregateId,
      String eventType,
      Map<String, ? extends @Nullable Object> data) {
    String missing =
        aggregateType == null
            ? "aggregateType"
            : aggregateId == null
                ? "aggregateId"
                : eventType == null ? "eventType" : data == null ? "data" : null;
    if (missing != null) {
      return CompletableFuture.failedFuture(new EventValidationException(missing, "is missing"));
    }
    EventSink sink = sinks.get(aggregateType);
    if (sink == null) {
      String message =
          "no sink for aggregate type "
              + aggregateType
              + "; known: "
              + new TreeSet<>(sinks.keySet());
      return CompletableFuture.failedFuture(new EventValidationException("aggregateType", message));
    }
    Map<String, String> values = new LinkedHashMap<>();
    values.put("aggregate_id", aggregateId);
    values.put("aggregate_type", aggregateType);
    values.put("event_version", version);
    values.put("occurred_at", clock.instant().toString());
    String name = aggregateType.toLowerCase(Locale.ROOT);
    EventTemplate template =
        new EventTemplate(source, name + "." + eventType, name + "s/{aggregate_id}", clock);
    try {
      return sink.send(template.event(values, data));
    } catch (EventException | IllegalArgumentException e) {
      return CompletableFuture.failedFuture(
          e instanceof EventException known
              ? known
              : new EventValidationException("data", String.valueOf(e.getMessage())));
    }
  }
}
