package dev.carillon.amqp;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.EventValidationException.Violation;
import dev.carillon.core.IsoTime;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.rw.CloudEventRWException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of an event between services around RabbitMQ: {@code {"event_id", "event_type",
 * "organization_id", "timestamp", "data"}}.
 */
public final class JsonEnvelope {

  private JsonEnvelope() {}

  /**
   * Begins one, up to where the data follows as the next value, and then the end of the object.
   *
   * @param json must write UTF-8
   * @param organizationId null leaves it out
   * @param timestamp null leaves it out
   */
  public static void begin(
      JsonGenerator json,
      String id,
      String type,
      @Nullable String organizationId,
      @Nullable Instant timestamp)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("event_id", id);
    json.writeStringField("event_type", type);
    if (organizationId != null) {
      json.writeStringField("organization_id", organizationId);
    }
    if (timestamp != null) {
      json.writeFieldName("timestamp");
      byte[] text = Timestamps.text(timestamp);
      json.writeRawUTF8String(text, 0, text.length);
    }
    json.writeFieldName("data");
  }

  /** Writes one whose data is JSON already. */
  static byte[] write(
      String id,
      String type,
      @Nullable String organizationId,
      @Nullable Instant timestamp,
      byte[] data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(data.length + 192);
    try (JsonGenerator json = Json.MAPPER.createGenerator(out)) {
      begin(json, id, type, organizationId, timestamp);
      json.writeRawValue("");
      json.flush();
      out.writeBytes(data);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return out.toByteArray();
  }

  /**
   * Reads one; what is missing in the body is taken from the message's properties.
   *
   * @throws EventValidationException with everything that is wrong
   */
  static CloudEvent read(AmqpMessage message, URI defaultSource) {
    JsonNode body = tree(message.body());
    List<Violation> violations = new ArrayList<>();
    String id = text(body, "event_id", message.properties().getMessageId(), violations);
    String type = text(body, "event_type", message.properties().getType(), violations);
    OffsetDateTime time = time(body, message, violations);
    if (!body.has("data")) {
      violations.add(new Violation("data", "is missing"));
    }
    if (!violations.isEmpty()) {
      throw new EventValidationException(violations);
    }
    CloudEventBuilder event =
        CloudEventBuilder.v1()
            .withId(id)
            .withType(type)
            .withSource(defaultSource)
            .withTime(time)
            .withData(MessageFormat.JSON_CONTENT_TYPE, bytes(body.get("data")));
    JsonNode organization = body.path("organization_id");
    if (organization.isValueNode() && !organization.isNull()) {
      event.withExtension(MessageFormat.ORGANIZATION, organization.asText());
    }
    Headers.of(message).forEach((name, value) -> attribute(event, name, value));
    return event.build();
  }

  private static JsonNode tree(byte[] body) {
    try {
      JsonNode tree = Json.MAPPER.readTree(body);
      if (tree.isObject()) {
        return tree;
      }
    } catch (IOException e) {
      throw new EventValidationException("body", "is not JSON: " + firstLine(e));
    }
    throw new EventValidationException("body", "is not a JSON object");
  }

  private static String firstLine(IOException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static String text(
      JsonNode body, String field, @Nullable String otherwise, List<Violation> violations) {
    JsonNode node = body.path(field);
    String text = node.isTextual() ? node.textValue() : node.isMissingNode() ? otherwise : null;
    if (text == null || text.isBlank()) {
      violations.add(new Violation(field, "is missing, blank or no string"));
      return "";
    }
    return text;
  }

  private static @Nullable OffsetDateTime time(
      JsonNode body, AmqpMessage message, List<Violation> violations) {
    JsonNode node = body.path("timestamp");
    if (node.isMissingNode() || node.isNull()) {
      Date sent = message.properties().getTimestamp();
      return sent == null ? null : sent.toInstant().atOffset(ZoneOffset.UTC);
    }
    OffsetDateTime time = IsoTime.readOrNull(node.asText().replace(' ', 'T'));
    if (time == null) {
      violations.add(new Violation("timestamp", "is not an ISO 8601 time"));
    }
    return time;
  }

  private static byte[] bytes(JsonNode data) {
    try {
      return Json.MAPPER.writeValueAsBytes(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // what was read can be written
    }
  }

  private static void attribute(CloudEventBuilder event, String header, Object value) {
    String name =
        header.startsWith(MessageFormat.HEADER_PREFIX)
            ? header.substring(MessageFormat.HEADER_PREFIX.length())
            : Properties.isTrace(header) ? header : "";
    try {
      switch (name) {
        case "" -> {}
        case "source" -> event.withSource(URI.create(value.toString()));
        case "subject" -> event.withSubject(value.toString());
        case "dataschema" -> event.withDataSchema(URI.create(value.toString()));
        default -> {
          if (value instanceof Boolean flag) {
            event.withExtension(name, flag);
          } else if (value instanceof Number number) {
            event.withExtension(name, number);
          } else {
            event.withExtension(name, value.toString());
          }
        }
      }
    } catch (IllegalArgumentException | CloudEventRWException e) {
      throw new EventValidationException(header, "is not valid: " + e.getMessage());
    }
  }
}
