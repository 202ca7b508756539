package dev.carillon.examples;

import com.azure.identity.DefaultAzureCredentialBuilder;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import dev.carillon.eventgrid.EventGridClient;
import dev.carillon.eventgrid.EventGridConfig;
import dev.carillon.eventgrid.EventGridCredential;
import dev.carillon.eventgrid.EventGridTopicConfig;
import dev.carillon.eventgrid.TopicEvent;
import dev.carillon.resilience.RetryPolicy;
import dev.carillon.sinks.CoalescingPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;

/** One client for many Event Grid topics. */
public final class EventGridTopics {

  private EventGridTopics() {}

  /** A client of two topics in Azure. */
  public static EventGridClient inAzure() {
    // docs:begin azure
    EventGridConfig config =
        EventGridConfig.of(
            new EventGridTopicConfig("user-events", "https://user-events.azure.net/api/events"),
            new EventGridTopicConfig("order-events", "https://order-events.azure.net/api/events"));
    return EventGridClient.of(config, new DefaultAzureCredentialBuilder().build());
    // docs:end azure
  }

  /** A client of the same topics at a hub. */
  public static EventGridClient atAHub(String hub, String key, SSLContext trust) {
    // docs:begin hub
    EventGridConfig config =
        EventGridConfig.of(
            new EventGridTopicConfig("user-events", hub + "/user-events/api/events"),
            new EventGridTopicConfig("order-events", hub + "/order-events/api/events"));
    return EventGridClient.builder()
        .config(config)
        .credential(EventGridCredential.key(key))
        .sslContext(trust)
        .build();
    // docs:end hub
  }

  /** A client over plain HTTP, with everything that can be around it. */
  public static EventGridClient patient(EventGridConfig config, String key) {
    // docs:begin options
    return EventGridClient.builder()
        .config(config)
        .credential(EventGridCredential.signingKey(key))
        .retry(RetryPolicy.ofDefaults())
        .coalescing(CoalescingPolicy.ofDefaults())
        .build();
    // docs:end options
  }

  /** One event, waited for. */
  public static Receipt emit(EventGridClient client) {
    // docs:begin emit
    return client.emitEvent(
        "user-events",
        "user.created",
        "users/12345",
        Map.of("user_id", 12345, "email", "user@example.com"));
    // docs:end emit
  }

  /** One event with all that can be said about it, not waited for. */
  public static CompletableFuture<Receipt> emitAsync(EventGridClient client) {
    // docs:begin emit-async
    TopicEvent event =
        TopicEvent.builder(
                "order.completed", "orders/67890", Map.of("order_id", 67890, "total_amount", 99.99))
            .dataVersion("1.0")
            .eventTime(Instant.parse("2023-01-01T13:00:00Z"))
            .build();
    return client.emitEventAsync("order-events", event);
    // docs:end emit-async
  }

  /** Many at once. */
  public static List<Outcome> emitMany(EventGridClient client) {
    // docs:begin emit-many
    List<TopicEvent> events =
        List.of(
            TopicEvent.of("user.updated", "users/1", Map.of("user_id", 1, "field", "email")),
            TopicEvent.of("user.updated", "users/2", Map.of("user_id", 2, "field", "name")));
    return client.emitEvents("user-events", events);
    // docs:end emit-many
  }
}
