package dev.carillon.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.carillon.amqp.AmqpMessage;
import dev.carillon.amqp.JsonEnvelope;
import dev.carillon.amqp.MessageFormat;
import dev.carillon.amqp.MessageReader;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.EventValidationException.Violation;
import dev.carillon.schemas.SchemaRegistry;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes messages of events, valid ones only. Thread-safe. */
final class Encoder {

  private static final String TRACEPARENT = "traceparent";
  private static final int LONGEST_SHORT_STRING = 255;
  private static final int MOST_BYTES_OF_A_CHAR = 3;

  /** RabbitMQ's, unless it is configured otherwise. Headers must fit into one. */
  private static final int LARGEST_FRAME = 128 << 10;

  private final EventPublisherConfig config;
  private final @Nullable SchemaRegistry schemas;
  private final DataWriter data;
  private final URI source;
  private final Context asking;

  /** What is asked for each event of the thread that publishes it; asking may throw. */
  record Context(
      Supplier<@Nullable String> organizationId, Supplier<@Nullable String> traceparent) {}

  Encoder(EventPublisherConfig config) {
    this.config = config;
    SchemaRegistry given = config.schemas();
    schemas =
        !config.enableValidation() ? null : given == null ? SchemaRegistry.ofDefaults() : given;
    data = new DataWriter(config.maxEventBytes());
    source = MessageReader.sourceOf(config.exchangeName());
    asking =
        new Context(
            () -> ask("organization_id", config.organizationId()),
            () -> ask(TRACEPARENT, config.traceparent()));
  }

  /** What this thread answers now, for events that another may come to encode. */
  Context asked() {
    return new Context(answer(asking.organizationId), answer(asking.traceparent));
  }

  private static Supplier<@Nullable String> answer(Supplier<@Nullable String> asking) {
    try {
      String answer = asking.get();
      return () -> answer;
    } catch (RuntimeException | Error e) { // for the events that need it
      return () -> {
        throw e;
      };
    }
  }

  /** The delivery of a domain event; throws {@link EventValidationException}. */
  Delivery encode(@Nullable OutgoingEvent event, boolean awaited) {
    return encode(event, awaited, asking);
  }

  /** The delivery of a domain event; throws {@link EventValidationException}. */
  Delivery encode(@Nullable OutgoingEvent event, boolean awaited, Context context) {
    if (event == null) {
      throw new EventValidationException("event", "is missing");
    }
    requireType(event.type());
    String organization = organization(event.organizationId(), context);
    String id = event.id() == null ? UUID.randomUUID().toString() : event.id();
    requireId(id);
    Instant time = event.time() == null ? config.clock().instant() : event.time();
    if (config.format() == null) {
      Instant known = time.truncatedTo(ChronoUnit.MICROS);
      return envelope(event, id, organization, known, context.traceparent.get(), awaited);
    }
    byte[] content = data.write(event.data());
    String trace = context.traceparent.get();
    CloudEvent whole = validated(cloudEvent(event.type(), id, organization, time, trace, content));
    return delivery(id, event.type(), named(config.format().write(whole)), awaited);
  }

  /** The delivery of a CloudEvent; throws {@link EventValidationException}. */
  Delivery encode(@Nullable CloudEvent event) {
    return encode(event, asking);
  }

  /** The delivery of a CloudEvent; throws {@link EventValidationException}. */
  Delivery encode(@Nullable CloudEvent event, Context context) {
    if (event == null) {
      throw new EventValidationException("event", "is missing");
    }
    requireType(event.getType());
    requireId(event.getId());
    Object named = event.getExtension(MessageFormat.ORGANIZATION);
    String organization = organization(named == null ? null : named.toString(), context);
    MessageFormat format = config.format() == null ? MessageFormat.json() : config.format();
    CloudEventBuilder whole =
        CloudEventBuilder.v1(validated(event))
            .withExtension(MessageFormat.ORGANIZATION, organization);
    String trace = event.getExtension(TRACEPARENT) == null ? context.traceparent.get() : null;
    if (trace != null) {
      whole.withExtension(TRACEPARENT, trace);
    }
    return delivery(event.getId(), event.getType(), named(format.write(whole.build())), false);
  }

