package dev.carillon.hub.server;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.carillon.hub.store.JsonBytes;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.UnaryOperator;

/** Jackson, with the hub's bounds. Thread-safe. */
final class Json {

  private static final int MAX_DEPTH = 500;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private Json() {}

  static JsonParser parser(byte[] body) throws IOException {
    return JSON.createParser(body);
  }

  /**
   * Reads a body only to find where its values begin and end, also of some that the others do not
   * take: as deep as an event may be long, since each level has two brackets and takes some memory.
   * One that is too large and deeper than that is not got over: its batch is refused. Each with a
   * factory of its own, since one remembers the names that it has seen.
   */
  static JsonParser patientParser(byte[] body) throws IOException {
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(Bodies.MAX_EVENT / 2 + 1) // the batch's own array
            .maxNameLength(Bodies.MAX_BATCH)
            .maxNumberLength(Bodies.MAX_BATCH)
            .build();
    return JsonFactory.builder()
        .streamReadConstraints(constraints)
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .build()
        .createParser(body);
  }

  static JsonParser parser(String text) throws IOException {
    return JSON.createParser(text);
  }

  /** Whether a text is one JSON value. */
  static boolean isValid(String text) {
    try (JsonParser json = parser(text)) {
      if (json.nextToken() == null) {
        return false;
      }
      json.skipChildren();
      return json.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  static Buffer buffer(JsonBytes.Writing writing) {
    return Buffer.buffer(JsonBytes.of(writing));
  }

  /** Makes sure that nothing follows the value that was read. */
  static void requireEnd(JsonParser json) throws IOException {
    if (json.nextToken() != null) {
      throw new BadRequestException(Problem.of(400, "something follows the JSON in the body"));
    }
  }

  /** What to answer to JSON that cannot be read, without echoing it. */
  static BadRequestException malformed(IOException e) {
    return new BadRequestException(Problem.of(400, "the body is not valid JSON: " + reason(e)));
  }

  /** What is wrong with a JSON text, without what Jackson says of its own settings. */
  static String reason(IOException e) {
    return e instanceof JacksonException json
        ? json.getOriginalMessage()
            .replaceAll("\\[Source: [^;]*; ", "[")
            .replaceAll(", from `[^`]*`", "")
        : String.valueOf(e.getMessage());
  }

  /**
   * Copies the value that a parser stands on, on one line and with its numbers as they are. Strings
   * that cannot be kept are named as violations.
   */
  static byte[] copy(JsonParser in, String field, List<Violation> violations) throws IOException {
    try {
      return JsonBytes.of(json -> copy(in, json, text -> kept(text, field, violations)));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Copies the value that a parser stands on, with its numbers as they are. */
  static void copy(JsonParser in, JsonGenerator out) throws IOException {
    copy(in, out, text -> text);
  }

  private static void copy(JsonParser in, JsonGenerator out, UnaryOperator<String> text)
      throws IOException {
    int depth = 0;
    do {
      switch (in.currentToken()) {
        case FIELD_NAME -> out.writeFieldName(text.apply(in.currentName()));
        case VALUE_STRING -> out.writeString(text.apply(in.getText()));
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> out.writeNumber(in.getText());
        case START_OBJECT, START_ARRAY -> {
          out.copyCurrentEvent(in);
          depth++;
        }
        case END_OBJECT, END_ARRAY -> {
          out.copyCurrentEvent(in);
          depth--;
        }
        default -> out.copyCurrentEvent(in);
      }
    } while (depth > 0 && in.nextToken() != null);
  }

  private static String kept(String text, String field, List<Violation> violations) {
    String wrong = Text.wrongInData(text);
    if (wrong == null) {
      return text;
    }
    Violation.add(violations, field, wrong);
    return "";
  }
}
