package dev.carillon.dataservices;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.core.EventValidationException;
import io.cloudevents.CloudEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event as the service has it.
 *
 * @param id the event's id; null if the server does not say
 * @param topic the topic; empty if the server does not say
 * @param subjects what the event is about
 * @param data any JSON value as Java has it: usually a {@code Map<String, Object>}, else a list, a
 *     string, a boolean, or a number (integers of the size they need, decimals as {@code double});
 *     null for JSON's null
 * @param tags the tags
 * @param createdDateUtc when it happened; null if the server does not say
 * @param sourceTraceIds the trace ids
 * @param organizationId the organization; null for none
 * @param userId who did it; null for none
 * @param source where it came from; null if the server does not say
 * @param attributes further CloudEvents attributes
 */
public record StoredEvent(
    @Nullable String id,
    String topic,
    List<String> subjects,
    @Nullable Object data,
    List<String> tags,
    @Nullable Instant createdDateUtc,
    List<String> sourceTraceIds,
    @Nullable String organizationId,
    @Nullable String userId,
    @Nullable String source,
    Map<String, Object> attributes) {

  /** Copies. */
  public StoredEvent {
    subjects = List.copyOf(subjects);
    tags = List.copyOf(tags);
    sourceTraceIds = List.copyOf(sourceTraceIds);
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  /** Reads an event, whichever naming the server uses. */
  static StoredEvent of(JsonNode json) {
    String topic = Json.text(json, "topic");
    return new StoredEvent(
        Json.text(json, "id"),
        topic == null ? "" : topic,
        strings(json, "subjects"),
        value(json, "data"),
        strings(json, "tags"),
        Timestamps.isoOrNull(Json.text(json, "createdDateUtc")),
        strings(json, "sourceTraceIds"),
        Json.text(json, "organizationId"),
        Json.text(json, "userId"),
        Json.text(json, "source"),
        attributes(json));
  }

  private static List<String> strings(JsonNode json, String name) {
    JsonNode member = Json.member(json, name);
    List<String> strings = new ArrayList<>();
    if (member != null && member.isArray()) {
      member.forEach(element -> strings.add(element.asText()));
    }
    return strings;
  }

  private static @Nullable Object value(JsonNode json, String name) {
    JsonNode member = Json.member(json, name);
    return member == null ? null : Json.MAPPER.convertValue(member, Object.class);
  }

  private static Map<String, Object> attributes(JsonNode json) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    JsonNode member = Json.member(json, "attributes");
    if (member != null) {
      for (var attribute : member.properties()) {
        Object value = Json.MAPPER.convertValue(attribute.getValue(), Object.class);
        if (value != null) {
          attributes.put(attribute.getKey(), value);
        }
      }
    }
    return attributes;
  }

  /**
   * This event as a CloudEvent, as {@link EventMessage#toCloudEvent()} makes one.
   *
   * @throws EventValidationException if what the server sent is no valid event
   */
  public CloudEvent toCloudEvent() {
    EventMessage message =
        EventMessage.builder()
            .id(id)
            .topic(topic)
            .subjects(subjects)
            .data(Map.of())
            .tags(tags)
            .createdDateUtc(createdDateUtc)
            .sourceTraceIds(sourceTraceIds)
            .organizationId(organizationId)
            .userId(userId)
            .source(source)
            .attributes(attributes)
            .build();
    return CloudEventMapping.toCloudEvent(message, data);
  }
}
