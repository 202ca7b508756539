package dev.carillon.amqp;

import dev.carillon.core.EventValidationException;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.format.EventFormat;
import java.util.HashMap;
import java.util.Map;

/** The whole event as the body. */
final class StructuredFormat implements MessageFormat {

  private final EventFormat format;

  StructuredFormat(EventFormat format) {
    this.format = format;
  }

  @Override
  public AmqpMessage write(CloudEvent event) {
    Map<String, Object> headers = new HashMap<>();
    for (String name : event.getExtensionNames()) {
      if (Properties.isTrace(name)) {
        headers.put(name, String.valueOf(event.getExtension(name)));
      }
    }
    try {
      return new AmqpMessage(
          Properties.of(event, format.serializedContentType()).headers(headers).build(),
          format.serialize(event));
    } catch (RuntimeException e) {
      throw new EventValidationException("event", "cannot be written: " + e.getMessage());
    }
  }
}
