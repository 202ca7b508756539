package dev.carillon.dataservices;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.carillon.core.EventValidationException;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes event messages as the wire's JSON, straight into bytes. Thread-safe. */
final class MessageEncoder {

  private final int maxEventBytes;
  private final Clock clock;
  private final SerializedString topic;
  private final SerializedString subjects;
  private final SerializedString data;
  private final SerializedString tags;
  private final SerializedString createdDateUtc;
  private final SerializedString sourceTraceIds;
  private final SerializedString organizationId;
  private final SerializedString userId;
  private final SerializedString id;
  private final SerializedString source;
  private final SerializedString attributes;

  MessageEncoder(FieldNaming naming, int maxEventBytes, Clock clock) {
    this.maxEventBytes = maxEventBytes;
    this.clock = clock;
    topic = new SerializedString(naming.nameOf("topic"));
    subjects = new SerializedString(naming.nameOf("subjects"));
    data = new SerializedString(naming.nameOf("data"));
    tags = new SerializedString(naming.nameOf("tags"));
    createdDateUtc = new SerializedString(naming.nameOf("createdDateUtc"));
    sourceTraceIds = new SerializedString(naming.nameOf("sourceTraceIds"));
    organizationId = new SerializedString(naming.nameOf("organizationId"));
    userId = new SerializedString(naming.nameOf("userId"));
    id = new SerializedString(naming.nameOf("id"));
    source = new SerializedString(naming.nameOf("source"));
    attributes = new SerializedString(naming.nameOf("attributes"));
  }

  /**
   * Writes one message, with the current time if it has none of its own.
   *
   * @param content what stands as its data: a map, a text, or a raw JSON value
   * @throws EventValidationException if it is too large, or cannot or must not be written
   */
  byte[] encode(EventMessage message, Object content) {
    BoundedBytes out = new BoundedBytes(512, maxEventBytes);
    try (JsonGenerator json = Json.MAPPER.createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
      json.writeStartObject();
      text(json, topic, message.topic());
      strings(json, subjects, message.subjects());
      json.writeFieldName(data);
      Json.MAPPER.writeValue(json, content);
      if (!message.tags().isEmpty()) {
        strings(json, tags, message.tags());
      }
      json.writeFieldName(createdDateUtc);
      json.writeString(createdDate(message).toString());
      if (!message.sourceTraceIds().isEmpty()) {
        strings(json, sourceTraceIds, message.sourceTraceIds());
      }
      text(json, organizationId, message.organizationId());
      text(json, userId, message.userId());
      text(json, id, message.id());
      text(json, source, message.source());
      attributes(json, message.attributes());
      json.writeEndObject();
    } catch (BoundedBytes.LimitReachedException e) {
      throw new EventValidationException("event", "is larger than " + maxEventBytes + " bytes");
    } catch (IOException | RuntimeException e) {
      throw new EventValidationException("data", "cannot be written as JSON: " + e.getMessage());
    }
    byte[] bytes = out.toByteArray();
    if (holdsNul(bytes)) {
      // every other field was searched when the message was made
      throw new EventValidationException("data", "holds a NUL character");
    }
    return bytes;
  }

  private Instant createdDate(EventMessage message) {
    Instant given = message.createdDateUtc();
    return given != null ? given : clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private static void text(JsonGenerator json, SerializedString name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeFieldName(name);
      json.writeString(value);
    }
  }

  private static void strings(JsonGenerator json, SerializedString name, List<String> values)
      throws IOException {
    json.writeFieldName(name);
    json.writeStartArray();
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  private void attributes(JsonGenerator json, Map<String, Object> values) throws IOException {
    if (!values.isEmpty()) {
      json.writeFieldName(attributes);
      Json.MAPPER.writeValue(json, values);
    }
  }

  /** Whether JSON holds the escape of a NUL character; a backslash only ever begins an escape. */
  static boolean holdsNul(byte[] json) {
    for (int i = 0; i < json.length - 5; i++) {
      if (json[i] == '\\') {
        i++;
        if (json[i] == 'u'
            && json[i + 1] == '0'
            && json[i + 2] == '0'
            && json[i + 3] == '0'
            && json[i + 4] == '0') {
          return true;
        }
      }
    }
    return false;
  }
}
