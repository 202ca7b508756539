package dev.carillon.hub.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.carillon.hub.store.Labels.Kind;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * An event's one encoding: the JSON format of CloudEvents 1.0. What CloudEvents has no attribute
 * for is an extension attribute, a list as the text of a JSON array.
 */
final class EventJson {

  private static final JsonFactory JSON = new JsonFactory();
  private static final JsonStringEncoder QUOTING = JsonStringEncoder.getInstance();

  private EventJson() {}

  static LogEntry write(LogEntry.Builder event, Instant time) {
    Labels labels = new Labels();
    byte[] bytes = JsonBytes.of(json -> write(json, event, time, labels));
    return new LogEntry(
        event.id,
        event.source,
        event.type,
        event.subject,
        time,
        labels.text(),
        event.freshId,
        bytes);
  }

  private static void write(JsonGenerator json, LogEntry.Builder event, Instant time, Labels labels)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("specversion", "1.0");
    json.writeStringField("id", event.id);
    json.writeStringField("source", event.source);
    json.writeStringField("type", event.type);
    if (event.subject != null) {
      json.writeStringField("subject", event.subject);
    }
    json.writeStringField("time", time.toString());
    for (Map.Entry<String, Object> attribute : event.attributes.entrySet()) {
      writeAttribute(json, attribute.getKey(), attribute.getValue());
      labels.addAttribute(attribute.getKey(), attribute.getValue().toString());
    }
    writeList(json, labels, Kind.SUBJECT, event.subjects);
    writeList(json, labels, Kind.TAG, event.tags);
    writeList(json, labels, Kind.TRACE_ID, event.traceIds);
    if (event.data != null) {
      json.writeFieldName("data");
      JsonBytes.writeEncoded(json, event.data);
    } else if (event.dataBase64 != null) {
      json.writeStringField("data_base64", event.dataBase64);
    }
    json.writeEndObject();
  }

  static LogEntry read(byte[] bytes) {
    String id = null;
    String source = null;
    String type = null;
    String subject = null;
    Instant time = null;
    Labels labels = new Labels();
    try (JsonParser json = JSON.createParser(bytes)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        switch (name) {
          case "id" -> id = json.getText();
          case "source" -> source = json.getText();
          case "type" -> type = json.getText();
          case "subject" -> subject = json.getText();
          case "time" -> time = Instant.parse(json.getText());
          case "data" -> json.skipChildren();
          default -> labels.addAttribute(name, json.getText());
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("not an event: " + e.getMessage(), e);
    }
    if (id == null || source == null || type == null || time == null) {
      throw new IllegalArgumentException("not an event: id, source, type or time is missing");
    }
    return new LogEntry(id, source, type, subject, time, labels.text(), false, bytes);
  }

  /** Reads an event's id, for which the beginning of its JSON is enough. */
  static String id(byte[] beginning) {
    try (JsonParser json = JSON.createParser(beginning)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        String value = json.nextTextValue();
        if (name.equals("id") && value != null) {
          return value;
        }
        json.skipChildren();
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("not an event: " + e.getMessage(), e);
    }
    throw new IllegalArgumentException("not an event: its id is missing");
  }

  private static void writeAttribute(JsonGenerator json, String name, Object value)
      throws IOException {
    json.writeFieldName(name);
    if (value instanceof Boolean flag) {
      json.writeBoolean(flag);
    } else if (value instanceof Integer number) {
      json.writeNumber(number);
    } else {
      json.writeString(value.toString());
    }
  }

  private static void writeList(JsonGenerator json, Labels labels, Kind kind, List<String> values)
      throws IOException {
    if (!values.isEmpty()) {
      json.writeStringField(kind.attribute(), arrayText(values));
      labels.add(kind, values);
    }
  }

  private static String arrayText(List<String> values) {
    StringBuilder text = new StringBuilder(32);
    char separator = '[';
    for (String value : values) {
      text.append(separator).append('"');
      QUOTING.quoteAsString(value, text);
      text.append('"');
      separator = ',';
    }
    return text.append(']').toString();
  }
}
