package dev.carillon.hub.server;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.carillon.hub.bus.BusMessage;
import dev.carillon.hub.store.LogEntry;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what passed through the bus. A CloudEvent in JSON is stored as it is, also with a source
 * that is no URI: most senders would hear of no refusal. Any other event is stored as one whose
 * subject is its topic and whose data is all of it.
 */
final class BusEventReader {

  private BusEventReader() {}

  static Reading<LogEntry> read(BusMessage message, Instant received) {
    try {
      return isCloudEvent(message.payload())
          ? Reading.one(message.payload(), (json, index) -> CloudEventReader.readFromBus(json))
          : event(message, received);
    } catch (BadRequestException e) {
      return wrong("payload", String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return wrong("payload", String.valueOf(Json.malformed(e).getMessage()));
    }
  }

  private static boolean isCloudEvent(byte[] payload) throws IOException {
    try (JsonParser json = Json.parser(payload)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        if (json.currentName().equals("specversion")) {
          return true;
        }
        json.nextToken();
        json.skipChildren();
      }
      return false;
    }
  }

  private static Reading<LogEntry> event(BusMessage message, Instant received) throws IOException {
    String topic = message.topic();
    String wrongTopic = Text.wrongInAttribute(topic, Text.MAX_LENGTH);
    if (wrongTopic != null) {
      return wrong("topic", wrongTopic);
    }
    try (JsonParser json = Json.parser(message.payload())) {
      FieldReader fields = new FieldReader(json);
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return wrong("payload", "is not a JSON object");
      }
      String type = null;
      String id = null;
      Instant time = null;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        switch (name) {
          case "type" -> type = fields.text(name, Text.MAX_LENGTH);
          case "time" -> time = timeOrNull(json);
          case "id" -> id = idOrNull(json);
          default -> json.skipChildren();
        }
      }
      Json.requireEnd(json);
      if (type == null || type.isBlank()) {
        fields.wrong("type", "is missing or blank");
      }
      byte[] data = data(message.payload(), fields);
      return type == null || !fields.violations().isEmpty()
          ? Reading.wrong(fields.violations())
          : Reading.of(entry(message, type, id, time == null ? received : time, data));
    }
  }

  private static LogEntry entry(
      BusMessage message, String type, @Nullable String id, Instant time, byte[] data) {
    String known = id != null ? id : message.id();
    String source = source(message.topic());
    LogEntry.Builder event =
        known == null ? LogEntry.builder(source, type) : LogEntry.builder(known, source, type);
    return event
        .subject(message.topic())
        .time(time)
        .attribute("datacontenttype", "application/json")
        .data(data)
        .build();
  }

  private static String source(String topic) {
    try {
      return new URI(null, null, "/eventbus/" + topic, null).toASCIIString();
    } catch (URISyntaxException e) {
      return "/eventbus";
    }
  }

  /** All of it, on one line. */
  private static byte[] data(byte[] payload, FieldReader fields) throws IOException {
    try (JsonParser json = Json.parser(payload)) {
      json.nextToken();
      return Json.copy(json, "payload", fields.violations());
    }
  }

  /** Its class says what its time is; what is no time to the hub is none. */
  private static @Nullable Instant timeOrNull(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return Text.time(json.getText());
    }
    json.skipChildren();
    return null;
  }

  private static @Nullable String idOrNull(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      String id = json.getText();
      return id.isEmpty() || Text.wrongInAttribute(id, Text.MAX_ID) != null ? null : id;
    }
    json.skipChildren();
    return null;
  }

  private static Reading<LogEntry> wrong(String field, String message) {
    return Reading.wrong(List.of(new Violation(field, message)));
  }
}
