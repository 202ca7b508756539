package dev.carillon.hub.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The JSON of an event's fields, named as on the wire. A number comes back as the same double. */
final class FieldsJson {

  static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER).build();

  private static final int MAX_FINITE_DIGITS = 308;

  private FieldsJson() {}

  static byte[] write(EventFields.Builder fields) {
    return JsonBytes.of(
        json -> {
          json.writeStartObject();
          text(json, "conversation_id", fields.conversationId);
          text(json, "conversation_metadata", fields.conversationMetadata);
          text(json, "event_name", fields.eventName);
          text(json, "error", fields.error);
          if (fields.latency != null) {
            json.writeNumberField("latency", fields.latency);
          }
          text(json, "input", fields.input);
          numbers(json, "input_embeddings", fields.inputEmbeddings);
          text(json, "output", fields.output);
          numbers(json, "output_embeddings", fields.outputEmbeddings);
          json.writeEndObject();
        });
  }

  private static void text(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }

  private static void numbers(JsonGenerator json, String name, double @Nullable [] value)
      throws IOException {
    if (value != null) {
      json.writeFieldName(name);
      json.writeArray(value, 0, value.length);
    }
  }

  static EventFields read(byte[] bytes) {
    return decode(bytes).build();
  }

  static EventFields.Builder decode(byte[] bytes) {
    try (JsonParser json = JSON.createParser(bytes)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("not the fields of an event: no JSON object");
      }
      return decode(json, true);
    } catch (IOException e) {
      throw new IllegalArgumentException("not the fields of an event: " + e.getMessage(), e);
    }
  }

  /**
   * Fields over others: where both texts have a field, that of the second counts. Values are
   * copied, not decoded: embeddings are long.
   */
  static byte[] over(byte[] base, byte[] fields) {
    try (JsonParser given = JSON.createParser(fields);
        JsonParser json = JSON.createParser(base)) {
      Set<String> names = names(given);
      if (names.isEmpty()) {
        return base;
      }
      ByteArrayOutputStream merged = new ByteArrayOutputStream(base.length + fields.length);
      merged.write(fields, 0, (int) given.currentTokenLocation().getByteOffset());
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        int from = (int) json.currentTokenLocation().getByteOffset();
        boolean missing = !names.contains(json.currentName());
        json.nextToken();
        json.skipChildren();
        if (missing) {
          json.finishToken();
          merged.write(',');
          merged.write(base, from, (int) json.currentLocation().getByteOffset() - from);
        }
      }
      merged.write('}');
      return merged.toByteArray();
    } catch (IOException e) {
      throw new IllegalArgumentException("not the fields of an event: " + e.getMessage(), e);
    }
  }

  /** The names of an object's members; the parser stands on its end then. */
  private static Set<String> names(JsonParser json) throws IOException {
    Set<String> names = new HashSet<>();
    json.nextToken();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      names.add(json.currentName());
      json.nextToken();
      json.skipChildren();
    }
    return names;
  }

  /**
   * Reads the object that a parser stands on the beginning of. An object that holds nothing else,
   * in plain characters and on one line, is kept as it is, and its long values are not decoded.
   *
   * @param text what the parser reads
   */
  static EventFields read(JsonParser json, JsonText text) throws IOException {
    int from = text.at(json.currentTokenLocation());
    boolean plain = from >= 0 && text.isPlain(from);
    EventFields.Builder fields = decode(json, !plain);
    if (!plain) {
      return fields.build();
    }
    byte[] own = text.copy(from, text.at(json.currentLocation()));
    return fields.members == fields.count() ? fields.build(own) : read(own);
  }

  /**
   * Reads fields.
   *
   * @param whole whether to decode all values; else those that are long are checked only, and an
   *     empty value stands for each
   */
  private static EventFields.Builder decode(JsonParser json, boolean whole) throws IOException {
    EventFields.Builder fields = EventFields.builder();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      fields.members++;
      switch (name) {
        case "conversation_id" -> fields.conversationId(text(json, name, true));
        case "conversation_metadata" -> fields.conversationMetadata(text(json, name, whole));
        case "event_name" -> fields.eventName(text(json, name, true));
        case "error" -> fields.error(text(json, name, true));
        case "latency" -> fields.latency(number(json, name));
        case "input" -> fields.input(text(json, name, whole));
        case "input_embeddings" -> fields.inputEmbeddings(numbers(json, name, whole));
        case "output" -> fields.output(text(json, name, whole));
        case "output_embeddings" -> fields.outputEmbeddings(numbers(json, name, whole));
        default -> json.skipChildren();
      }
    }
    return fields;
  }

  private static @Nullable String text(JsonParser json, String name, boolean whole)
      throws IOException {
    return switch (json.currentToken()) {
      case VALUE_NULL -> null;
      case VALUE_STRING -> whole ? json.getText() : "";
      default -> throw new IllegalArgumentException(name + " is not a string");
    };
  }

  private static @Nullable Double number(JsonParser json, String name) throws IOException {
    return switch (json.currentToken()) {
      case VALUE_NULL -> null;
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getDoubleValue();
      default -> throw new IllegalArgumentException(name + " is not a number");
    };
  }

  private static double @Nullable [] numbers(JsonParser json, String name, boolean whole)
      throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw new IllegalArgumentException(name + " is not an array of numbers");
    }
    double[] numbers = new double[16];
    int count = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (!json.currentToken().isNumeric()) {
        throw new IllegalArgumentException(name + " is not an array of numbers");
      }
      if (!whole && isSurelyFinite(json)) {
        continue;
      }
      double number = json.getDoubleValue();
      if (!Double.isFinite(number)) {
        throw new IllegalArgumentException(name + " has a number that is not finite");
      }
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, count * 2);
      }
      numbers[count++] = number;
    }
    return Arrays.copyOf(numbers, count);
  }

  /** Told by its text, which takes less time than to decode it: few digits, and no exponent. */
  private static boolean isSurelyFinite(JsonParser json) throws IOException {
    int length = json.getTextLength();
    if (length > MAX_FINITE_DIGITS) {
      return false;
    }
    char[] text = json.getTextCharacters();
    int from = json.getTextOffset();
    for (int i = from; i < from + length; i++) {
      if ((text[i] | ' ') == 'e') {
        return false;
      }
    }
    return true;
  }
}
