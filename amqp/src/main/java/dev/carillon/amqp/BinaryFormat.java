package dev.carillon.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.carillon.core.EventValidationException;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.SpecVersion;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The event's data as the body, its attributes as headers: CloudEvents AMQP binding, 3.1. */
final class BinaryFormat implements MessageFormat {

  private static final String PREFIX = "cloudEvents:";
  private static final String OTHER_PREFIX = "cloudEvents_"; // for what knows no colons
  private static final byte[] NOTHING = new byte[0];

  @Override
  public AmqpMessage write(CloudEvent event) {
    Map<String, Object> headers = new HashMap<>();
    for (String name : event.getAttributeNames()) {
      if (!name.equals("datacontenttype")) {
        headers.put(PREFIX + name, Properties.text(event.getAttribute(name)));
      }
    }
    for (String name : event.getExtensionNames()) {
      Object value = event.getExtension(name);
      headers.put(PREFIX + name, value instanceof Boolean ? value : Properties.text(value));
      if (Properties.isTrace(name)) {
        headers.put(name, Properties.text(value));
      }
    }
    CloudEventData data = event.getData();
    BasicProperties.Builder properties =
        Properties.of(event, event.getDataContentType()).headers(headers);
    return new AmqpMessage(properties.build(), data == null ? NOTHING : data.toBytes());
  }

  /** The event of a message in this mode; null if it is in none. */
  static @Nullable CloudEvent read(AmqpMessage message) {
    Map<String, String> attributes = new HashMap<>();
    Headers.of(message)
        .forEach(
            (name, value) -> {
              if (name.startsWith(PREFIX) || name.startsWith(OTHER_PREFIX)) {
                attributes.put(name.substring(PREFIX.length()), String.valueOf(value));
              }
            });
    String version = attributes.remove("specversion");
    if (version == null) {
      return null;
    }
    if (!version.equals(SpecVersion.V1.toString())) {
      throw new EventValidationException("specversion", "is " + version + ", not 1.0");
    }
    CloudEventBuilder event = CloudEventBuilder.v1();
    attributes.forEach((name, value) -> attribute(event, name, value));
    String contentType = message.properties().getContentType();
    if (message.body().length > 0) {
      event.withData(message.body());
    }
    if (contentType != null) {
      event.withDataContentType(contentType);
    }
    return event.build();
  }

  private static void attribute(CloudEventBuilder event, String name, String value) {
    switch (name) {
      case "id" -> event.withId(value);
      case "source" -> event.withSource(URI.create(value));
      case "type" -> event.withType(value);
      case "subject" -> event.withSubject(value);
      case "dataschema" -> event.withDataSchema(URI.create(value));
      case "time" -> event.withTime(OffsetDateTime.parse(value));
      default -> event.withExtension(name, value);
    }
  }
}
