package dev.carillon.examples;

import dev.carillon.amqp.MessageFormat;
import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.EventValidationException.Violation;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import dev.carillon.examples.OwnSchemas.LockerRented;
import dev.carillon.formats.EventFormats;
import dev.carillon.rabbitmq.EventPublishException;
import dev.carillon.rabbitmq.EventPublisher;
import dev.carillon.rabbitmq.EventPublisherConfig;
import dev.carillon.rabbitmq.OutgoingEvent;
import dev.carillon.schemas.SchemaRegistry;
import dev.carillon.schemas.WorkoutEvent;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Every way to publish domain events to RabbitMQ. */
public final class GymPublishing {

  private GymPublishing() {}

  /** As short as it gets. */
  public static boolean basic(String rabbitmqUrl, Supplier<@Nullable String> currentOrganization) {
    // docs:begin basic
    try (EventPublisher publisher = EventPublisher.of(rabbitmqUrl, currentOrganization)) {
      return publisher.publish(
          "workout.created", Map.of("workout_id", "123", "title", "Morning Yoga"));
    }
    // docs:end basic
  }

  /** For events that name their organization. */
  public static boolean named(String rabbitmqUrl) {
    // docs:begin named
    try (EventPublisher publisher = EventPublisher.of(rabbitmqUrl)) {
      return publisher.publish("workout.deleted", Map.of("workout_id", "123"), "gym-1");
    }
    // docs:end named
  }

  /** With everything set by hand that is commonly set. */
  public static EventPublisherConfig configured(String rabbitmqUrl) {
    // docs:begin config
    return EventPublisherConfig.builder()
        .rabbitmqUrl(rabbitmqUrl)
        .exchangeName("fitviz.events")
        .organizationId(() -> "gym-1")
        .retryAttempts(3)
        .retryDelay(Duration.ofSeconds(1))
        .enableValidation(true)
        .publishTimeout(Duration.ofSeconds(30))
        .build();
    // docs:end config
  }

  /** From {@code RABBITMQ_URL} and its kind. */
  public static EventPublisher fromEnvironment() {
    // docs:begin environment
    return EventPublisher.of(EventPublisherConfig.fromEnvironment().build());
    // docs:end environment
  }

  /** The domain's own records, an organization that wins over the supplier. */
  public static boolean typed(EventPublisher publisher) {
    // docs:begin typed
    boolean created =
        publisher.publish(
            WorkoutEvent.Created.builder("123", "Morning Yoga").durationMinutes(45).build());
    boolean elsewhere = publisher.publish("workout.deleted", Map.of("workout_id", "123"), "gym-2");
    // docs:end typed
    return created && elsewhere;
  }

  /** A publisher that knows a type of one's own. */
  public static EventPublisher knowing(String rabbitmqUrl) {
    // docs:begin own-type
    SchemaRegistry schemas =
        SchemaRegistry.ofDefaults().register("locker.rented", 1, LockerRented.class);
    return EventPublisher.of(
        EventPublisherConfig.builder()
            .rabbitmqUrl(rabbitmqUrl)
            .organizationId(() -> "gym-1")
            .schemas(schemas)
            .build());
    // docs:end own-type
  }

  /** An event that is not as its type has it. */
  public static List<Violation> refused(EventPublisher publisher) {
    // docs:begin own-type-refused
    try {
      publisher.publishOrThrow("locker.rented", Map.of("locker_id", 7, "price", 4.50));
      return List.of();
    } catch (EventValidationException e) {
      return e.violations();
    }
    // data.locker_id: integer found, string expected
    // data.until: is required
    // docs:end own-type-refused
  }

  /** Without waiting. */
  public static CompletableFuture<String> async(EventPublisher publisher) {
    // docs:begin async
    CompletableFuture<Receipt> sent =
        publisher.publishAsync("workout.deleted", Map.of("workout_id", "123"));
    return sent.handle(
        (receipt, error) ->
            error == null ? "confirmed at " + receipt.at() : "failed: " + error.getMessage());
    // docs:end async
  }

  /** Many at once. */
  public static List<Outcome> batch(EventPublisher publisher, List<String> workoutIds) {
    // docs:begin batch
    List<OutgoingEvent> events =
        workoutIds.stream()
            .map(id -> OutgoingEvent.of("workout.deleted", Map.of("workout_id", id)))
            .toList();
    List<Outcome> outcomes = publisher.publishBatch(events);
    return outcomes.stream().filter(outcome -> !outcome.isAccepted()).toList();
    // docs:end batch
  }

  /** With exceptions instead of false. */
  public static String strict(EventPublisher publisher, Map<String, Object> data) {
    // docs:begin strict
    try {
      return publisher.publishOrThrow("workout.created", data, "gym-1").eventId();
    } catch (EventValidationException e) {
      return "wrong: " + e.violations();
    } catch (EventConnectionException e) {
      return "no broker: " + e.getMessage();
    } catch (EventPublishException e) {
      return "not taken: " + e.getMessage();
    }
    // docs:end strict
  }

  /** What a dashboard shows of a publisher. */
  public static void metered(EventPublisher publisher, MeterRegistry registry) {
    // docs:begin meters
    Tags tags = Tags.of("exchange", "fitviz.events");
    MeterRegistry.More meters = registry.more();
    meters.counter("fitviz.published", tags, publisher, it -> it.stats().confirmed());
    meters.counter("fitviz.failed", tags, publisher, it -> it.stats().failed());
    meters.counter("fitviz.invalid", tags, publisher, it -> it.stats().invalid()); // of the failed
    registry.gauge("fitviz.pending", tags, publisher, it -> it.stats().pending());
    meters.timer(
        "fitviz.confirm",
        tags,
        publisher,
        it -> it.stats().confirmed(),
        it -> it.stats().confirmTime().toNanos(),
        TimeUnit.NANOSECONDS);
    // docs:end meters
  }

  /** As CloudEvents, for consumers that expect those. */
  public static EventPublisherConfig asCloudEvents(String rabbitmqUrl) {
    // docs:begin formats
    return EventPublisherConfig.builder()
        .rabbitmqUrl(rabbitmqUrl)
        .format(MessageFormat.structured(EventFormats.messagePack())) // or binary(), or json()
        .build();
    // docs:end formats
  }
}
