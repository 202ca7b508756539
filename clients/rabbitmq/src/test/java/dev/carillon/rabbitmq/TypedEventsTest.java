package dev.carillon.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carillon.core.EventFilter;
import dev.carillon.core.EventHandler;
import dev.carillon.schemas.DomainEvent;
import dev.carillon.schemas.PaymentEvent;
import dev.carillon.schemas.SchemaRegistry;
import dev.carillon.schemas.WorkoutEvent;
import io.cloudevents.CloudEvent;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Records go in on one side and come out on the other. */
@Timeout(120)
final class TypedEventsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String url = Brokers.shared().url();
  private final String exchange = Brokers.unique("typed");
  private final String queue = Brokers.unique("typed");
  private final SchemaRegistry schemas =
      SchemaRegistry.ofDefaults().register("locker.rented", 1, LockerRented.class);
  private final List<Object> received = new CopyOnWriteArrayList<>();

  /** Data of a type of one's own. */
  public record LockerRented(
      String lockerId, BigDecimal price, OffsetDateTime untilWhen, @Nullable String note) {}

  @AfterEach
  void delete() {
    Brokers.with(
        url,
        channel -> {
          channel.queueDelete(queue);
          channel.queueDelete(queue + ".dead-letters");
          return channel.exchangeDelete(exchange);
        });
  }

  private EventSubscriber subscribed(EventHandler handler) {
    EventSubscriber subscriber =
        EventSubscriber.of(
            EventSubscriberConfig.builder()
                .rabbitmqUrl(url)
                .exchangeName(exchange)
                .queue(queue)
                .build());
    subscriber.subscribe(EventFilter.all(), handler);
    assertThat(subscriber.awaitConsuming(PATIENCE)).isTrue();
    return subscriber;
  }

  private EventPublisher publisher() {
    return EventPublisher.of(RabbitPeer.settings(url, exchange).schemas(schemas).build());
  }

  @Test
  void aRecordOfOnesOwnComesBackAsItWas() {
    LockerRented rented =
        new LockerRented(
            "7", new BigDecimal("1.10"), OffsetDateTime.parse("2026-11-01T12:00:00+01:00"), null);
    EventHandler handler = event -> received.add(SchemaRegistry.read(event, LockerRented.class));
    try (EventSubscriber subscriber = subscribed(handler);
        EventPublisher publisher = publisher()) {
      assertThat(publisher.publish("locker.rented", rented)).isTrue();
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(received).containsExactly(rented));
      assertThat(subscriber.stats().failed()).isZero();
    }
  }

  @Test
  void anEventIsPublishedTheSameInEveryForm() {
    WorkoutEvent.Deleted deleted = new WorkoutEvent.Deleted("w1");
    List<CloudEvent> events = new CopyOnWriteArrayList<>();
    try (EventSubscriber subscriber = subscribed(events::add);
        EventPublisher publisher = publisher()) {
      OutgoingEvent outgoing = OutgoingEvent.of(deleted).withOrganizationId("gym-2");
      assertThat(publisher.publish(deleted)).isTrue();
      assertThat(publisher.publish(deleted, "gym-2")).isTrue();
      assertThat(publisher.publish(outgoing.withId("mine"))).isTrue();
      assertThat(publisher.publishAsync(deleted)).succeedsWithin(PATIENCE);
      publisher.publishOrThrow(deleted);
      publisher.publishOrThrow("workout.deleted", deleted);
      await().atMost(PATIENCE).until(() -> subscriber.stats().handled() == 6);
    }
    assertThat(events).extracting(DomainEvent::from).containsOnly(deleted);
    assertThat(events)
        .extracting(event -> event.getExtension("organizationid"))
        .containsExactlyInAnyOrder("lab-7", "gym-2", "gym-2", "lab-7", "lab-7", "lab-7");
    assertThat(events).extracting(CloudEvent::getId).contains("mine");
  }

  @Test
  void aSubscriberTakesEveryParameterFromTheEnvironment() {
    Map<String, String> environment =
        Map.ofEntries(
            Map.entry("RABBITMQ_URL", url),
            Map.entry("RABBITMQ_EXCHANGE_NAME", exchange),
            Map.entry("RABBITMQ_DECLARE_EXCHANGE", "no"),
            Map.entry("RABBITMQ_QUEUE", queue),
            Map.entry("RABBITMQ_BINDINGS", "workout.*, class.cancelled"),
            Map.entry("RABBITMQ_PREFETCH", "7"),
            Map.entry("RABBITMQ_CONCURRENCY", "2"),
            Map.entry("RABBITMQ_RETRY_ATTEMPTS", "5"),
            Map.entry("RABBITMQ_RETRY_DELAY", "0.5"),
            Map.entry("RABBITMQ_MAX_RETRY_DELAY", "2"),
            Map.entry("RABBITMQ_DEAD_LETTERS", "false"),
            Map.entry("RABBITMQ_REMEMBERED_IDS", "9"),
            Map.entry("RABBITMQ_CONNECTION_TIMEOUT", "3"),
            Map.entry("RABBITMQ_SOCKET_TIMEOUT", "4"),
            Map.entry("RABBITMQ_HEARTBEAT", "60"),
            Map.entry("RABBITMQ_RECONNECT_DELAY", "0.1"),
            Map.entry("RABBITMQ_MAX_RECONNECT_DELAY", "6"));
    assertThat(EventSubscriberConfig.fromEnvironment(environment).build())
        .isEqualTo(
            EventSubscriberConfig.builder()
                .rabbitmqUrl(url)
                .exchangeName(exchange)
                .declareExchange(false)
                .queue(queue)
                .bindings("workout.*", "class.cancelled")
                .prefetch(7)
                .concurrency(2)
                .retryAttempts(5)
                .retryDelay(Duration.ofMillis(500))
                .maxRetryDelay(Duration.ofSeconds(2))
                .deadLetters(false)
                .rememberedIds(9)
                .connectionTimeout(Duration.ofSeconds(3))
                .socketTimeout(Duration.ofSeconds(4))
                .heartbeat(Duration.ofMinutes(1))
                .reconnectDelay(Duration.ofMillis(100))
                .maxReconnectDelay(Duration.ofSeconds(6))
                .build());
    assertThatThrownBy(
            () -> EventSubscriberConfig.fromEnvironment(Map.of("RABBITMQ_PREFETCH", "many")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("RABBITMQ_PREFETCH");
  }

  @Test
  void anEventOfTheDomainComesBackAndWhatIsNoneIsADeadLetterAtOnce() {
    PaymentEvent.Completed paid =
        new PaymentEvent.Completed(
            "p1", "u1", new BigDecimal("49.90"), "card", "membership", "m1", "EUR");
    try (EventSubscriber subscriber = subscribed(event -> received.add(DomainEvent.from(event)));
        EventPublisher publisher = publisher()) {
      assertThat(publisher.publish("locker.freed", Map.of("locker_id", "7"))).isTrue();
      assertThat(publisher.publish(paid)).isTrue();
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(received).containsExactly(paid));
      await().atMost(PATIENCE).until(() -> subscriber.stats().deadLettered() == 1);
      assertThat(subscriber.stats().failed()).as("attempts that failed").isEqualTo(1);
    }
  }
}
