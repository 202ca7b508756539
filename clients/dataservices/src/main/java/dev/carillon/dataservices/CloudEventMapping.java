package dev.carillon.dataservices;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.core.EventValidationException;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What stands for what between CloudEvents 1.0 and event messages: type is the topic, subject the
 * first subject, time the created date. Extensions carry what CloudEvents has no attribute for:
 * {@code subjects} (JSON, unless there is exactly one), {@code tags} and {@code sourcetraceids}
 * (JSON, unless empty), {@code organizationid}, {@code userid}.
 */
final class CloudEventMapping {

  static final String SUBJECTS = "subjects";
  static final String TAGS = "tags";
  static final String TRACE_IDS = "sourcetraceids";
  static final String ORGANIZATION = "organizationid";
  static final String USER = "userid";
  static final String DATA_SCHEMA = "dataschema";
  static final String CONTENT_TYPE = "datacontenttype";
  private static final String JSON = "application/json";

  private CloudEventMapping() {}

  /** The CloudEvent that a message is, with this as its data. */
  static CloudEvent toCloudEvent(EventMessage message, @Nullable Object data) {
    List<String> subjects = message.subjects();
    Map<String, Object> attributes = message.attributes();
    String id = message.id();
    String source = message.source();
    CloudEventBuilder event =
        CloudEventBuilder.v1()
            .withId(id == null ? UUID.randomUUID().toString() : id)
            .withSource(URI.create(source == null ? Call.EVENTS : source))
            .withType(message.topic())
            .withData(attributes.getOrDefault(CONTENT_TYPE, JSON).toString(), write("data", data));
    if (!subjects.isEmpty()) {
      event.withSubject(subjects.get(0));
    }
    if (subjects.size() != 1) {
      event.withExtension(SUBJECTS, text(subjects));
    }
    Instant created = message.createdDateUtc();
    if (created != null) {
      event.withTime(created.atOffset(ZoneOffset.UTC));
    }
    list(event, TAGS, message.tags());
    list(event, TRACE_IDS, message.sourceTraceIds());
    extension(event, ORGANIZATION, message.organizationId());
    extension(event, USER, message.userId());
    attributes.forEach((name, value) -> extension(event, name, value));
    return event.build();
  }

  private static void list(CloudEventBuilder event, String name, List<String> values) {
    if (!values.isEmpty()) {
      event.withExtension(name, text(values));
    }
  }

  private static void extension(CloudEventBuilder event, String name, @Nullable Object value) {
    if (value == null || name.equals(CONTENT_TYPE)) {
      return;
    }
    if (name.equals(DATA_SCHEMA)) {
      event.withDataSchema(URI.create(value.toString()));
    } else if (value instanceof Boolean flag) {
      event.withExtension(name, flag);
    } else if (value instanceof Number number) {
      event.withExtension(name, number);
    } else {
      event.withExtension(name, value.toString());
    }
  }

  private static String text(List<String> values) {
    return new String(write("", values), StandardCharsets.UTF_8);
  }

  private static byte[] write(String field, @Nullable Object value) {
    try {
      return Json.MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new EventValidationException(field, "cannot be written as JSON: " + e.getMessage());
    }
  }

  /** The strings that an extension's JSON text lists; null if it lists none. */
  static @Nullable List<String> strings(@Nullable Object extension) {
    if (!(extension instanceof String text)) {
      return null;
    }
    try {
      JsonNode json = Json.MAPPER.readTree(text);
      if (!json.isArray()) {
        return null;
      }
      List<String> strings = new ArrayList<>(json.size());
      for (JsonNode element : json) {
        if (!element.isTextual()) {
          return null;
        }
        strings.add(element.textValue());
      }
      return strings;
    } catch (JsonProcessingException e) {
      return null;
    }
  }
}
