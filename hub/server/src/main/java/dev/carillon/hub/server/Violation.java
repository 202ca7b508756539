package dev.carillon.hub.server;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;

/**
 * One field that is wrong.
 *
 * @param field the field, in the words of the wire
 * @param message what is wrong with it
 */
record Violation(String field, String message) {

  /** So many are told of one event; a sender could have millions of them told. */
  private static final int MAX_TOLD = 20;

  /** So much is told of a field's name, which a sender may have made up. */
  private static final int MAX_NAME = 256;

  Violation {
    if (field.length() > MAX_NAME) {
      boolean halves = Character.isHighSurrogate(field.charAt(MAX_NAME - 1));
      field = field.substring(0, halves ? MAX_NAME - 1 : MAX_NAME) + "…";
    }
  }

  /** Adds one, if not too many are told already. */
  static void add(List<Violation> violations, String field, String message) {
    if (violations.size() < MAX_TOLD) {
      violations.add(new Violation(field, message));
    }
  }

  /** All in one text. */
  static String text(List<Violation> violations) {
    return violations.stream()
        .map(one -> one.field.isEmpty() ? one.message : one.field + ": " + one.message)
        .collect(joining("; "));
  }

  static void write(JsonGenerator json, List<Violation> violations) throws IOException {
    json.writeArrayFieldStart("errors");
    for (Violation violation : violations) {
      json.writeStartObject();
      json.writeStringField("field", violation.field);
      json.writeStringField("message", violation.message);
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
