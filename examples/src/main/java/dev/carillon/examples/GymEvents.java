package dev.carillon.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.core.EventSink;
import dev.carillon.core.EventValidationException.Violation;
import dev.carillon.schemas.BookingEvent;
import dev.carillon.schemas.DomainEvent;
import dev.carillon.schemas.SchemaRegistry;
import dev.carillon.schemas.ValidatingSink;
import dev.carillon.schemas.WorkoutEvent;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonCloudEventData;
import java.net.URI;
import java.util.List;
import java.util.UUID;

/** Events of known types: written as records, checked on their way out, read as records. */
public final class GymEvents {

  private GymEvents() {}

  /** An event whose type and data fit each other by construction. */
  public static CloudEvent workoutCreated() {
    // docs:begin records
    DomainEvent created =
        WorkoutEvent.Created.builder("w-17", "Morning Yoga")
            .durationMinutes(45)
            .createdBy("trainer-3")
            .build();
    return CloudEventBuilder.v1()
        .withId(UUID.randomUUID().toString())
        .withSource(URI.create("/gym/workouts"))
        .withType(created.type())
        .withDataContentType("application/json")
        .withData(JsonCloudEventData.wrap(created.toData()))
        .build();
    // docs:end records
  }

  /** What a receiver makes of an event. */
  public static String describe(CloudEvent event) {
    // docs:begin reading
    DomainEvent happened = DomainEvent.from(event);
    if (happened instanceof BookingEvent.Confirmed confirmed) {
      return confirmed.className() + " at " + confirmed.scheduledTime();
    }
    return happened.type();
    // docs:end reading
  }

  /** A sink that lets only valid events through. */
  public static EventSink checked(EventSink sink) {
    // docs:begin sink
    SchemaRegistry registry = SchemaRegistry.ofDefaults();
    return ValidatingSink.around(sink, registry);
    // docs:end sink
  }

  /** Everything that is wrong with data. */
  public static List<Violation> violations() {
    // docs:begin validate
    SchemaRegistry registry = SchemaRegistry.ofDefaults();
    byte[] data = "{\"workout_id\": \"w-17\", \"duration_minutes\": \"long\"}".getBytes(UTF_8);
    return registry.validate("workout.created", data);
    // data.duration_minutes: string found, [integer, null] expected
    // data.title: is required
    // docs:end validate
  }
}
