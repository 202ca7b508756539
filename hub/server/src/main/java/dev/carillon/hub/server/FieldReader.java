package dev.carillon.hub.server;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads values of a JSON object, and notes what is wrong with them. Each method leaves the parser
 * on the last token of the value. Not thread-safe.
 */
final class FieldReader {

  private static final int MAX_LIST = 10_000;

  /** How many characters all lists together may have: queries look through those of events. */
  private static final int MAX_LISTED = 64 << 10;

  private final JsonParser json;
  private final List<Violation> violations = new ArrayList<>(0);
  private int listed;
  private boolean anyUri;

  FieldReader(JsonParser json) {
    this.json = json;
  }

  /** Has it take any text for a URI, where senders would not hear that it is none. */
  FieldReader takingAnyUri() {
    anyUri = true;
    return this;
  }

  List<Violation> violations() {
    return violations;
  }

  void wrong(String field, String message) {
    Violation.add(violations, field, message);
  }

  /** Notes that a required field is not as it must be, however much is wrong with others. */
  void missing(String field, String message) {
    violations.add(new Violation(field, message));
  }

  /** A text that can be an attribute of an event; null if it is null or not one. */
  @Nullable String text(String field, int maxLength) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    String wrong = wrongInText(maxLength);
    if (wrong != null) {
      wrong(field, wrong);
      json.skipChildren();
      return null;
    }
    return json.getText();
  }

  /** A text that is a URI or a reference to one; null if it is null or not one. */
  @Nullable String uri(String field, int maxLength) throws IOException {
    String text = text(field, maxLength);
    String wrong = text == null || anyUri ? null : Text.wrongInUri(text);
    if (wrong != null) {
      wrong(field, wrong);
      return null;
    }
    return text;
  }

  /** What is wrong with a value as a text that can be an attribute; null if nothing is. */
  private @Nullable String wrongInText(int maxLength) throws IOException {
    return json.currentToken() == JsonToken.VALUE_STRING
        ? Text.wrongInAttribute(json.getText(), maxLength)
        : "is not a string";
  }

  /** A list of texts; null if it is null or not one. */
  @Nullable List<String> texts(String field) throws IOException {
    JsonToken token = json.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token != JsonToken.START_ARRAY) {
      wrong(field, "is not an array of strings");
      json.skipChildren();
      return null;
    }
    List<String> texts = new ArrayList<>(4);
    int count = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      String wrong = wrongInText(Text.MAX_LENGTH);
      if (wrong != null) {
        wrong(field + "[" + count + "]", wrong);
        json.skipChildren();
      } else if (count < MAX_LIST) {
        texts.add(json.getText());
        listed += json.getTextLength();
      }
      count++;
    }
    if (count > MAX_LIST) {
      wrong(field, "has more than " + MAX_LIST + " elements");
    }
    if (listed > MAX_LISTED) {
      wrong(field, "brings all lists to more than " + MAX_LISTED + " characters");
    }
    return texts;
  }

  /** A time; null if it is null or not one. */
  @Nullable Instant time(String field) throws IOException {
    String text = text(field, Text.MAX_LENGTH);
    if (text == null) {
      return null;
    }
    Instant time = Text.time(text);
    if (time == null) {
      wrong(field, "is not an ISO 8601 time in the years 1 to 9999");
    }
    return time;
  }

  /** A JSON value as it is, on one line. */
  byte[] value(String field) throws IOException {
    return Json.copy(json, field, violations);
  }
}
