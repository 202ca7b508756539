package dev.carillon.hub.server;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The further attributes of a CloudEvent, by the naming rules and types of CloudEvents 1.0. */
final class Attributes {

  /** The one further attribute that is a URI. */
  static final String SCHEMA = "dataschema";

  private static final Set<String> TEXTS = Set.of(SCHEMA, "datacontenttype");
  private static final int MAX_COUNT = 100;
  private static final int MAX_VALUE = 8192;
  private static final Pattern NAME = Pattern.compile("[a-z0-9]{1,64}");
  private static final Set<String> RESERVED =
      Set.of("specversion", "id", "source", "type", "subject", "time", "data");

  private Attributes() {}

  /** What keeps a name from being one of a further attribute; null if nothing does. */
  static @Nullable String wrongName(String name) {
    if (!NAME.matcher(name).matches()) {
      return "is not an attribute name: only a to z and 0 to 9, at most 64";
    }
    return RESERVED.contains(name) ? "cannot be set here" : null;
  }

  /** Reads an object of attributes that the parser stands on. */
  static void read(JsonParser json, String field, FieldReader fields, Map<String, Object> into)
      throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      fields.wrong(field, "is not a JSON object");
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      readOne(json, name, field + "." + name, fields, into);
    }
  }

  /** Reads the value of one attribute that the parser stands on. */
  static void readOne(
      JsonParser json, String name, String field, FieldReader fields, Map<String, Object> into)
      throws IOException {
    String wrong = wrongName(name);
    if (wrong == null && into.size() >= MAX_COUNT) {
      wrong = "is one attribute too many: at most " + MAX_COUNT;
    }
    JsonToken token = json.currentToken();
    if (wrong == null && TEXTS.contains(name) && (token.isNumeric() || token.isBoolean())) {
      wrong = "is not a string";
    }
    if (wrong != null) {
      json.skipChildren();
      fields.wrong(field, wrong);
      return;
    }
    switch (token) {
      case VALUE_STRING -> {
        String text =
            name.equals(SCHEMA) ? fields.uri(field, MAX_VALUE) : fields.text(field, MAX_VALUE);
        if (text != null) {
          into.put(name, text);
        }
      }
      case VALUE_TRUE, VALUE_FALSE -> into.put(name, json.getBooleanValue());
      case VALUE_NUMBER_INT -> {
        if (json.getNumberType() == JsonParser.NumberType.INT) {
          into.put(name, json.getIntValue());
        } else {
          fields.wrong(field, "is not a 32-bit integer");
        }
      }
      case VALUE_NULL -> {}
      default -> {
        json.skipChildren();
        fields.wrong(field, "is neither a string, a boolean nor an integer");
      }
    }
  }
}
