package dev.carillon.eventbus;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.IsoTime;
import dev.carillon.core.JsonData;
import dev.carillon.core.MediaTypes;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonCloudEventData;
import io.cloudevents.jackson.JsonFormat;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;

/**
 * CloudEvents on the bus. They go in CNCF's JSON format, which has a {@code type} and a {@code
 * time} as every event of the bus does; and any event of the bus is a CloudEvent whose subject is
 * its topic and whose data is the whole of it.
 */
final class CloudEventCodec {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private static final JsonFormat FORMAT = new JsonFormat();

  private CloudEventCodec() {}

  /** The topic that an event goes to, unless the user says otherwise. */
  static String topicOf(CloudEvent event) {
    return event.getSubject() == null ? event.getType() : event.getSubject();
  }

  static byte[] encode(CloudEvent event, Clock clock) {
    requireJson(event);
    CloudEvent timed =
        event.getTime() != null
            ? event
            : CloudEventBuilder.from(event)
                .withTime(OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
                .build();
    return FORMAT.serialize(timed);
  }

  /** Refuses data that is called JSON and is none: the format copies it unread. */
  private static void requireJson(CloudEvent event) {
    CloudEventData data = event.getData();
    if (data == null
        || data instanceof JsonCloudEventData
        || !MediaTypes.isJson(event.getDataContentType())) {
      return;
    }
    byte[] json = data.toBytes();
    JsonData.requireUtf8(json);
    try (JsonParser parser = MAPPER.createParser(json)) {
      parser.nextToken();
      parser.skipChildren();
      if (parser.currentToken() == null || parser.nextToken() != null) {
        throw new EventValidationException("data", "is not one JSON value");
      }
    } catch (JsonProcessingException e) {
      throw new EventValidationException("data", "is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new EventValidationException("data", "is not JSON: " + e.getMessage());
    }
  }

  /**
   * The CloudEvent that a message is.
   *
   * @throws IOException if it is none
   */
  static CloudEvent decode(String topic, byte[] payload) throws IOException {
    JsonNode json = MAPPER.readTree(payload);
    if (!json.path("type").isTextual()) {
      throw new IOException("not a JSON object with a type");
    }
    try {
      return json.has("specversion") ? FORMAT.deserialize(payload) : wrapped(topic, json, payload);
    } catch (RuntimeException e) {
      throw new IOException("not a CloudEvent: " + e.getMessage(), e);
    }
  }

  private static CloudEvent wrapped(String topic, JsonNode json, byte[] payload)
      throws IOException {
    String id = json.path("id").asText();
    return CloudEventBuilder.v1()
        .withId(id.isEmpty() ? UUID.randomUUID().toString() : id)
        .withSource(source(topic))
        .withType(json.get("type").textValue())
        .withSubject(topic)
        .withTime(IsoTime.readOrNull(json.path("time").asText()))
        .withData("application/json", payload)
        .build();
  }

  private static URI source(String topic) throws IOException {
    try {
      return new URI(null, null, "/eventbus/" + topic, null);
    } catch (URISyntaxException e) {
      throw new IOException("not a topic: " + e.getMessage(), e);
    }
  }
}