  /** The usual way, in one go: head and data into one array of bytes. */
  private Delivery envelope(
      OutgoingEvent event,
      String id,
      String organization,
      Instant time,
      @Nullable String trace,
      boolean awaited) {
    String type = event.type();
    DataWriter.Body written =
        data.write(json -> JsonEnvelope.begin(json, id, type, organization, time), event.data());
    int version = latestVersion(type);
    validate(type, version, written);
    BasicProperties properties =
        new BasicProperties.Builder()
            .contentType(MessageFormat.JSON_CONTENT_TYPE)
            .deliveryMode(MessageFormat.PERSISTENT)
            .messageId(id)
            .type(type)
            .timestamp(Date.from(time))
            .appId(config.appId())
            .headers(headers(version, trace))
            .build();
    return delivery(id, type, new AmqpMessage(properties, written.body()), awaited);
  }

  private AmqpMessage named(AmqpMessage message) {
    BasicProperties properties = message.properties().builder().appId(config.appId()).build();
    requireFrame(properties);
    return new AmqpMessage(properties, message.body());
  }

  /** What the client cannot write would end the channel, which its neighbours are on as well. */
  private static void requireFrame(BasicProperties properties) {
    int bytes;
    try {
      bytes = properties.toFrame(0, 0).size();
    } catch (IOException | IllegalArgumentException e) {
      throw new EventValidationException("event", "cannot be sent: " + e.getMessage());
    }
    if (bytes > LARGEST_FRAME) {
      throw new EventValidationException(
          "event", "has " + bytes + " bytes beside its data, more than the " + LARGEST_FRAME);
    }
  }

  private static @Nullable Map<String, Object> headers(int version, @Nullable String trace) {
    if (version == 1) {
      return trace == null ? null : Map.of(TRACEPARENT, trace);
    }
    String header = MessageFormat.HEADER_PREFIX + SchemaRegistry.VERSION_EXTENSION;
    return trace == null
        ? Map.of(header, Integer.toString(version))
        : Map.of(TRACEPARENT, trace, header, Integer.toString(version));
  }

  private CloudEvent cloudEvent(
      String type,
      String id,
      String organization,
      Instant time,
      @Nullable String trace,
      byte[] content) {
    CloudEventBuilder event =
        CloudEventBuilder.v1()
            .withId(id)
            .withType(type)
            .withSource(source)
            .withTime(time.atOffset(ZoneOffset.UTC))
            .withExtension(MessageFormat.ORGANIZATION, organization)
            .withData(MessageFormat.JSON_CONTENT_TYPE, content);
    return (trace == null ? event : event.withExtension(TRACEPARENT, trace)).build();
  }

  private Delivery delivery(String id, String type, AmqpMessage message, boolean awaited) {
    if (message.body().length > config.maxEventBytes()) {
      throw new EventValidationException(
          "event",
          "has " + message.body().length + " bytes, more than the " + config.maxEventBytes());
    }
    long deadline = System.nanoTime() + config.publishTimeout().toNanos();
    return new Delivery(id, type, message, deadline, awaited);
  }

  private static void requireType(String type) {
    if (type.isBlank()) {
      throw new EventValidationException("event_type", "is blank");
    }
    requireShort("event_type", type);
  }

  private static void requireId(String id) {
    if (id.isBlank()) {
      throw new EventValidationException("event_id", "is blank");
    }
    requireShort("event_id", id);
  }

  /** AMQP's short strings, which routing keys and message ids are. */
  private static void requireShort(String field, String text) {
    if (text.length() > LONGEST_SHORT_STRING / MOST_BYTES_OF_A_CHAR
        && text.getBytes(StandardCharsets.UTF_8).length > LONGEST_SHORT_STRING) {
      throw new EventValidationException(field, "has more than 255 bytes");
    }
  }

  private static String organization(@Nullable String explicit, Context context) {
    String organization = explicit == null ? context.organizationId.get() : explicit;
    if (organization == null || organization.isBlank()) {
      throw new EventValidationException("organization_id", "is missing");
    }
    return organization;
  }

  private static @Nullable String ask(String field, @Nullable Supplier<@Nullable String> supplier) {
    try {
      return supplier == null ? null : supplier.get();
    } catch (RuntimeException e) {
      throw new EventValidationException(field, "cannot be told: " + e);
    }
  }

  private int latestVersion(String type) {
    return schemas == null ? 1 : schemas.latestVersion(type).orElse(1);
  }

  /** A type without a schema passes; the registry names it in the log. */
  private void validate(String type, int version, DataWriter.Body written) {
    if (schemas != null) {
      List<Violation> violations = schemas.validate(type, version, written.data());
      if (!violations.isEmpty()) {
        throw new EventValidationException(violations);
      }
    }
  }

  private CloudEvent validated(CloudEvent event) {
    return schemas == null ? event : schemas.validated(event);
  }
}
