package dev.carillon.dataservices;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.MediaTypes;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A CloudEvent as the event service takes it.
 *
 * @param message everything but the data
 * @param content the data, byte for byte as it was if it is a JSON object; another JSON value as a
 *     string that holds it; an empty object if there is none
 * @param traceparent the trace context to send as a header; null for none
 */
record MappedEvent(EventMessage message, Object content, @Nullable String traceparent) {

  private static final String TRACEPARENT = "traceparent";

  /**
   * Maps an event.
   *
   * @param alone whether it goes out alone, so that its trace context can be a header
   * @throws EventValidationException if the service cannot take it, such as data that is not JSON
   */
  static MappedEvent of(CloudEvent event, boolean alone) {
    Map<String, Object> rest = new LinkedHashMap<>();
    for (String name : event.getExtensionNames()) {
      rest.put(name, plain(event.getExtension(name)));
    }
    URI schema = event.getDataSchema();
    if (schema != null) {
      rest.put(CloudEventMapping.DATA_SCHEMA, schema.toString());
    }
    String contentType = event.getDataContentType();
    if (contentType != null && !contentType.equals(HttpClientHelper.JSON)) {
      rest.put(CloudEventMapping.CONTENT_TYPE, contentType);
    }
    String header = alone ? Traceparent.validOrNull(rest.get(TRACEPARENT)) : null;
    if (header != null) {
      rest.remove(TRACEPARENT);
    }
    OffsetDateTime time = event.getTime();
    EventMessage message =
        EventMessage.builder()
            .id(event.getId())
            .source(event.getSource().toString())
            .topic(event.getType())
            .subjects(subjects(event.getSubject(), rest))
            .tags(strings(CloudEventMapping.TAGS, rest))
            .sourceTraceIds(strings(CloudEventMapping.TRACE_IDS, rest))
            .organizationId(text(CloudEventMapping.ORGANIZATION, rest))
            .userId(text(CloudEventMapping.USER, rest))
            .createdDateUtc(time == null ? null : time.toInstant())
            .attributes(rest)
            .data(Map.of())
            .build();
    return new MappedEvent(message, content(event.getData(), contentType), header);
  }

  /** An extension's value as JSON can have it, like in CloudEvents' JSON format. */
  private static Object plain(@Nullable Object value) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof Boolean || MessageRules.isInteger(value)) {
      return Objects.requireNonNull(value);
    }
    return value instanceof byte[] bytes
        ? Base64.getEncoder().encodeToString(bytes)
        : String.valueOf(value);
  }

  private static List<String> subjects(@Nullable String subject, Map<String, Object> rest) {
    List<String> listed = CloudEventMapping.strings(rest.get(CloudEventMapping.SUBJECTS));
    String first = listed == null || listed.isEmpty() ? null : listed.get(0);
    if (listed != null && Objects.equals(first, subject)) {
      rest.remove(CloudEventMapping.SUBJECTS);
      return listed;
    }
    return subject == null ? List.of() : List.of(subject);
  }

  private static List<String> strings(String name, Map<String, Object> rest) {
    List<String> listed = CloudEventMapping.strings(rest.get(name));
    if (listed == null || listed.isEmpty()) {
      return List.of();
    }
    rest.remove(name);
    return listed;
  }

  private static @Nullable String text(String name, Map<String, Object> rest) {
    return rest.get(name) instanceof String ? (String) rest.remove(name) : null;
  }

  private static Object content(@Nullable CloudEventData data, @Nullable String contentType) {
    if (data == null) {
      return Map.of();
    }
    if (!MediaTypes.isJson(contentType)) {
      throw new EventValidationException("data", "is not JSON but " + contentType);
    }
    byte[] bytes = data.toBytes();
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      JsonToken first = onlyValue(text);
      if (MessageEncoder.holdsNul(bytes)) {
        throw new EventValidationException("data", "holds a NUL character");
      }
      return first == JsonToken.START_OBJECT ? new RawValue(text) : text;
    } catch (IOException e) {
      throw new EventValidationException("data", "is not JSON: " + e.getMessage());
    }
  }

  private static JsonToken onlyValue(String text) throws IOException {
    try (JsonParser json = Json.MAPPER.createParser(text)) {
      JsonToken first = json.nextToken();
      if (first == null) {
        throw new EventValidationException("data", "is empty, which is not JSON");
      }
      json.skipChildren();
      if (json.nextToken() != null) {
        throw new EventValidationException("data", "is more than one JSON value");
      }
      return first;
    }
  }
}
