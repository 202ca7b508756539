package dev.carillon.examples;

import dev.carillon.formats.EventFormats;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.format.EventFormat;
import java.util.Optional;

/** Events as bytes, in a format that the other side can tell by its content type. */
public final class WholeEvents {

  private WholeEvents() {}

  /** An event as MessagePack. */
  public static byte[] write(CloudEvent event) {
    // docs:begin write
    EventFormat format = EventFormats.messagePack();
    byte[] body = format.serialize(event);
    // beside it goes the content type, format.serializedContentType()
    // docs:end write
    return body;
  }

  /** The event in a message; empty if the message is in no known format. */
  public static Optional<CloudEvent> read(String contentType, byte[] body) {
    // docs:begin read
    EventFormats formats = EventFormats.ofDefaults();
    return formats.forContentType(contentType).map(format -> format.deserialize(body));
    // docs:end read
  }
}
