package dev.carillon.analytics;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answer to a batch without making an object of each entry, since there are as many as
 * there are events. Not thread-safe.
 */
final class BatchAnswer {

  private final List<@Nullable String> refusals;
  private boolean success;

  private BatchAnswer(int entries) {
    refusals = new ArrayList<>(entries);
  }

  /**
   * What an answer says of each operation, in order: null if it was accepted, else why it was not.
   *
   * @param entries how many there must be
   * @throws IllegalArgumentException if the answer is no success with so many entries
   */
  static List<@Nullable String> refusals(byte[] json, int entries) {
    BatchAnswer answer = new BatchAnswer(entries);
    try (JsonParser parser = Json.FACTORY.createParser(json)) {
      answer.readEnvelope(parser);
    } catch (IOException e) {
      throw new IllegalArgumentException("it is not JSON as expected", e);
    }
    if (!answer.success) {
      throw new IllegalArgumentException("it does not say success");
    }
    if (answer.refusals.size() != entries) {
      throw new IllegalArgumentException(
          "it has " + answer.refusals.size() + " entries for " + entries);
    }
    return answer.refusals;
  }

  /** Why each operation was refused, where an answer says it of every one; else an empty list. */
  static List<@Nullable String> refusalsOfAll(String json, int entries) {
    BatchAnswer answer = new BatchAnswer(entries);
    try (JsonParser parser = Json.FACTORY.createParser(json)) {
      answer.readEnvelope(parser);
    } catch (IOException | IllegalArgumentException e) {
      return List.of(); // also half an answer, since of a long one only the beginning is kept
    }
    boolean all =
        answer.refusals.size() == entries && answer.refusals.stream().noneMatch(Objects::isNull);
    return all ? answer.refusals : List.of();
  }

  private void readEnvelope(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException("it is no object");
    }
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      JsonToken value = parser.nextToken();
      if (name.equals("success")) {
        success = value == JsonToken.VALUE_TRUE;
      } else if (name.equals("data") && value == JsonToken.START_ARRAY) {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
          refusals.add(readEntry(parser));
        }
      }
      parser.skipChildren();
    }
  }

  private static @Nullable String readEntry(JsonParser parser) throws IOException {
    String refusal = null;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      JsonToken value = parser.nextToken();
      if (name.equals("error") && value != JsonToken.VALUE_NULL) {
        refusal = parser.getValueAsString("for a reason that is no text");
      }
      parser.skipChildren();
    }
    return refusal == null || refusal.isEmpty() ? null : refusal;
  }
}
