package dev.carillon.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.core.EventException;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import dev.carillon.schemas.DomainEvent;
import dev.carillon.schemas.SchemaRegistry;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a publisher takes as a sink, and refuses through the future. */
@Timeout(120)
final class SinkTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String WORKOUT = "{\"workout_id\": \"1\", \"title\": \"Yoga\"}";

  private final SchemaRegistry schemas = SchemaRegistry.ofDefaults();
  private final BoundQueue queue = new BoundQueue(Brokers.shared().url());
  private final EventPublisher publisher =
      EventPublisher.of(
          RabbitPeer.settings(Brokers.shared().url(), queue.exchange())
              .schemas(schemas)
              .channels(1)
              .build());

  @AfterEach
  void close() {
    publisher.close();
    queue.delete();
  }

  private static CloudEventBuilder event(String id) {
    return CloudEventBuilder.v1()
        .withId(id)
        .withSource(URI.create("/test"))
        .withType("workout.created");
  }

  private static CloudEventBuilder event(String id, String data) {
    return event(id).withData("application/json", data.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertInvalid(CompletableFuture<?> sent, String text) {
    assertThat(sent)
        .failsWithin(PATIENCE)
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(EventValidationException.class)
        .withMessageContaining(text);
  }

  @Test
  void checksAnEventAgainstTheVersionThatItNames() {
    schemas.register("workout.created", 2, "{\"required\": [\"id\"]}");
    for (String version : List.of("1", "2")) {
      assertInvalid(
          publisher.send(event("1", "{}").withExtension("schemaversion", version).build()),
          "is required");
    }
    for (String version : List.of("99", "banana")) {
      assertInvalid(
          publisher.send(event("1", WORKOUT).withExtension("schemaversion", version).build()),
          "schemaversion");
    }
    assertInvalid(publisher.send(event("1", WORKOUT).build()), "data.id");
    publisher.sendAndAwait(event("1", WORKOUT).withExtension("schemaversion", 1).build(), PATIENCE);
    publisher.sendAndAwait(event("2", "{\"id\": 1}").build(), PATIENCE);
    assertThat(publisher.publish("workout.created", Map.of("id", 1))).isTrue();
    assertThat(queue.events())
        .extracting(event -> String.valueOf(event.getExtension("schemaversion")))
        .containsExactly("1", "2", "2");
  }

  @Test
  void refusesAnEventWithoutTheDataThatItsTypeNeeds() {
    assertInvalid(publisher.send(event("1").build()), "data: is required");
    CloudEvent free = event("2").withType("locker.opened").build();
    publisher.sendAndAwait(free, PATIENCE);
    assertThat(queue.messages()).hasSize(1);
  }

  @Test
  void whatNoQueueTakesIsToldFromItsNeighbourOfTheSameId() {
    BoundQueue bound = new BoundQueue(Brokers.shared().url(), "bound.#", Map.of());
    EventPublisherConfigBuilder settings =
        RabbitPeer.settings(Brokers.shared().url(), bound.exchange()).channels(1);
    try (EventPublisher publisher = EventPublisher.of(settings.build())) {
      List<CloudEvent> events = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        events.add(event("event-" + i).withType("bound.a").withSource(URI.create("/a")).build());
        events.add(event("event-" + i).withType("free.b").withSource(URI.create("/b")).build());
      }
      List<Outcome> outcomes = publisher.sendAll(events).join();
      for (int i = 0; i < outcomes.size(); i++) {
        assertThat(outcomes.get(i).isAccepted()).as("event %d", i).isEqualTo(i % 2 == 0);
      }
      assertThat(bound.messages()).hasSize(100);
    } finally {
      bound.delete();
    }
  }

  /** Whose code ends in an Error. */
  public static final class Faulty {
    private final @Nullable String name = null;

    public String getName() {
      if (name == null) {
        throw new AssertionError("the data's own code");
      }
      return name;
    }
  }

  @Test
  void anErrorInTheDataFailsItsEventOnly() {
    OutgoingEvent good = OutgoingEvent.of("workout.moved", Map.of());
    OutgoingEvent faulty = OutgoingEvent.of("workout.moved", new Faulty());
    assertThat(publisher.publishBatch(List.of(good, faulty, good)))
        .extracting(Outcome::isAccepted)
        .containsExactly(true, false, true);
    assertThat(publisher.publish("workout.moved", new Faulty())).isFalse();
  }

  @Test
  void batchesThatComeTogetherWaitForRoom() {
    EventPublisherConfigBuilder patient =
        RabbitPeer.settings(Brokers.shared().url(), queue.exchange())
            .retryAttempts(10)
            .socketTimeout(PATIENCE)
            .publishTimeout(PATIENCE.multipliedBy(2))
            .maxPending(100);
    try (EventPublisher publisher = EventPublisher.of(patient.build())) {
      assertThat(publisher.publish("workout.moved", Map.of())).isTrue();
      Brokers.shared().stall();
      List<OutgoingEvent> batch =
          Collections.nCopies(200, OutgoingEvent.of("workout.moved", Map.of()));
      List<CompletableFuture<List<Outcome>>> together =
          Stream.generate(() -> publisher.publishBatchAsync(batch)).limit(11).toList();
      assertThat(together).noneMatch(CompletableFuture::isDone);
      Brokers.shared().resume();
      for (CompletableFuture<List<Outcome>> outcomes : together) {
        assertThat(outcomes)
            .succeedsWithin(PATIENCE)
            .satisfies(all -> assertThat(all).hasSize(200).allMatch(Outcome::isAccepted));
      }
    } finally {
      Brokers.shared().resume();
    }
  }

  @Test
  void attributesThatNoFrameHoldsFailAloneAndCostNoChannel() {
    List<CompletableFuture<Receipt>> sent = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      CloudEventBuilder event = event("event-" + i, WORKOUT);
      switch (i % 100) {
        case 50 -> event.withExtension("large", "x".repeat(200_000));
        case 51 -> event.withExtension("x".repeat(300), "name");
        default -> event.withExtension("small", "x");
      }
      sent.add(publisher.send(event.build()));
    }
    for (int i = 0; i < sent.size(); i++) {
      if (i % 100 == 50 || i % 100 == 51) {
        assertInvalid(sent.get(i), "event");
      } else {
        assertThat(sent.get(i)).succeedsWithin(PATIENCE);
      }
    }
    assertThat(publisher.stats().resent()).isZero();
  }

  @Test
  @SuppressWarnings("NullAway") // what must not be null is
  void whatIsNullFailsThroughTheFutureToo() {
    assertThat(publisher.publish((DomainEvent) null)).isFalse();
    assertThat(publisher.publish((OutgoingEvent) null)).isFalse();
    assertThat(publisher.publish((DomainEvent) null, "gym-1")).isFalse();
    assertThat(publisher.publish(null, Map.of())).isFalse();
    assertThat(publisher.lastFailure()).containsInstanceOf(EventValidationException.class);
    assertInvalid(publisher.publishAsync((OutgoingEvent) null), "event: is missing");
    assertInvalid(publisher.publishAsync((DomainEvent) null), "event: is missing");
    assertThatThrownBy(() -> publisher.publishOrThrow((DomainEvent) null))
        .isInstanceOf(EventValidationException.class);
    assertInvalid(publisher.send(null), "event: is missing");
    assertInvalid(publisher.sendAll(null), "events: is missing");
    assertInvalid(publisher.publishBatchAsync(null), "events: is missing");
    OutgoingEvent good = OutgoingEvent.of("workout.moved", Map.of());
    List<Outcome> outcomes = publisher.publishBatch(Arrays.asList(good, null, good));
    assertThat(outcomes).extracting(Outcome::isAccepted).containsExactly(true, false, true);
    EventException why = ((Outcome.Failed) outcomes.get(1)).error();
    assertThat(why).isInstanceOf(EventValidationException.class);
  }
}
