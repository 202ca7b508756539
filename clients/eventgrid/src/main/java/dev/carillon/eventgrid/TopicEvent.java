package dev.carillon.eventgrid;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.carillon.core.EventValidationException;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.rw.CloudEventRWException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An event to emit, with all that can be said about it. Immutable. */
public final class TopicEvent {

  /** Its modules are named, so that what else is on the class path changes no event. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .addDecorator((factory, json) -> new FiniteNumbers(json, "data"))
                  .build())
          .addModule(new JavaTimeModule())
          .addModule(new Jdk8Module())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .build();

  private final Builder given;

  private TopicEvent(Builder given) {
    this.given = given;
  }

  /**
   * A builder of an event.
   *
   * @param type what happened, such as {@code user.created}
   * @param subject what it happened to, such as {@code users/12345}
   * @param data any object that Jackson can write, with times as ISO 8601 text and {@link
   *     java.util.Optional}, and without NaN and infinities, which JSON does not have; null for
   *     none
   */
  public static Builder builder(String type, String subject, @Nullable Object data) {
    return new Builder(type, subject, data);
  }

  /** The event with a random id, the time now and data version 1.0. */
  public static TopicEvent of(String type, String subject, @Nullable Object data) {
    return builder(type, subject, data).build();
  }

  /** The event's id. */
  public String id() {
    return given.id;
  }

  /**
   * The event as a CloudEvent.
   *
   * @param topic the topic's name, after which the source is called unless the event has one
   * @throws EventValidationException with the field that is wrong
   */
  CloudEvent toCloudEvent(String topic) {
    required("eventType", given.type);
    required("subject", given.subject);
    required("id", given.id);
    required("dataVersion", given.dataVersion);
    required("eventTime", given.time == null ? null : "given");
    try {
      CloudEventBuilder event =
          CloudEventBuilder.v1()
              .withId(given.id)
              .withSource(given.source == null ? pathOf(topic) : given.source)
              .withType(given.type)
              .withSubject(given.subject)
              .withTime(given.time.atOffset(ZoneOffset.UTC))
              .withExtension(EventEncoder.DATA_VERSION, given.dataVersion);
      given.properties.forEach((name, value) -> extend(event, name, value));
      return given.data == null
          ? event.build()
          : event.withData("application/json", MAPPER.writeValueAsBytes(given.data)).build();
    } catch (JsonProcessingException e) {
      throw e.getCause() instanceof EventValidationException refused
          ? refused
          : new EventValidationException(
              "data", "cannot be written as JSON: " + e.getOriginalMessage());
    } catch (CloudEventRWException | IllegalArgumentException | IllegalStateException e) {
      throw new EventValidationException("event", String.valueOf(e.getMessage()));
    }
  }

  /** A path that a topic's name makes, with what does not belong into one encoded. */
  private static URI pathOf(String topic) {
    try {
      return URI.create(new URI(null, null, "/" + topic, null).toASCIIString());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static void required(String field, @Nullable String value) {
    if (value == null || value.isBlank()) {
      throw new EventValidationException(field, "is missing or blank");
    }
  }

  private static void extend(CloudEventBuilder event, String name, @Nullable Object value) {
    if (value == null) {
      throw new EventValidationException("property " + name, "is missing");
    }
    if (value instanceof Boolean flag) {
      event.withExtension(name, flag);
    } else if (value instanceof Integer number) {
      event.withExtension(name, number);
    } else {
      event.withExtension(name, value.toString());
    }
  }

  /** Builds a {@link TopicEvent}. Not thread-safe. */
  public static final class Builder {
    private final String type;
    private final String subject;
    private final @Nullable Object data;
    private final Map<String, Object> properties = new LinkedHashMap<>();
    private String id = UUID.randomUUID().toString();
    private Instant time = Instant.now();
    private String dataVersion = "1.0";
    private @Nullable URI source;

    private Builder(String type, String subject, @Nullable Object data) {
      this.type = type;
      this.subject = subject;
      this.data = data;
    }

    /** The id, which makes repeated sends one event; random by default. */
    public Builder id(String value) {
      id = value;
      return this;
    }

    /** When it happened; now by default. */
    public Builder eventTime(Instant value) {
      time = value;
      return this;
    }

    /** The version of the data's schema; {@code 1.0} by default. */
    public Builder dataVersion(String value) {
      dataVersion = value;
      return this;
    }

    /** Where it happened; {@code /} and the topic's name by default. CloudEvents only. */
    public Builder source(URI value) {
      source = value;
      return this;
    }

    /**
     * A further property, an extension attribute of CloudEvents; Event Grid's own schema has none.
     *
     * @param name small letters and digits
     * @param value a string, an integer or a boolean; anything else as text
     */
    public Builder property(String name, Object value) {
      properties.put(name, value);
      return this;
    }

    /** The event. */
    public TopicEvent build() {
      Builder copy = new Builder(type, subject, data);
      copy.id = id;
      copy.time = time;
      copy.dataVersion = dataVersion;
      copy.source = source;
      copy.properties.putAll(properties);
      return new TopicEvent(copy);
    }
  }
}
