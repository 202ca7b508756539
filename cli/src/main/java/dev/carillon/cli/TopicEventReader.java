package dev.carillon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.eventgrid.TopicEvent;
import java.net.URI;
import java.util.Map;

/**
 * Reads events for Event Grid topics from JSON, in either schema: {@code eventType} or {@code
 * type}, {@code eventTime} or {@code time}, {@code subject}, {@code data}, {@code id}, {@code
 * dataVersion}, {@code source}; further members of CloudEvents are properties. Thread-safe.
 */
final class TopicEventReader {

  /** The event that a line holds. */
  TopicEvent read(byte[] line) throws BadMessageException {
    ObjectNode object = LineJson.object(line);
    String type = text(object, object.has("eventType") ? "eventType" : "type");
    TopicEvent.Builder event =
        TopicEvent.builder(type, text(object, "subject"), object.get("data"));
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      if (!member.getValue().isNull()) {
        set(event, member.getKey(), member.getValue());
      }
    }
    return event.build();
  }

  private static void set(TopicEvent.Builder event, String name, JsonNode value)
      throws BadMessageException {
    switch (name) {
      case "eventType", "type", "subject", "data", "specversion" -> {}
      case "topic", "metadataVersion", "datacontenttype" -> {}
      case "id" -> event.id(value.asText());
      case "dataVersion" -> event.dataVersion(value.asText());
      case "source" -> event.source(source(value.asText()));
      case "eventTime", "time" -> event.eventTime(LineJson.time(name, value.asText()));
      default -> {
        if (value.isContainerNode()) {
          throw new BadMessageException(name + ": is not a member of an event");
        }
        event.property(name, property(value));
      }
    }
  }

  private static Object property(JsonNode value) {
    if (value.isBoolean()) {
      return value.booleanValue();
    }
    return value.isInt() ? Integer.valueOf(value.intValue()) : value.asText();
  }

  private static URI source(String text) throws BadMessageException {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new BadMessageException("source: is not a URI");
    }
  }

  private static String text(JsonNode object, String name) throws BadMessageException {
    JsonNode value = object.path(name);
    if (!value.isTextual() || value.textValue().isBlank()) {
      throw new BadMessageException(name + ": is missing, or not a string");
    }
    return value.textValue();
  }
}
