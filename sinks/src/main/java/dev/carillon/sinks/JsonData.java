package dev.carillon.sinks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NumericNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.carillon.core.EventValidationException;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Event data that is a JSON object. */
final class JsonData {

  static final String JSON = "application/json";

  /** Its modules are named, so that what else is on the class path changes no event. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .addModule(new Jdk8Module())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  /** For data as it comes, which keeps its numbers; of a {@code float} it would make a double. */
  private static final ObjectReader READER =
      MAPPER
          .reader()
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private JsonData() {}

  /** The event with further members in its data; members that it has stay as they are. */
  static CloudEvent with(CloudEvent event, Map<String, String> further) {
    CloudEventData data = event.getData();
    ObjectNode object;
    try {
      JsonNode read = data == null ? MAPPER.createObjectNode() : READER.readTree(data.toBytes());
      if (!(read instanceof ObjectNode found)) {
        throw new EventValidationException(
            "data", "is not a JSON object, so it cannot be enriched");
      }
      object = found;
    } catch (IOException e) {
      throw new EventValidationException("data", "is not JSON, so it cannot be enriched");
    }
    further.forEach((name, value) -> object.set(name, read(object, name, value)));
    String type = event.getDataContentType();
    return CloudEventBuilder.v1(event).withData(type == null ? JSON : type, bytes(object)).build();
  }

  private static JsonNode read(ObjectNode object, String name, String value) {
    JsonNode there = object.get(name);
    return there == null ? object.textNode(value) : there;
  }

  /** A map's JSON, with further members behind those that it has. */
  static byte[] of(Map<String, ? extends @Nullable Object> data, Map<String, ?> further) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>(data);
    further.forEach(all::putIfAbsent);
    JsonNode json = MAPPER.convertValue(all, new TypeReference<JsonNode>() {});
    checkFinite("data", json);
    return bytes(json);
  }

  /** Refuses NaN and the infinities, which Jackson would write as strings. */
  private static void checkFinite(String place, JsonNode json) {
    if (json instanceof NumericNode number && number.isNaN()) {
      throw new EventValidationException(place, "is " + number + ", which JSON cannot express");
    }
    json.properties().forEach(field -> checkFinite(place + "." + field.getKey(), field.getValue()));
    for (int i = 0; json.isArray() && i < json.size(); i++) {
      checkFinite(place + "[" + i + "]", json.get(i));
    }
  }

  private static byte[] bytes(JsonNode json) {
    try {
      return MAPPER.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new EventValidationException("data", "cannot be written as JSON: " + e.getMessage());
    }
  }
}
