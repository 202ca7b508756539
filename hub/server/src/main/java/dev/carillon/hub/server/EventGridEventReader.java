package dev.carillon.hub.server;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.carillon.hub.store.LogEntry;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads one event of the Event Grid schema. Its topic becomes the source, its data version the
 * extension {@code dataversion}. Members that the schema does not have are passed over, as Azure
 * does. Not thread-safe.
 */
final class EventGridEventReader {

  private final FieldReader fields;
  private final String prefix;
  private @Nullable String id;
  private @Nullable String subject;
  private @Nullable String type;
  private @Nullable Instant time;
  private @Nullable String dataVersion;
  private byte @Nullable [] data;

  private EventGridEventReader(FieldReader fields, String prefix) {
    this.fields = fields;
    this.prefix = prefix;
  }

  /**
   * Reads the value that the parser stands on.
   *
   * @param prefix goes before each field's name in violations
   * @param topic the name of the topic that it was sent to
   * @param received the time of an event that tells none
   */
  static Reading<LogEntry> read(JsonParser json, String prefix, String topic, Instant received)
      throws IOException {
    EventGridEventReader event = new EventGridEventReader(new FieldReader(json), prefix);
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      event.fields.wrong(prefix, "is not a JSON object");
      return Reading.wrong(event.fields.violations());
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      event.member(json, name, topic);
    }
    return event.result(topic, received);
  }

  private void member(JsonParser json, String name, String topic) throws IOException {
    String field = prefix + name;
    switch (name) {
      case "id" -> id = fields.text(field, Text.MAX_ID);
      case "subject" -> subject = fields.text(field, Text.MAX_LENGTH);
      case "eventType" -> type = fields.text(field, Text.MAX_LENGTH);
      case "eventTime" -> time = fields.time(field);
      case "dataVersion" -> dataVersion = fields.text(field, Text.MAX_LENGTH);
      case "data" ->
          data = json.currentToken() == JsonToken.VALUE_NULL ? null : fields.value(field);
      case "topic" -> checkTopic(fields.text(field, Text.MAX_LENGTH), field, topic);
      case "metadataVersion" -> {
        String version = fields.text(field, Text.MAX_LENGTH);
        if (version != null && !version.isEmpty() && !version.equals("1")) {
          fields.wrong(field, "is not 1, the only version there is");
        }
      }
      default -> json.skipChildren();
    }
  }

  /** A publisher need not name the topic; one that does must mean this one. */
  private void checkTopic(@Nullable String named, String field, String topic) {
    if (named != null && !named.isEmpty() && !named.equals(topic) && !named.endsWith("/" + topic)) {
      fields.wrong(field, "is another topic than the one that the event was sent to");
    }
  }

  private Reading<LogEntry> result(String topic, Instant received) {
    require("id", id);
    require("subject", subject);
    require("eventType", type);
    if (!fields.violations().isEmpty() || id == null || type == null) {
      return Reading.wrong(fields.violations());
    }
    return Reading.of(
        LogEntry.builder(id, "/" + topic, type)
            .subject(subject)
            .time(time == null ? received : time)
            .attribute("datacontenttype", data == null ? null : "application/json")
            .attribute("dataversion", dataVersion)
            .attribute(EventGridReceiver.TOPIC, topic)
            .data(data)
            .build());
  }

  private void require(String name, @Nullable String value) {
    boolean known =
        fields.violations().stream().anyMatch(wrong -> wrong.field().equals(prefix + name));
    if (!known && (value == null || value.isBlank())) {
      fields.wrong(prefix + name, "is missing or blank");
    }
  }
}
