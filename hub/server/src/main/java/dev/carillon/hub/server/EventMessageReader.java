package dev.carillon.hub.server;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.carillon.hub.store.LogEntry;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one event message of the Data Services, in any naming, with everything that is wrong with
 * it. Beside the documented fields it takes {@code id}, {@code source} and {@code attributes}, so
 * that any CloudEvent can travel as an event message. Not thread-safe.
 */
final class EventMessageReader {

  /** The source of events whose message names none. */
  static final String SOURCE = "/api/v2.0/EventService";

  /** What {@code GET EventService/{id}} takes for something else. */
  private static final Set<String> UNREACHABLE = Set.of(".", "..", "ServerTime");

  private static final FieldNames FIELDS =
      new FieldNames(
          "topic",
          "subjects",
          "data",
          "tags",
          "created_date_utc",
          "source_trace_ids",
          "organization_id",
          "user_id",
          "id",
          "source",
          "attributes");

  private static final String TRACE = "-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}";

  /** By W3C's Trace Context: versions to come may add to what version 00 has. */
  private static final Pattern TRACEPARENT =
      Pattern.compile("00" + TRACE + "|(?!00|ff)[0-9a-f]{2}" + TRACE + "(-[!-~]{1,200})?");

  private final JsonParser json;
  private final FieldReader fields;
  private final Map<String, Object> attributes = new LinkedHashMap<>();
  private @Nullable String topic;
  private @Nullable List<String> subjects;
  private byte @Nullable [] data;
  private @Nullable List<String> tags;
  private @Nullable Instant created;
  private @Nullable List<String> traceIds;
  private @Nullable String organizationId;
  private @Nullable String userId;
  private @Nullable String id;
  private @Nullable String source;

  private EventMessageReader(JsonParser json) {
    this.json = json;
    this.fields = new FieldReader(json);
  }

  /**
   * Reads the value that the parser stands on.
   *
   * @param received the time of messages that tell none
   * @param traceparent the trace context of the request; what is none by W3C's standard is ignored
   */
  static Reading<LogEntry> read(JsonParser json, Instant received, @Nullable String traceparent)
      throws IOException {
    EventMessageReader message = new EventMessageReader(json);
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      message.fields.wrong("", "is not a JSON object");
      return Reading.wrong(message.fields.violations());
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      message.field(name);
    }
    return message.result(received, traceparent);
  }

  private void field(String name) throws IOException {
    String field = FIELDS.find(name);
    switch (field == null ? "" : field) {
      case "topic" -> topic = fields.text(name, Text.MAX_LENGTH);
      case "subjects" -> subjects = fields.texts(name);
      case "data" -> data = data(name);
      case "tags" -> tags = fields.texts(name);
      case "created_date_utc" -> created = fields.time(name);
      case "source_trace_ids" -> traceIds = fields.texts(name);
      case "organization_id" -> organizationId = fields.text(name, Text.MAX_LENGTH);
      case "user_id" -> userId = fields.text(name, Text.MAX_LENGTH);
      case "id" -> id = fields.text(name, Text.MAX_ID);
      case "source" -> source = fields.uri(name, Text.MAX_LENGTH);
      case "attributes" -> Attributes.read(json, name, fields, attributes);
      default -> {
        json.skipChildren();
        fields.wrong(name, "is not a field of an event message");
      }
    }
  }

  /** Data is an object, or a string that holds JSON. */
  private byte @Nullable [] data(String field) throws IOException {
    switch (json.currentToken()) {
      case START_OBJECT -> {
        return fields.value(field);
      }
      case VALUE_STRING -> {
        try (JsonParser inner = Json.parser(json.getText())) {
          if (inner.nextToken() == null) {
            fields.wrong(field, "is a string that holds no JSON");
            return null;
          }
          byte[] value = Json.copy(inner, field, fields.violations());
          if (inner.nextToken() != null) {
            fields.wrong(field, "is a string that holds more than one JSON value");
          }
          return value;
        } catch (IOException e) {
          fields.wrong(field, "is a string that holds no valid JSON");
          return null;
        }
      }
      case VALUE_NULL -> {
        return null;
      }
      default -> {
        json.skipChildren();
        fields.wrong(field, "is neither a JSON object nor a string that holds JSON");
        return null;
      }
    }
  }

  private Reading<LogEntry> result(Instant received, @Nullable String traceparent) {
    require(topic != null && !topic.isBlank(), "topic", "is missing or blank");
    require(subjects != null, "subjects", "is missing: an array of strings");
    require(data != null, "data", "is missing: a JSON object");
    require(id == null || !id.isEmpty(), "id", "is empty");
    require(!UNREACHABLE.contains(String.valueOf(id)), "id", "is one that no path can ask for");
    single("subjects", subjects, 1);
    single("tags", tags, 0);
    single("sourcetraceids", traceIds, 0);
    if (!fields.violations().isEmpty() || topic == null || subjects == null || data == null) {
      return Reading.wrong(fields.violations());
    }
    String origin = source == null || source.isEmpty() ? SOURCE : source;
    LogEntry.Builder event =
        id == null ? LogEntry.builder(origin, topic) : LogEntry.builder(id, origin, topic);
    event.subjects(subjects).time(created == null ? received : created).data(data);
    if (!attributes.containsKey("datacontenttype")) {
      event.attribute("datacontenttype", "application/json");
    }
    attributes.forEach(event::attribute);
    event.tags(tags == null ? List.of() : tags);
    event.traceIds(traceIds == null ? List.of() : traceIds);
    event.attribute("organizationid", organizationId).attribute("userid", userId);
    if (traceparent != null
        && !attributes.containsKey("traceparent")
        && TRACEPARENT.matcher(traceparent).matches()) {
      event.attribute("traceparent", traceparent);
    }
    return Reading.of(event.build());
  }

  /** Refuses an attribute whose place a list takes that has more than so many elements. */
  private void single(String attribute, @Nullable List<String> list, int most) {
    if (list != null && list.size() > most && attributes.containsKey(attribute)) {
      fields.wrong("attributes." + attribute, "is a field of its own as well");
    }
  }

  /** Notes that a field is not as it must be, unless more is known to be wrong with it already. */
  private void require(boolean met, String field, String message) {
    if (met) {
      return;
    }
    boolean named =
        fields.violations().stream()
            .map(violation -> violation.field().replaceFirst("\\[.*", ""))
            .anyMatch(name -> field.equals(FIELDS.find(name)));
    if (!named) {
      fields.missing(field, message);
    }
  }
}
