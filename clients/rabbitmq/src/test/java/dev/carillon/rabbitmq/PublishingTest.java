package dev.carillon.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.GetResponse;
import dev.carillon.core.EventException;
import dev.carillon.core.EventRejectedException;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.EventValidationException.Violation;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import dev.carillon.core.SinkClosedException;
import dev.carillon.schemas.SchemaRegistry;
import dev.carillon.schemas.WorkoutEvent;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is published, and what is said about it. */
@Timeout(120)
final class PublishingTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final SchemaRegistry SCHEMAS = SchemaRegistry.ofDefaults();
  private static final Map<String, Object> WORKOUT =
      Map.of("workout_id", "123", "title", "Morning Yoga");

  @TempDir private Path folder;

  private final String url = Brokers.shared().url();
  private final BoundQueue queue = new BoundQueue(url, "#", Map.of());

  @AfterEach
  void delete() {
    queue.delete();
  }

  private EventPublisherConfigBuilder settings() {
    return EventPublisherConfig.builder()
        .rabbitmqUrl(url)
        .exchangeName(queue.exchange())
        .schemas(SCHEMAS)
        .organizationId(() -> "gym-1");
  }

  @Test
  void writesWhatAnotherLanguageExpects() throws Exception {
    Instant noon = Instant.parse("2026-11-01T12:00:00.123456Z");
    String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    EventPublisherConfig config =
        settings()
            .clock(Clock.fixed(noon, ZoneOffset.UTC))
            .traceparent(() -> trace)
            .appId("gym")
            .build();
    try (EventPublisher publisher = EventPublisher.of(config)) {
      assertThat(publisher.publish("workout.created", WORKOUT)).isTrue();
    }
    JsonNode told =
        JSON.readTree(Python.run(folder, "events_consumer.py", url, queue.queue(), "1").get(0));
    String id = told.get("message_id").textValue();
    assertThat(UUID.fromString(id)).hasToString(id);
    assertThat(told)
        .isEqualTo(
            JSON.readTree(
                """
                {"routing_key": "workout.created", "exchange": "%s", "delivery_mode": 2,
                 "content_type": "application/json", "message_id": "%s",
                 "type": "workout.created", "app_id": "gym", "timestamp": 1793534400,
                 "headers": {"traceparent": "%s"},
                 "body": {"event_id": "%s", "event_type": "workout.created",
                          "organization_id": "gym-1", "timestamp": "2026-11-01T12:00:00.123456Z",
                          "data": {"workout_id": "123", "title": "Morning Yoga"}}}
                """
                    .formatted(queue.exchange(), id, trace, id)));
  }

  @Test
  void anExplicitOrganizationWinsOverTheSupplier() throws Exception {
    try (EventPublisher publisher = EventPublisher.of(settings().build())) {
      assertThat(publisher.publish("workout.created", WORKOUT, "gym-2")).isTrue();
    }
    assertThat(body(0).get("organization_id").textValue()).isEqualTo("gym-2");
  }

  @Test
  void sendsNothingWithoutAnOrganization() {
    EventPublisherConfigBuilder silent = settings().organizationId(() -> null);
    EventPublisherConfigBuilder failing =
        settings()
            .organizationId(
                () -> {
                  throw new IllegalStateException("no request");
                });
    for (EventPublisherConfigBuilder builder : List.of(silent, failing)) {
      try (EventPublisher publisher = EventPublisher.of(builder.build())) {
        assertThat(publisher.publish("workout.created", WORKOUT)).isFalse();
        assertThat(publisher.lastFailure()).containsInstanceOf(EventValidationException.class);
        assertThat(publisher.isConnected()).as("whether it even connected").isFalse();
      }
    }
    assertThat(queue.messages()).isEmpty();
  }

  @Test
  void anInvalidEventIsRefusedWithEveryViolation() {
    try (EventPublisher publisher = EventPublisher.of(settings().build())) {
      assertThat(publisher.publish("workout.created", Map.of("title", 7))).isFalse();
      EventException why = publisher.lastFailure().orElseThrow();
      assertThat(((EventValidationException) why).violations())
          .extracting(Violation::field)
          .containsExactlyInAnyOrder("data.workout_id", "data.title");
      assertThatThrownBy(
              () -> publisher.publishOrThrow("workout.created", Map.of("title", 7), null))
          .isInstanceOf(EventValidationException.class);
      assertThat(publisher.stats().invalid()).isEqualTo(2);
    }
    assertThat(queue.messages()).isEmpty();
  }

  @Test
  void anUnknownTypeGoesThroughAndValidationCanBeOff() {
    try (EventPublisher publisher = EventPublisher.of(settings().build());
        EventPublisher lax = EventPublisher.of(settings().enableValidation(false).build())) {
      assertThat(publisher.publish("locker.opened", Map.of("locker", 12))).isTrue();
      assertThat(lax.publish("workout.created", Map.of("title", 7))).isTrue();
    }
    assertThat(queue.messages()).hasSize(2);
  }

  @Test
  void theDomainsOwnRecordsArePublishedByThemselves() throws Exception {
    try (EventPublisher publisher = EventPublisher.of(settings().build())) {
      WorkoutEvent.Created workout =
          WorkoutEvent.Created.builder("123", "Morning Yoga").durationMinutes(45).build();
      assertThat(publisher.publish(workout)).isTrue();
    }
    assertThat(body(0).get("data"))
        .isEqualTo(
            JSON.readTree(
                "{\"workout_id\": \"123\", \"title\": \"Morning Yoga\", \"duration_minutes\":"
                    + " 45}"));
  }

  @Test
  void anEventThatNoQueueTakesIsAFailureUnlessThatIsWanted() {
    BoundQueue narrow = new BoundQueue(url, "booking.*", Map.of());
    try (EventPublisher publisher =
            EventPublisher.of(settings().exchangeName(narrow.exchange()).build());
        EventPublisher careless =
            EventPublisher.of(
                settings().exchangeName(narrow.exchange()).mandatory(false).build())) {
      assertThat(publisher.publish("workout.created", WORKOUT)).isFalse();
      assertThat(publisher.lastFailure()).containsInstanceOf(EventRejectedException.class);
      assertThat(publisher.lastFailure().orElseThrow())
          .hasMessageContaining("no queue takes workout.created");
      assertThat(publisher.stats().unroutable()).isEqualTo(1);
      assertThatThrownBy(() -> publisher.publishOrThrow("workout.created", WORKOUT, null))
          .isInstanceOf(EventPublishException.class)
          .hasCauseInstanceOf(EventRejectedException.class);
      assertThat(careless.publish("workout.created", WORKOUT)).isTrue();
    } finally {
      narrow.delete();
    }
  }

  @Test
  void unroutableEventsAmongManyFailAlone() {
    BoundQueue narrow = new BoundQueue(url, "workout.*", Map.of());
    try (EventPublisher publisher =
        EventPublisher.of(settings().exchangeName(narrow.exchange()).build())) {
      List<OutgoingEvent> events =
          IntStream.range(0, 900)
              .mapToObj(i -> OutgoingEvent.of(i % 3 == 1 ? "other" : "workout.moved", Map.of()))
              .toList();
      List<Outcome> outcomes = publisher.publishBatch(events);
      for (int i = 0; i < events.size(); i++) {
        assertThat(outcomes.get(i).isAccepted()).as("event " + i).isEqualTo(i % 3 != 1);
      }
      assertThat(narrow.messages()).hasSize(600);
    } finally {
      narrow.delete();
    }
  }

  @Test
  void aBatchHasAnOutcomeForEachInOrder() {
    try (EventPublisher publisher = EventPublisher.of(settings().maxPending(500).build())) {
      List<OutgoingEvent> events = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        Map<String, Object> data = i == 700 ? Map.of() : WORKOUT;
        events.add(OutgoingEvent.of("workout.created", data).withId("event-" + i));
      }
      List<Outcome> outcomes = publisher.publishBatch(events);
      assertThat(outcomes).hasSize(2_000);
      for (int i = 0; i < outcomes.size(); i++) {
        assertThat(outcomes.get(i).eventId()).isEqualTo("event-" + i);
        assertThat(outcomes.get(i).isAccepted()).isEqualTo(i != 700);
      }
      assertThat(publisher.publishBatch(List.of())).isEmpty();
    }
    assertThat(queue.messages())
        .extracting(message -> message.getProps().getMessageId())
        .hasSize(1_999)
        .startsWith("event-0", "event-1")
        .endsWith("event-1998", "event-1999");
  }

  @Test
  void theReceiptSaysWhatTheBrokerSaid() throws Exception {
    try (EventPublisher publisher = EventPublisher.of(settings().build())) {
      Receipt receipt =
          publisher.publishAsync("workout.created", WORKOUT).get(30, TimeUnit.SECONDS);
      assertThat(receipt.guarantee()).isEqualTo(Guarantee.ACKNOWLEDGED);
      assertThat(queue.messages().get(0).getProps().getMessageId()).isEqualTo(receipt.eventId());
    }
  }

  @Test
  void headersThatTheClientCannotWriteFailAlone() {
    AtomicReference<String> trace = new AtomicReference<>();
    EventPublisherConfigBuilder traced = settings().traceparent(trace::get).retryAttempts(9);
    try (EventPublisher publisher = EventPublisher.of(traced.channels(1).build())) {
      List<CompletableFuture<Receipt>> sent = new ArrayList<>();
      for (int i = 0; i < 9; i++) {
        trace.set("x".repeat(i % 3 == 0 ? 55 : 200_000));
        sent.add(publisher.publishAsync("workout.created", WORKOUT));
      }
      for (int i = 0; i < sent.size(); i++) {
        boolean good = sent.get(i).handle((receipt, error) -> error == null).join();
        assertThat(good).as("event " + i).isEqualTo(i % 3 == 0);
      }
    }
  }

  @Test
  void aBatchOfMoreBytesThanMayBeUnderWayIsCut() {
    EventPublisherConfigBuilder narrow = settings().maxPendingBytes(1 << 20);
    try (EventPublisher publisher = EventPublisher.of(narrow.maxEventBytes(300 << 10).build());
        EventPublisher narrower = EventPublisher.of(narrow.maxEventBytes(2 << 20).build())) {
      assertThat(publisher.publishBatch(ofKilobytes(100, 50))).allMatch(Outcome::isAccepted);
      assertThat(narrower.publishBatch(ofKilobytes(1_500, 3))).allMatch(Outcome::isAccepted);
      assertThat(publisher.stats().failed()).isZero();
    }
  }

  private static List<OutgoingEvent> ofKilobytes(int kilobytes, int count) {
    Map<String, Object> data = Map.of("text", "x".repeat(kilobytes << 10));
    return Collections.nCopies(count, OutgoingEvent.of("workout.moved", data));
  }

  @Test
  void refusesEverythingOnceClosed() {
    EventPublisher publisher = EventPublisher.of(settings().build());
    publisher.close();
    publisher.close();
    assertThat(publisher.publish("workout.created", WORKOUT)).isFalse();
    assertThat(publisher.lastFailure()).containsInstanceOf(SinkClosedException.class);
  }

  @Test
  void takesEveryParameterFromTheEnvironment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("RABBITMQ_URL", url);
    environment.put("RABBITMQ_EXCHANGE_NAME", queue.exchange());
    environment.put("RABBITMQ_RETRY_ATTEMPTS", "5");
    environment.put("RABBITMQ_RETRY_DELAY", "0.5");
    environment.put("RABBITMQ_ENABLE_VALIDATION", "false");
    environment.put("RABBITMQ_ORGANIZATION_ID", "gym-9");
    EventPublisherConfig config = EventPublisherConfig.fromEnvironment(environment).build();
    assertThat(config.retryAttempts()).isEqualTo(5);
    assertThat(config.retryDelay()).hasMillis(500);
    assertThat(config.enableValidation()).isFalse();
    assertThat(config.heartbeat()).hasSeconds(600);
    try (EventPublisher publisher = EventPublisher.of(config)) {
      assertThat(publisher.publish("workout.created", WORKOUT)).isTrue();
    }
    assertThatThrownBy(
            () -> EventPublisherConfig.fromEnvironment(Map.of("RABBITMQ_HEARTBEAT", "soon")))
        .hasMessageContaining("RABBITMQ_HEARTBEAT");
  }

  private JsonNode body(int index) throws Exception {
    GetResponse message = queue.messages().get(index);
    return JSON.readTree(message.getBody());
  }
}
