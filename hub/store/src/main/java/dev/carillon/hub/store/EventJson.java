package dev.carillon.hub.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event's one encoding: the JSON format of CloudEvents 1.0. What CloudEvents has no attribute
 * for is an extension attribute, a list as the text of a JSON array.
 */
final class EventJson {

  private static final String SUBJECTS = "subjects";
  private static final String TAGS = "tags";
  private static final String TRACE_IDS = "sourcetraceids";
  private static final String ORGANIZATION_ID = "organizationid";
  private static final String USER_ID = "userid";

  private static final JsonFactory JSON = new JsonFactory();

  private EventJson() {}

  static LogEntry write(LogEntry.Builder event, Instant time) {
    Map<String, Object> attributes = event.attributes;
    if (event.subjects.size() > 1) {
      attributes.put(SUBJECTS, arrayText(event.subjects));
    }
    if (!event.tags.isEmpty()) {
      attributes.put(TAGS, arrayText(event.tags));
    }
    if (!event.traceIds.isEmpty()) {
      attributes.put(TRACE_IDS, arrayText(event.traceIds));
    }
    int size = 256 + (event.data == null ? 0 : event.data.length);
    try (ByteArrayBuilder out = new ByteArrayBuilder(size);
        JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("specversion", "1.0");
      json.writeStringField("id", event.id);
      json.writeStringField("source", event.source);
      json.writeStringField("type", event.type);
      if (event.subject != null) {
        json.writeStringField("subject", event.subject);
      }
      json.writeStringField("time", time.toString());
      for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
        json.writeFieldName(attribute.getKey());
        writeAttribute(json, attribute.getValue());
      }
      if (event.data != null) {
        json.writeFieldName("data");
        json.writeRawValue("");
        json.flush();
        out.write(event.data); // encoded already
      } else if (event.dataBase64 != null) {
        json.writeStringField("data_base64", event.dataBase64);
      }
      json.writeEndObject();
      json.flush();
      return new LogEntry(
          event.id,
          event.source,
          event.type,
          event.subject,
          time,
          event.subjects.isEmpty() ? list(attributes.get(SUBJECTS)) : event.subjects,
          event.tags.isEmpty() ? list(attributes.get(TAGS)) : event.tags,
          event.traceIds.isEmpty() ? list(attributes.get(TRACE_IDS)) : event.traceIds,
          text(attributes.get(ORGANIZATION_ID)),
          text(attributes.get(USER_ID)),
          event.freshId,
          out.toByteArray());
    } catch (IOException e) {
      throw new IllegalArgumentException("event cannot be encoded: " + e.getMessage(), e);
    }
  }

  static LogEntry read(byte[] bytes) {
    String id = null;
    String source = null;
    String type = null;
    String subject = null;
    Instant time = null;
    List<String> subjects = List.of();
    List<String> tags = List.of();
    List<String> traceIds = List.of();
    String organizationId = null;
    String userId = null;
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
          case SUBJECTS -> subjects = list(json.getText());
          case TAGS -> tags = list(json.getText());
          case TRACE_IDS -> traceIds = list(json.getText());
          case ORGANIZATION_ID -> organizationId = json.getText();
          case USER_ID -> userId = json.getText();
          default -> json.skipChildren();
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("not an event: " + e.getMessage(), e);
    }
    if (id == null || source == null || type == null || time == null) {
      throw new IllegalArgumentException("not an event: id, source, type or time is missing");
    }
    return new LogEntry(
        id,
        source,
        type,
        subject,
        time,
        subjects,
        tags,
        traceIds,
        organizationId,
        userId,
        false,
        bytes);
  }

  private static void writeAttribute(JsonGenerator json, Object value) throws IOException {
    if (value instanceof Boolean flag) {
      json.writeBoolean(flag);
    } else if (value instanceof Integer number) {
      json.writeNumber(number);
    } else {
      json.writeString(value.toString());
    }
  }

  private static String arrayText(List<String> values) {
    StringWriter text = new StringWriter(32);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartArray();
      for (String value : values) {
        json.writeString(value);
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  /** The strings of a JSON array's text; a text that is none counts as one string. */
  static List<String> list(@Nullable Object value) {
    if (value == null) {
      return List.of();
    }
    String text = value.toString();
    if (!text.startsWith("[")) {
      return List.of(text);
    }
    List<String> values = new ArrayList<>();
    try (JsonParser json = JSON.createParser(text)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.VALUE_STRING) {
        values.add(json.getText());
      }
      return json.currentToken() == JsonToken.END_ARRAY ? values : List.of(text);
    } catch (IOException notAnArray) {
      return List.of(text);
    }
  }
}
