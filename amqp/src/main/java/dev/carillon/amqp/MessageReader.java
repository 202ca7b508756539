package dev.carillon.amqp;

import dev.carillon.core.EventValidationException;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.format.EventFormat;
import io.cloudevents.jackson.JsonFormat;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads events from messages in any of the formats, told apart by the content type: CloudEvents in
 * binary mode by its headers, structured ones by {@code application/cloudevents+…}, the rest as the
 * JSON envelope. Thread-safe.
 */
public final class MessageReader {

  private static final String CLOUD_EVENTS = "application/cloudevents";

  private final Map<String, EventFormat> formats = new HashMap<>();

  /**
   * A reader that knows CloudEvents in JSON, and more.
   *
   * @param more further formats of structured CloudEvents
   */
  public MessageReader(List<EventFormat> more) {
    JsonFormat json = new JsonFormat();
    formats.put(mediaType(json.serializedContentType()), json);
    more.forEach(format -> formats.put(mediaType(format.serializedContentType()), format));
  }

  /**
   * The event of a message.
   *
   * @param exchange the exchange that it came through, which is the source of those that name none
   * @throws EventValidationException if it holds none, with everything that is wrong
   */
  public CloudEvent read(AmqpMessage message, String exchange) {
    try {
      CloudEvent binary = BinaryFormat.read(message);
      return binary != null ? binary : whole(message, exchange);
    } catch (EventValidationException e) {
      throw e;
    } catch (RuntimeException e) { // of the CloudEvents SDK, for attributes it does not take
      throw new EventValidationException("message", "is not an event: " + e.getMessage());
    }
  }

  private CloudEvent whole(AmqpMessage message, String exchange) {
    String contentType = message.properties().getContentType();
    String media = contentType == null ? "" : mediaType(contentType);
    if (media.startsWith(CLOUD_EVENTS)) {
      return format(media).deserialize(message.body());
    }
    if (!media.isEmpty() && !EnvelopeFormat.isJson(media)) {
      throw new EventValidationException("content_type", "is " + media + ", which is not known");
    }
    return Envelope.read(message, "/" + exchange);
  }

  private EventFormat format(String media) {
    @Nullable EventFormat format = formats.get(media);
    if (format == null) {
      throw new EventValidationException("content_type", "is " + media + ", which is not known");
    }
    return format;
  }

  static String mediaType(String contentType) {
    int end = contentType.indexOf(';');
    return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }
}
