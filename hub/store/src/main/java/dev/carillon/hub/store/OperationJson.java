package dev.carillon.hub.store;

import com.ethlo.time.ITU;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.carillon.hub.store.Operation.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An operation's one encoding, the same in the journal and on a topic. */
final class OperationJson {

  private static final int WITH_MILLIS = "2026-03-02T08:15:00.123Z".length();

  private OperationJson() {}

  static byte[] write(Operation operation) {
    return JsonBytes.of(
        json -> {
          json.writeStartObject();
          json.writeStringField("operation", operation.kind().wireName());
          json.writeStringField("event_id", operation.eventId().toString());
          json.writeStringField("timestamp", operation.at().toString());
          if (operation.kind() != Kind.DELETE) {
            json.writeFieldName("data");
            JsonBytes.writeEncoded(json, operation.fields().json());
          }
          json.writeEndObject();
        });
  }

  static Operation read(byte[] bytes) {
    try (JsonParser json = FieldsJson.JSON.createParser(bytes)) {
      return read(json, new JsonText(ByteBuffer.wrap(bytes), 0));
    } catch (IOException | DateTimeException e) {
      throw new IllegalArgumentException("not an operation: " + e.getMessage(), e);
    }
  }

  /**
   * Reads the next operation that a parser comes to, up to its last byte.
   *
   * @param text what the parser reads
   */
  static Operation read(JsonParser json, JsonText text) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException("not an operation: no JSON object");
    }
    String kind = null;
    String id = null;
    String at = null;
    EventFields fields = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      switch (name) {
        case "operation" -> kind = json.getText();
        case "event_id" -> id = json.getText();
        case "timestamp" -> at = json.getText();
        case "data" -> {
          if (value == JsonToken.START_OBJECT) {
            fields = FieldsJson.read(json, text);
          } else {
            json.skipChildren();
          }
        }
        default -> json.skipChildren();
      }
    }
    return of(kind, id, at, fields);
  }

  private static Operation of(
      @Nullable String kind,
      @Nullable String id,
      @Nullable String at,
      @Nullable EventFields fields) {
    if (kind == null || id == null || at == null) {
      throw new IllegalArgumentException(
          "not an operation: operation, event_id or timestamp is missing");
    }
    Kind known = Kind.named(kind);
    if (known == null) {
      throw new IllegalArgumentException("not an operation: unknown operation");
    }
    return new Operation(
        known,
        UUID.fromString(id),
        time(at),
        known == Kind.DELETE ? EventFields.NONE : checked(known, fields));
  }

  private static EventFields checked(Kind kind, @Nullable EventFields fields) {
    if (fields == null) {
      throw new IllegalArgumentException("not an operation: its data is missing or not an object");
    }
    if (kind == Kind.CREATE && (fields.conversationId() == null || fields.eventName() == null)) {
      throw new IllegalArgumentException(
          "not an operation: a create without conversation_id or event_name");
    }
    Double latency = fields.latency();
    if (latency != null && !(Double.isFinite(latency) && latency >= 0)) {
      throw new IllegalArgumentException(
          "not an operation: a latency that is negative or not finite");
    }
    return fields;
  }

  /**
   * Times as the hub writes them are read faster than {@link Instant#parse} does; finer ones, as
   * others may write them, lose what no event has.
   */
  private static Instant time(String text) {
    return text.length() == WITH_MILLIS && text.charAt(10) == 'T' && text.endsWith("Z")
        ? ITU.parseDateTime(text).toInstant()
        : Instant.parse(text).truncatedTo(ChronoUnit.MILLIS);
  }
}
