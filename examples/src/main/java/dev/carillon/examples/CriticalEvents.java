package dev.carillon.examples;

import dev.carillon.core.EventSink;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import dev.carillon.dataservices.EventClient;
import dev.carillon.dataservices.EventMessage;
import dev.carillon.resilience.CircuitBreakerPolicy;
import dev.carillon.resilience.Resilience;
import dev.carillon.resilience.ResilientSink;
import dev.carillon.resilience.RetryPolicy;
import io.cloudevents.CloudEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** Events that must not be lost when the service is away for a while. */
public final class CriticalEvents {

  private CriticalEvents() {}

  /** A sink that tries for up to two minutes before it gives an event up. */
  public static EventSink patient(EventClient client) {
    // docs:begin retry
    var retry =
        RetryPolicy.builder()
            .maxAttempts(20)
            .delay(Duration.ofMillis(200), Duration.ofSeconds(10))
            .deadline(Duration.ofMinutes(2))
            .build();
    var resilience =
        Resilience.builder().retry(retry).circuitBreaker(CircuitBreakerPolicy.ofDefaults()).build();
    return new ResilientSink(client, resilience);
    // docs:end retry
  }

  /** Sends one event. Each attempt carries the same id, so that the hub keeps the event once. */
  public static Receipt send(EventSink sink, EventMessage event) {
    // docs:begin retry-send
    return sink.sendAndAwait(dated(event), Duration.ofMinutes(3));
    // docs:end retry-send
  }

  /** Sends events together; only those that failed and may succeed later are sent again. */
  public static List<Outcome> sendAll(EventSink sink, List<EventMessage> events) {
    // docs:begin retry-batch
    return sink.sendAll(events.stream().map(CriticalEvents::dated).toList()).join();
    // docs:end retry-batch
  }

  // docs:begin retry-dated
  /** The event with a date: where there is none, each attempt would bring its own. */
  private static CloudEvent dated(EventMessage event) {
    Instant created = Objects.requireNonNullElseGet(event.createdDateUtc(), Instant::now);
    return event.toBuilder().createdDateUtc(created).build().toCloudEvent();
  }
  // docs:end retry-dated
}
