package dev.carillon.eventgrid;

import com.azure.core.util.BinaryData;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.JsonData;
import dev.carillon.core.MediaTypes;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.rw.CloudEventRWException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Writes events as a topic takes them, once: what is measured is what is sent. Thread-safe. */
final class EventEncoder {

  /** The extension that carries Event Grid's data version. */
  static final String DATA_VERSION = "dataversion";

  private static final JsonFactory JSON = new JsonFactory();

  private final EventGridSchema schema;
  private final int maxBytes;
  private final JsonFormat format = new JsonFormat();

  /**
   * @param maxBytes how large an event may be, alone in its array
   */
  EventEncoder(EventGridSchema schema, int maxBytes) {
    this.schema = schema;
    this.maxBytes = maxBytes;
  }

  /** Encodes an event; throws an {@link EventValidationException} if it cannot be sent. */
  BinaryData encode(@Nullable CloudEvent event) {
    if (event == null) {
      throw new EventValidationException("event", "is missing");
    }
    byte[] encoded;
    try {
      encoded = schema == EventGridSchema.CLOUD_EVENTS ? cloudEvent(event) : eventGridEvent(event);
    } catch (IOException | CloudEventRWException e) {
      throw new EventValidationException("data", "cannot be written: " + e.getMessage());
    }
    if (encoded.length + 2 > maxBytes) {
      throw new EventValidationException(
          "data",
          "makes the event %,d bytes, more than the %,d that a topic takes"
              .formatted(encoded.length + 2, maxBytes));
    }
    return RawJson.of(encoded);
  }

  private byte[] cloudEvent(CloudEvent event) {
    CloudEventData data = event.getData();
    if (data != null && MediaTypes.isJson(event.getDataContentType())) {
      requireJson(data.toBytes());
    }
    return format.serialize(event);
  }

  private static byte[] eventGridEvent(CloudEvent event) throws IOException {
    String subject = event.getSubject();
    OffsetDateTime time = event.getTime();
    Object version = event.getExtension(DATA_VERSION);
    CloudEventData data = event.getData();
    try (ByteArrayBuilder out = new ByteArrayBuilder(512);
        JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("id", event.getId());
      json.writeStringField(
          "subject", subject == null || subject.isEmpty() ? event.getSource().toString() : subject);
      json.writeStringField("eventType", event.getType());
      json.writeStringField(
          "eventTime",
          (time == null ? OffsetDateTime.now(ZoneOffset.UTC) : time)
              .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME));
      json.writeStringField("dataVersion", version == null ? "1.0" : version.toString());
      json.writeFieldName("data");
      if (data == null) {
        json.writeNull();
      } else if (MediaTypes.isJson(event.getDataContentType())) {
        byte[] bytes = data.toBytes();
        requireJson(bytes);
        json.writeRawValue(new String(bytes, StandardCharsets.UTF_8));
      } else {
        throw new EventValidationException(
            "data",
            "is not JSON but " + event.getDataContentType() + ", which CloudEvents can carry");
      }
      json.writeEndObject();
      json.flush();
      return out.toByteArray();
    }
  }

  private static void requireJson(byte[] data) {
    JsonData.requireUtf8(data);
    try (JsonParser json = JSON.createParser(data)) {
      if (json.nextToken() == null) {
        throw new EventValidationException("data", "is empty, which is not JSON");
      }
      json.skipChildren();
      if (json.nextToken() != null) {
        throw new EventValidationException("data", "is more than one JSON value");
      }
    } catch (IOException e) {
      throw new EventValidationException("data", "is not JSON: " + e.getMessage());
    }
  }
}
