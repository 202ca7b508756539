package dev.carillon.examples;

import dev.carillon.core.EventSink;
import dev.carillon.core.Receipt;
import dev.carillon.eventgrid.EventGridClient;
import dev.carillon.eventgrid.EventGridConfig;
import dev.carillon.eventgrid.EventGridCredential;
import dev.carillon.observability.MeteredSink;
import dev.carillon.sinks.DomainPublisher;
import dev.carillon.sinks.EnrichingSink;
import dev.carillon.sinks.Enrichment;
import dev.carillon.sinks.EventTemplate;
import dev.carillon.sinks.TemplatePublisher;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** What applications put around a topic. */
public final class EventGridPatterns {

  private EventGridPatterns() {}

  /** Publishes what happened to a user. */
  public static CompletableFuture<Receipt> publishUserEvent(
      EventGridClient client, String action, int userId, Map<String, ?> data) {
    // docs:begin template
    TemplatePublisher users =
        new TemplatePublisher(
            client.sink("user-events"),
            EventTemplate.of("/users", "user.{action}", "users/{user_id}"));
    return users.publish(Map.of("action", action, "user_id", userId), data);
    // docs:end template
  }

  /** Publishes domain events, each to the topic of its aggregate. */
  public static CompletableFuture<Receipt> publishDomainEvent(EventGridClient client) {
    // docs:begin domain
    DomainPublisher domain =
        new DomainPublisher(
            URI.create("/shop"),
            Map.of("User", client.sink("user-events"), "Order", client.sink("order-events")));
    return domain.publish("Order", "456", "completed", Map.of("total_amount", 199.99));
    // docs:end domain
  }

  /** A topic whose events are enriched, counted and timed. */
  public static EventSink observed(
      EventGridClient client, MeterRegistry registry, Supplier<String> requestId) {
    // docs:begin observed
    EventSink users = new MeteredSink(client.sink("user-events"), registry, "user-events");
    return new EnrichingSink(
        users,
        Enrichment.builder()
            .correlationId(requestId)
            .sourceService("user-service")
            .schemaVersion("1.0")
            .build());
    // docs:end observed
  }

  /** A client that counts all that it emits, topic by topic. */
  public static EventGridClient counting(
      EventGridConfig config, EventGridCredential credential, MeterRegistry registry) {
    // docs:begin around
    return EventGridClient.builder()
        .config(config)
        .credential(credential)
        .around((topic, sink) -> new MeteredSink(sink, registry, topic))
        .build();
    // docs:end around
  }
}
