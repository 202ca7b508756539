package dev.carillon.dataservices;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How this client reads and writes JSON: times as ISO 8601 text, one value and nothing after. */
final class Json {

  static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .addDecorator((factory, json) -> new FiniteNumbers(json))
                  .build())
          .addModule(new JavaTimeModule())
          .addModule(new Jdk8Module())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  /** A JSON object as a map. */
  static final TypeReference<Map<String, @Nullable Object>> OBJECT = new TypeReference<>() {};

  private Json() {}

  /** The value that an answer's body holds; null if it is empty or not JSON. */
  static @Nullable JsonNode readOrNull(byte[] body) {
    if (body.length == 0) {
      return null;
    }
    try {
      JsonNode node = MAPPER.readTree(body);
      return node.isMissingNode() ? null : node;
    } catch (IOException e) {
      return null;
    }
  }

  /** The member of an object whose name is this one in any naming; null if there is none. */
  static @Nullable JsonNode member(JsonNode object, String camelCase) {
    JsonNode exact = object.get(camelCase);
    if (exact != null) {
      return exact.isNull() ? null : exact;
    }
    for (var entry : object.properties()) {
      if (entry.getKey().replace("_", "").equalsIgnoreCase(camelCase)) {
        return entry.getValue().isNull() ? null : entry.getValue();
      }
    }
    return null;
  }

  /** A member's text; a number's or boolean's text too; null if it is absent or no scalar. */
  static @Nullable String text(JsonNode object, String camelCase) {
    JsonNode member = member(object, camelCase);
    return member == null || !member.isValueNode() ? null : member.asText();
  }
}
