package dev.carillon.amqp;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.JsonData;
import dev.carillon.core.MediaTypes;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON envelope of the services around RabbitMQ. */
final class EnvelopeFormat implements MessageFormat {

  private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.UTF_8);

  @Override
  public AmqpMessage write(CloudEvent event) {
    Object organization = event.getExtension(ORGANIZATION);
    byte[] body =
        JsonEnvelope.write(
            event.getId(),
            event.getType(),
            organization == null ? null : organization.toString(),
            event.getTime() == null ? null : event.getTime().toInstant(),
            json(event));
    return new AmqpMessage(
        Properties.of(event, JSON_CONTENT_TYPE).headers(headers(event)).build(), body);
  }

  private static Map<String, Object> headers(CloudEvent event) {
    Map<String, Object> headers = new HashMap<>();
    put(headers, "source", event.getSource());
    put(headers, "subject", event.getSubject());
    put(headers, "dataschema", event.getDataSchema());
    for (String name : event.getExtensionNames()) {
      Object value = event.getExtension(name);
      if (Properties.isTrace(name)) {
        headers.put(name, String.valueOf(value));
      } else if (value instanceof Boolean || value instanceof Integer) {
        headers.put(HEADER_PREFIX + name, value);
      } else if (!name.equals(ORGANIZATION)) {
        put(headers, name, value);
      }
    }
    return headers;
  }

  private static void put(Map<String, Object> headers, String name, @Nullable Object value) {
    if (value != null) {
      headers.put(HEADER_PREFIX + name, Properties.text(value));
    }
  }

  private static byte[] json(CloudEvent event) {
    CloudEventData data = event.getData();
    if (data == null) {
      return EMPTY;
    }
    String type = event.getDataContentType();
    if (!MediaTypes.isJson(type)) {
      throw new EventValidationException(
          "datacontenttype", "is " + type + ", which this format cannot carry");
    }
    byte[] bytes = data.toBytes();
    JsonData.requireUtf8(bytes);
    try (JsonParser parser = Json.MAPPER.createParser(bytes)) {
      parser.nextToken();
      parser.skipChildren();
      if (parser.currentToken() == null || parser.nextToken() != null) {
        throw new EventValidationException("data", "is not one JSON value");
      }
      return bytes;
    } catch (JsonProcessingException e) {
      throw new EventValidationException("data", "is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new EventValidationException("data", "is not JSON: " + e.getMessage());
    }
  }
}
