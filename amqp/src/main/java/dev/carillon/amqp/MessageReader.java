package dev.carillon.amqp;

import dev.carillon.core.EventValidationException;
import dev.carillon.core.MediaTypes;
import dev.carillon.formats.EventFormats;
import io.cloudevents.CloudEvent;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Reads events from messages in any of the formats, told apart by the content type: CloudEvents in
 * binary mode by its headers, structured ones by {@code application/cloudevents+…}, the rest as the
 * JSON envelope. Thread-safe.
 */
public final class MessageReader {

  private static final String CLOUD_EVENTS = "application/cloudevents";

  private final EventFormats formats;
  private volatile @Nullable Source latest; // most messages come through the same exchange

  private record Source(String exchange, URI uri) {}

  /**
   * A reader.
   *
   * @param formats of structured CloudEvents
   */
  public MessageReader(EventFormats formats) {
    this.formats = formats;
  }

  /**
   * The event of a message.
   *
   * @param exchange the exchange that it came through, which is the source of those that name none;
   *     a message that was brought back from dead letters says itself where it came from at first
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
    String media = MediaTypes.withoutParameters(message.properties().getContentType());
    if (media.startsWith(CLOUD_EVENTS)) {
      return formats
          .forContentType(media)
          .orElseThrow(() -> unknown(media))
          .deserialize(message.body());
    }
    if (!MediaTypes.isJson(media)) {
      throw unknown(media);
    }
    return JsonEnvelope.read(message, source(DeadLetters.exchangeOf(message, exchange)));
  }

  private URI source(String exchange) {
    Source source = latest;
    if (source == null || !source.exchange.equals(exchange)) {
      source = new Source(exchange, sourceOf(exchange));
      latest = source;
    }
    return source.uri;
  }

  /**
   * The source of events that name none: a path that the name of their exchange makes, with what
   * does not belong into one encoded.
   */
  public static URI sourceOf(String exchange) {
    try {
      return URI.create(new URI(null, null, "/" + exchange, null).toASCIIString());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static EventValidationException unknown(String media) {
    return new EventValidationException("content_type", "is " + media + ", which is not known");
  }
}
