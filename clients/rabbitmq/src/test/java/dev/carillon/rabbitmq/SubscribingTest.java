package dev.carillon.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.GetResponse;
import dev.carillon.core.EventFilter;
import dev.carillon.core.EventHandler;
import dev.carillon.core.EventRejectedException;
import dev.carillon.testkit.engines.RabbitBroker;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a subscriber does with what it receives. */
@Timeout(180)
final class SubscribingTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private final RabbitBroker broker = Brokers.shared();
  private final String exchange = Brokers.unique("subscribed");
  private final String queue = Brokers.unique("mine");
  private final List<CloudEvent> received = new CopyOnWriteArrayList<>();

  @AfterEach
  void delete() {
    Brokers.with(
        broker.url(),
        channel -> {
          channel.queueDelete(queue);
          channel.queueDelete(queue + ".dead-letters");
          return channel.exchangeDelete(exchange);
        });
  }

  private EventSubscriberConfigBuilder settings() {
    return EventSubscriberConfig.builder()
        .rabbitmqUrl(broker.url())
        .exchangeName(exchange)
        .queue(queue)
        .retryAttempts(2)
        .retryDelay(Duration.ofMillis(20))
        .reconnectDelay(Duration.ofMillis(50))
        .maxReconnectDelay(Duration.ofMillis(500));
  }

  private EventSubscriber subscribed(EventSubscriberConfigBuilder settings, EventHandler handler) {
    EventSubscriber subscriber = EventSubscriber.of(settings.build());
    subscriber.subscribe(EventFilter.all(), handler);
    assertThat(subscriber.awaitConsuming(PATIENCE)).isTrue();
    return subscriber;
  }

  private EventPublisher publisher() {
    return EventPublisher.of(RabbitPeer.settings(broker.url(), exchange).retryAttempts(10).build());
  }

  private static OutgoingEvent event(String id) {
    return OutgoingEvent.of("workout.moved", Map.of("number", id)).withId(id);
  }

  @Test
  void readsWhatPublishersInAnotherLanguageWrite() throws Exception {
    EventSubscriberConfigBuilder settings = settings().bindings("workout.*");
    try (EventSubscriber subscriber = subscribed(settings, received::add)) {
      Python.run(folder, "events_publisher.py", broker.url(), exchange, "10");
      await().atMost(PATIENCE).until(() -> received.size() == 5);
      CloudEvent first = received.get(0);
      assertThat(first.getType()).isEqualTo("workout.created");
      assertThat(first.getExtension("organizationid")).isEqualTo("gym-1");
      assertThat(first.getSource()).hasToString("/" + exchange);
      assertThat(first.getTime()).isNotNull();
      assertThat(
              new String(Objects.requireNonNull(first.getData()).toBytes(), StandardCharsets.UTF_8))
          .isEqualTo("{\"workout_id\":\"0\",\"title\":\"Spinning für Anfänger\"}");
      assertThat(subscriber.stats().skipped()).isZero();
    }
  }

  @Test
  void aHandlerThatLeavesItsThreadInterruptedLosesNothing() {
    EventHandler handler =
        event -> {
          received.add(event);
          Thread.currentThread().interrupt();
        };
    EventSubscriberConfigBuilder unnamed =
        EventSubscriberConfig.builder().rabbitmqUrl(broker.url()).exchangeName(exchange);
    try (EventSubscriber subscriber = subscribed(unnamed, handler);
        EventPublisher publisher = publisher()) {
      for (int i = 0; i < 50; i++) {
        assertThat(publisher.publish("workout.moved", Map.of("number", i))).isTrue();
      }
      await().atMost(PATIENCE).until(() -> received.size() == 50);
      assertThat(subscriber.stats().handled()).isEqualTo(50);
    }
  }

  @Test
  void anEventThatKeepsFailingBecomesADeadLetterAndCanBeBroughtBack() {
    AtomicBoolean broken = new AtomicBoolean(true);
    EventHandler handler =
        event -> {
          received.add(event);
          if (broken.get() && event.getId().equals("bad")) {
            throw new IllegalStateException("the handler's own reason");
          }
        };
    try (EventSubscriber subscriber = subscribed(settings(), handler);
        EventPublisher publisher = publisher()) {
      publisher.publishOrThrow(event("bad"));
      publisher.publishOrThrow(event("good"));
      await().atMost(PATIENCE).until(() -> subscriber.stats().deadLettered() == 1);
      assertThat(received).filteredOn(event -> event.getId().equals("bad")).hasSize(3);
      await().atMost(PATIENCE).until(() -> subscriber.stats().handled() == 1);
      Map<String, Object> headers = deadLetter();
      assertThat(headers.get("x-carillon-reason")).hasToString("handler-failed");
      assertThat(headers.get("x-carillon-error")).asString().contains("the handler's own reason");
      assertThat(headers.get("x-carillon-attempts")).isEqualTo(3);
      assertThat(headers.get("x-carillon-queue")).hasToString(queue);
      assertThat(headers.get("x-carillon-exchange")).hasToString(exchange);
      assertThat(headers.get("x-carillon-routing-key")).hasToString("workout.moved");
      broken.set(false);
      assertThat(subscriber.redrive(10)).isEqualTo(1);
      assertThat(subscriber.redrive(10)).isZero();
      await().atMost(PATIENCE).until(() -> subscriber.stats().handled() == 2);
      assertThat(received.get(received.size() - 1).getId()).isEqualTo("bad");
    }
  }

  /** Looks at the dead letter and leaves it where it is. */
  private Map<String, Object> deadLetter() {
    return Brokers.with(
        broker.url(),
        channel -> {
          GetResponse dead = channel.basicGet(queue + ".dead-letters", false);
          assertThat(dead).as("the dead letter").isNotNull();
          return dead.getProps().getHeaders();
        });
  }

  @Test
  void whatCannotHelpIsNotTriedAgainAndWhatIsNoEventIsSetAside() {
    EventHandler handler =
        event -> {
          throw new EventRejectedException("never", false, null);
        };
    try (EventSubscriber subscriber = subscribed(settings(), handler);
        EventPublisher publisher = publisher()) {
      publisher.publishOrThrow(event("hopeless"));
      Brokers.with(
          broker.url(),
          channel -> {
            channel.basicPublish(exchange, "any", null, new byte[] {'?'});
            return true;
          });
      await().atMost(PATIENCE).until(() -> subscriber.stats().deadLettered() == 2);
      assertThat(subscriber.stats().failed()).isEqualTo(1);
      assertThat(subscriber.stats().skipped()).isEqualTo(1);
    }
  }

  @Test
  void theSameEventIsHandledOnce() {
    try (EventSubscriber subscriber = subscribed(settings().concurrency(3), received::add);
        EventPublisher publisher = publisher()) {
      for (int i = 0; i < 60; i++) {
        publisher.publishOrThrow(event("event-" + i % 20));
      }
      await()
          .atMost(PATIENCE)
          .until(() -> subscriber.stats().handled() + subscriber.stats().duplicates() == 60);
      assertThat(received).extracting(CloudEvent::getId).hasSize(20).doesNotHaveDuplicates();
    }
  }

  @Test
  void eventsOfDifferentSourcesAreDifferentThoughTheirIdsAreTheSame() {
    try (EventSubscriber subscriber = subscribed(settings(), received::add);
        EventPublisher publisher = publisher()) {
      for (String source : List.of("/orders", "/stock", "/orders")) {
        publisher.sendAndAwait(
            CloudEventBuilder.v1()
                .withId("1")
                .withSource(URI.create(source))
                .withType("workout.moved")
                .build(),
            PATIENCE);
      }
      await().atMost(PATIENCE).until(() -> subscriber.stats().duplicates() == 1);
      assertThat(received)
          .extracting(event -> event.getSource().toString())
          .containsExactly("/orders", "/stock");
    }
  }

  @Test
  void refusesRetriesThatTakeLongerThanTheBrokerWaits() {
    EventSubscriberConfigBuilder settings =
        settings().retryDelay(Duration.ofSeconds(1)).maxRetryDelay(Duration.ofMinutes(1));
    assertThat(settings.retryAttempts(19).build().retryAttempts()).isEqualTo(19);
    assertThatThrownBy(() -> settings.retryAttempts(40).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("retryAttempts", "retryDelay", "maxRetryDelay", "15 minutes");
    assertThatThrownBy(() -> settings.retryAttempts(Integer.MAX_VALUE).build())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void severalConsumersHandleAtOnce() {
    CountDownLatch together = new CountDownLatch(4);
    EventHandler handler =
        event -> {
          together.countDown();
          assertThat(together.await(60, TimeUnit.SECONDS)).isTrue();
          received.add(event);
        };
    EventSubscriberConfigBuilder settings = settings().concurrency(4).prefetch(1);
    try (EventSubscriber subscriber = subscribed(settings, handler);
        EventPublisher publisher = publisher()) {
      for (int i = 0; i < 4; i++) {
        publisher.publishOrThrow(event("event-" + i));
      }
      await().atMost(PATIENCE).until(() -> received.size() == 4);
      assertThat(subscriber.stats().failed()).isZero();
    }
  }

  @Test
  void nothingIsLostWhenTheBrokerIsKilledWhileConsuming() {
    Set<String> ids = ConcurrentHashMap.newKeySet();
    EventHandler handler = event -> ids.add(event.getId());
    try (EventSubscriber subscriber = subscribed(settings(), handler);
        EventPublisher publisher = publisher()) {
      for (int i = 0; i < 1_000; i++) {
        OutgoingEvent event = event("event-" + i);
        await()
            .pollDelay(Duration.ZERO)
            .atMost(PATIENCE)
            .until(() -> isPublished(publisher, event));
        if (i == 500) {
          broker.kill();
          broker.restart();
        }
      }
      await().atMost(PATIENCE).until(() -> ids.size() == 1_000);
      assertThat(subscriber.isConnected()).isTrue();
    }
  }

  private static boolean isPublished(EventPublisher publisher, OutgoingEvent event) {
    return publisher.publishAsync(event).handle((receipt, error) -> error == null).join();
  }

  @Test
  void aNamedQueueKeepsEventsWhileNobodyListensAndHasOneSubscription() {
    subscribed(settings(), received::add).close();
    try (EventPublisher publisher = publisher()) {
      publisher.publishOrThrow(event("while away"));
    }
    try (EventSubscriber subscriber = subscribed(settings(), received::add)) {
      await().atMost(PATIENCE).until(() -> received.size() == 1);
      assertThatThrownBy(() -> subscriber.subscribe(EventFilter.all(), received::add))
          .isInstanceOf(IllegalStateException.class);
      assertThat(subscriber.toString()).doesNotContain("guest:guest");
    }
  }

  @Test
  void aQueueThatIsDeletedMeanwhileIsMadeAnew() {
    try (EventSubscriber subscriber = subscribed(settings(), received::add);
        EventPublisher publisher = publisher()) {
      Brokers.with(broker.url(), channel -> channel.queueDelete(queue));
      await()
          .atMost(PATIENCE)
          .until(() -> publisher.publish("workout.moved", Map.of("number", "1")));
      await().atMost(PATIENCE).until(() -> !received.isEmpty());
      assertThat(subscriber.stats().failed()).isZero();
    }
  }
}
