package dev.carillon.hub.server;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.carillon.core.MediaTypes;
import dev.carillon.hub.store.LogEntry;
import io.vertx.core.MultiMap;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one CloudEvent 1.0, from its JSON format or from the headers and body of the binary HTTP
 * mode, with everything that is wrong with it. Not thread-safe.
 */
final class CloudEventReader {

  private static final String HEADER_PREFIX = "ce-";

  private final Map<String, Object> attributes = new LinkedHashMap<>();
  private final Map<String, String> required = new LinkedHashMap<>();
  private final FieldReader fields;
  private @Nullable String subject;
  private @Nullable Instant time;
  private byte @Nullable [] data;
  private @Nullable String dataBase64;
  private @Nullable String topic;

  private CloudEventReader(FieldReader fields) {
    this.fields = fields;
  }

  /**
   * Reads the value in the JSON format that the parser stands on.
   *
   * @param prefix goes before each field's name in violations
   */
  static Reading<LogEntry> read(JsonParser json, String prefix) throws IOException {
    return read(json, prefix, null);
  }

  /** Reads the value that the parser stands on, which came in by an Event Grid topic. */
  static Reading<LogEntry> read(JsonParser json, String prefix, @Nullable String topic)
      throws IOException {
    CloudEventReader event = new CloudEventReader(new FieldReader(json));
    event.topic = topic;
    return event.object(json, prefix);
  }

  /** Reads the value that the parser stands on, which came by the bus: its URIs may be none. */
  static Reading<LogEntry> readFromBus(JsonParser json) throws IOException {
    return new CloudEventReader(new FieldReader(json).takingAnyUri()).object(json, "");
  }

  private Reading<LogEntry> object(JsonParser json, String prefix) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      fields.wrong(prefix, "is not a JSON object");
      return Reading.wrong(fields.violations());
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      member(json, name, prefix + name);
    }
    return result(prefix);
  }

  private void member(JsonParser json, String name, String field) throws IOException {
    switch (name) {
      case "specversion", "id", "source", "type" -> {
        String text =
            name.equals("source")
                ? fields.uri(field, Text.MAX_LENGTH)
                : fields.text(field, name.equals("id") ? Text.MAX_ID : Text.MAX_LENGTH);
        if (text != null) {
          required.put(name, text);
        }
      }
      case "subject" -> subject = fields.text(field, Text.MAX_LENGTH);
      case "time" -> time = fields.time(field);
      case "data" ->
          data = json.currentToken() == JsonToken.VALUE_NULL ? null : fields.value(field);
      case "data_base64" -> {
        dataBase64 = fields.text(field, Bodies.MAX_BATCH);
        checkBase64(field);
      }
      default -> Attributes.readOne(json, name, field, fields, attributes);
    }
  }

  private void checkBase64(String field) {
    try {
      if (dataBase64 != null) {
        Base64.getDecoder().decode(dataBase64);
      }
    } catch (IllegalArgumentException e) {
      fields.wrong(field, "is not base64");
    }
  }

  /** Reads an event in the binary mode. */
  static Reading<LogEntry> read(MultiMap headers, byte[] body) {
    try (JsonParser json = Json.parser(body)) {
      CloudEventReader event = new CloudEventReader(new FieldReader(json));
      for (Map.Entry<String, String> header : headers) {
        String name = header.getKey().toLowerCase(Locale.ROOT);
        if (name.startsWith(HEADER_PREFIX)) {
          event.header(name, name.substring(HEADER_PREFIX.length()), header.getValue());
        }
      }
      event.content(json, headers.get("Content-Type"), body);
      return event.result(HEADER_PREFIX);
    } catch (IOException e) {
      throw Json.malformed(e);
    }
  }

  private void content(JsonParser json, @Nullable String type, byte[] body) throws IOException {
    if (type != null) {
      attributes.put("datacontenttype", type);
    }
    if (body.length == 0) {
      return;
    }
    if (type == null || ContentTypes.isJson(MediaTypes.withoutParameters(type))) {
      if (json.nextToken() == null) {
        throw new BadRequestException(Problem.of(400, "the body is empty"));
      }
      data = fields.value("data");
      Json.requireEnd(json);
    } else {
      dataBase64 = Base64.getEncoder().encodeToString(body);
    }
  }

  private void header(String header, String name, String encoded) {
    String value = decoded(unquoted(encoded));
    if (value == null) {
      fields.wrong(header, "is not UTF-8, percent-encoded");
      return;
    }
    String wrong = wrongInHeader(name, value);
    if (wrong != null) {
      fields.wrong(header, wrong);
      return;
    }
    switch (name) {
      case "specversion", "id", "source", "type" -> required.put(name, value);
      case "subject" -> subject = value;
      case "time" -> {
        time = Text.time(value);
        if (time == null) {
          fields.wrong(header, "is not an ISO 8601 time in the years 1 to 9999");
        }
      }
      default -> {
        String wrongName = Attributes.wrongName(name);
        if (wrongName != null) {
          fields.wrong(header, wrongName);
        } else {
          attributes.put(name, value);
        }
      }
    }
  }

  private static @Nullable String wrongInHeader(String name, String value) {
    String wrong = Text.wrongInAttribute(value, name.equals("id") ? Text.MAX_ID : Text.MAX_LENGTH);
    boolean isUri = name.equals("source") || name.equals(Attributes.SCHEMA);
    return wrong == null && isUri ? Text.wrongInUri(value) : wrong;
  }

  /** A value in double quotes, as older versions of the HTTP binding write it, without them. */
  private static String unquoted(String value) {
    return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1")
        : value;
  }

  /**
   * Header values are percent-encoded UTF-8; a plus sign is one. Null if it is not UTF-8, unless
   * some of it came as it is, in Latin-1.
   */
  private static @Nullable String decoded(String value) {
    if (value.indexOf('%') < 0) {
      return value;
    }
    String encoded = value.replace("+", "%2B");
    try {
      byte[] bytes =
          URLDecoder.decode(encoded, StandardCharsets.ISO_8859_1)
              .getBytes(StandardCharsets.ISO_8859_1);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IllegalArgumentException e) {
      return value;
    } catch (CharacterCodingException e) {
      boolean raw = value.chars().anyMatch(c -> c > '~');
      return raw ? URLDecoder.decode(encoded, StandardCharsets.UTF_8) : null;
    }
  }

  private boolean isWrong(String field) {
    return fields.violations().stream().anyMatch(one -> one.field().equals(field));
  }

  private Reading<LogEntry> result(String prefix) {
    for (String name : List.of("specversion", "id", "source", "type")) {
      if (required.getOrDefault(name, "").isBlank() && !isWrong(prefix + name)) {
        fields.missing(prefix + name, "is missing or blank");
      }
    }
    if (fields.violations().isEmpty()) {
      if (!"1.0".equals(required.getOrDefault("specversion", "1.0"))) {
        fields.wrong(prefix + "specversion", "is not 1.0, the only version taken");
      }
      if (data != null && dataBase64 != null) {
        fields.wrong(prefix + "data_base64", "is given beside data");
      }
    }
    if (!fields.violations().isEmpty()) {
      return Reading.wrong(fields.violations());
    }
    LogEntry.Builder event =
        LogEntry.builder(
                required.getOrDefault("id", ""),
                required.getOrDefault("source", ""),
                required.getOrDefault("type", ""))
            .subject(subject)
            .time(time)
            .data(data)
            .dataBase64(dataBase64);
    attributes.forEach(event::attribute);
    event.attribute(EventGridReceiver.TOPIC, topic);
    return Reading.of(event.build());
  }
}
