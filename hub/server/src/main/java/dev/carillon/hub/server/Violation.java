package dev.carillon.hub.server;

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
