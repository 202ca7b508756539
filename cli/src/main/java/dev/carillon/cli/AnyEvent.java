package dev.carillon.cli;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event of the bus of which the command line knows no class: beyond its type and time it has
 * members of any kind, which stay as they are.
 */
final class AnyEvent {

  private final String type;
  private final String time;
  private final Map<String, JsonNode> members = new LinkedHashMap<>();

  /** Creates an event of now, unless it says when it was. */
  AnyEvent(String type, @Nullable String time) {
    this.type = type;
    this.time = time == null ? Instant.now().toString() : time;
  }

  /** Reads an event, whose members keep their order. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static AnyEvent of(ObjectNode json) {
    JsonNode type = json.remove("type");
    JsonNode time = json.remove("time");
    if (type == null || !type.isTextual()) {
      throw new IllegalArgumentException("type: is missing, or not a string");
    }
    AnyEvent event = new AnyEvent(type.textValue(), time == null ? null : time.textValue());
    json.properties().forEach(member -> event.set(member.getKey(), member.getValue()));
    return event;
  }

  @JsonProperty
  String type() {
    return type;
  }

  @JsonProperty
  String time() {
    return time;
  }

  @JsonAnyGetter
  Map<String, JsonNode> members() {
    return members;
  }

  void set(String name, JsonNode value) {
    members.put(name, value);
  }
}
