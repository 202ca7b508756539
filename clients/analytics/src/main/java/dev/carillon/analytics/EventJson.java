package dev.carillon.analytics;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes events, updates and deletes as the service reads them. Empty fields of an event are left
 * out, since absent means empty there.
 */
final class EventJson {

  private EventJson() {}

  private interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  /** An event; alone, or in a batch. */
  static byte[] create(TrackedEvent event) {
    return object(
        json -> {
          json.writeStringField("id", event.id());
          json.writeStringField("conversation_id", event.conversationId());
          json.writeStringField("event_name", event.eventName());
          writeText(
              json, "conversation_metadata", emptyAsNull(event.conversationMetadata().json()));
          writeText(json, "error", emptyAsNull(event.error()));
          if (event.latency() != 0) {
            json.writeNumberField("latency", event.latency());
          }
          writeText(json, "input", emptyAsNull(event.input()));
          writeFloats(json, "input_embeddings", emptyAsNull(event.inputEmbeddings()));
          writeText(json, "output", emptyAsNull(event.output()));
          writeFloats(json, "output_embeddings", emptyAsNull(event.outputEmbeddings()));
        });
  }

  /** An update alone. */
  static byte[] update(EventUpdate update) {
    return object(json -> writeFields(json, update));
  }

  /** An update in a batch. */
  static byte[] update(String id, EventUpdate update) {
    return object(
        json -> {
          writeOperation(json, Operation.UPDATE, id);
          writeFields(json, update);
        });
  }

  /** A delete in a batch. */
  static byte[] delete(String id) {
    return object(json -> writeOperation(json, Operation.DELETE, id));
  }

  private static void writeOperation(JsonGenerator json, Operation operation, String id)
      throws IOException {
    json.writeStringField("operation", operation.wireName());
    json.writeStringField("id", id);
  }

  private static void writeFields(JsonGenerator json, EventUpdate update) throws IOException {
    ConversationMetadata metadata = update.conversationMetadata();
    writeText(json, "conversation_id", update.conversationId());
    writeText(json, "event_name", update.eventName());
    writeText(json, "conversation_metadata", metadata == null ? null : metadata.json());
    writeText(json, "error", update.error());
    if (update.latency() != null) {
      json.writeNumberField("latency", Objects.requireNonNull(update.latency()));
    }
    writeText(json, "input", update.input());
    writeFloats(json, "input_embeddings", update.inputEmbeddings());
    writeText(json, "output", update.output());
    writeFloats(json, "output_embeddings", update.outputEmbeddings());
  }

  private static void writeText(JsonGenerator json, String name, @Nullable String text)
      throws IOException {
    if (text != null) {
      json.writeStringField(name, text);
    }
  }

  private static void writeFloats(JsonGenerator json, String name, @Nullable List<Float> floats)
      throws IOException {
    if (floats != null) {
      json.writeArrayFieldStart(name);
      for (Float number : floats) {
        json.writeNumber(number);
      }
      json.writeEndArray();
    }
  }

  private static @Nullable String emptyAsNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static @Nullable List<Float> emptyAsNull(List<Float> floats) {
    return floats.isEmpty() ? null : floats;
  }

  /** By Jackson's own recycled buffers, so that an event costs little more than its bytes. */
  private static byte[] object(Body body) {
    BufferRecycler recycler = Json.FACTORY._getBufferRecycler();
    try (ByteArrayBuilder bytes = new ByteArrayBuilder(recycler)) {
      try (JsonGenerator json = Json.FACTORY.createGenerator(bytes)) {
        json.writeStartObject();
        body.write(json);
        json.writeEndObject();
      }
      return bytes.getClearAndRelease();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      recycler.releaseToPool();
    }
  }
}
