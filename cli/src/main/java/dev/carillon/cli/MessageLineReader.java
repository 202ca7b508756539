package dev.carillon.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.dataservices.EventMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads event messages from JSON as the hub does: names in snake, camel or Pascal case, mixed;
 * {@code data} an object, or a string that holds one; times with an offset, with {@code Z}, or with
 * none, then UTC. Thread-safe.
 */
final class MessageLineReader {

  private static final TypeReference<Map<String, @Nullable Object>> OBJECT =
      new TypeReference<>() {};

  /**
   * The message that a line holds.
   *
   * @throws BadMessageException if it holds none, saying which member is wrong
   */
  EventMessage read(byte[] json) throws BadMessageException {
    ObjectNode object = LineJson.object(json);
    EventMessage.Builder message = EventMessage.builder();
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      if (!member.getValue().isNull()) {
        set(message, member.getKey(), member.getValue());
      }
    }
    return message.build();
  }

  /**
   * What the JSON object holds that a flag or member is.
   *
   * @throws BadMessageException if the text is no JSON object
   */
  static Map<String, @Nullable Object> data(String name, String json) throws BadMessageException {
    return LineJson.EXACT.convertValue(LineJson.object(name, json), OBJECT);
  }

  private void set(EventMessage.Builder message, String name, JsonNode value)
      throws BadMessageException {
    switch (name.replace("_", "").toLowerCase(Locale.ROOT)) {
      case "topic" -> message.topic(text(name, value));
      case "subjects" -> message.subjects(texts(name, value));
      case "data" -> message.data(data(name, value));
      case "tags" -> message.tags(texts(name, value));
      case "createddateutc" -> message.createdDateUtc(LineJson.time(name, text(name, value)));
      case "sourcetraceids" -> message.sourceTraceIds(texts(name, value));
      case "organizationid" -> message.organizationId(text(name, value));
      case "userid" -> message.userId(text(name, value));
      case "id" -> message.id(text(name, value));
      case "source" -> message.source(text(name, value));
      case "attributes" -> message.attributes(attributes(name, value));
      default -> throw new BadMessageException(name + ": is not a member of an event message");
    }
  }

  private static Map<String, @Nullable Object> data(String name, JsonNode value)
      throws BadMessageException {
    if (value.isTextual()) {
      return data(name, value.textValue());
    }
    if (!value.isObject()) {
      throw new BadMessageException(name + ": must be a JSON object, or a string that holds one");
    }
    return LineJson.EXACT.convertValue(value, OBJECT);
  }

  private static Map<String, Object> attributes(String name, JsonNode value)
      throws BadMessageException {
    if (!value.isObject()) {
      throw new BadMessageException(name + ": must be a JSON object");
    }
    return LineJson.EXACT.convertValue(value, new TypeReference<Map<String, Object>>() {});
  }

  private static String text(String name, JsonNode value) throws BadMessageException {
    if (!value.isTextual()) {
      throw new BadMessageException(name + ": must be a string");
    }
    return value.textValue();
  }

  private static List<String> texts(String name, JsonNode value) throws BadMessageException {
    if (!value.isArray()) {
      throw new BadMessageException(name + ": must be an array of strings");
    }
    List<String> texts = new ArrayList<>(value.size());
    for (JsonNode element : value) {
      texts.add(text(name + "[" + texts.size() + "]", element));
    }
    return texts;
  }
}
