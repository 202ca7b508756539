package dev.carillon.hub.server;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.carillon.hub.store.LogEntry;
import dev.carillon.hub.store.StoredEvent;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a stored event as the Data Services show it: an event message in camel case. */
final class EventView {

  private EventView() {}

  static void write(JsonGenerator out, StoredEvent event) throws IOException {
    try (JsonParser in = Json.parser(event.json())) {
      out.writeStartObject();
      Map<String, Object> attributes = new LinkedHashMap<>();
      boolean hasData = false;
      in.nextToken();
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        in.nextToken();
        if (name.equals("data")) { // the last member of a stored event
          hasData = true;
          writeAttributes(out, attributes);
          out.writeFieldName("data");
          Json.copy(in, out);
        } else {
          attributes.put(name, value(in));
        }
      }
      if (!hasData) {
        writeAttributes(out, attributes);
      }
      out.writeEndObject();
    }
  }

  /** An attribute's value, of the types that CloudEvents has. */
  private static Object value(JsonParser in) throws IOException {
    return switch (in.currentToken()) {
      case VALUE_TRUE, VALUE_FALSE -> in.getBooleanValue();
      case VALUE_NUMBER_INT -> in.getIntValue();
      default -> in.getText();
    };
  }

  private static void writeAttributes(JsonGenerator out, Map<String, Object> attributes)
      throws IOException {
    attributes.remove("specversion");
    attributes.remove("datacontenttype", "application/json");
    attributes.remove("source", EventMessageReader.SOURCE);
    Object subject = attributes.remove("subject");
    List<String> subjects = subjects(subject, attributes);
    writeText(out, "id", attributes.remove("id"));
    writeText(out, "topic", attributes.remove("type"));
    out.writeFieldName("subjects");
    writeList(out, subjects);
    writeText(out, "createdDateUtc", attributes.remove("time"));
    writeListField(out, "tags", attributes.remove("tags"));
    writeListField(out, "sourceTraceIds", attributes.remove("sourcetraceids"));
    writeText(out, "organizationId", attributes.remove("organizationid"));
    writeText(out, "userId", attributes.remove("userid"));
    writeText(out, "source", attributes.remove("source"));
    Object binary = attributes.remove("data_base64");
    if (!attributes.isEmpty()) {
      out.writeObjectFieldStart("attributes");
      for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
        out.writeObjectField(attribute.getKey(), attribute.getValue());
      }
      out.writeEndObject();
    }
    if (binary != null) {
      out.writeObjectFieldStart("data");
      out.writeStringField("data_base64", binary.toString());
      out.writeEndObject();
    }
  }

  /**
   * A list that does not begin with the subject stays among the attributes, or one would be lost.
   */
  private static List<String> subjects(@Nullable Object subject, Map<String, Object> attributes) {
    Object listed = attributes.remove("subjects");
    if (listed == null) {
      return subject == null ? List.of() : List.of(subject.toString());
    }
    List<String> subjects = LogEntry.listOf(listed.toString());
    if (subject == null || (!subjects.isEmpty() && subjects.get(0).equals(subject))) {
      return subjects;
    }
    attributes.put("subjects", listed);
    return List.of(subject.toString());
  }

  private static void writeText(JsonGenerator out, String name, @Nullable Object value)
      throws IOException {
    if (value != null) {
      out.writeStringField(name, value.toString());
    }
  }

  private static void writeListField(JsonGenerator out, String name, @Nullable Object text)
      throws IOException {
    if (text != null) {
      out.writeFieldName(name);
      writeList(out, LogEntry.listOf(text.toString()));
    }
  }

  private static void writeList(JsonGenerator out, List<String> values) throws IOException {
    out.writeStartArray();
    for (String value : values) {
      out.writeString(value);
    }
    out.writeEndArray();
  }
}
