package dev.carillon.hub.eventgrid;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way to one subscriber.
 *
 * @param position its place in the log
 * @param event the JSON that is sent, written once
 * @param publishTime when delivery began
 * @param deliveryAttempts how often it was tried
 * @param nextAttempt when to try again; null for now
 * @param lastDeliveryAttemptTime when it was tried last; null if never
 * @param lastDeliveryOutcome what came of that, in Azure's words
 * @param lastHttpStatusCode the webhook's answer; 0 for none
 * @param deadLetterReason why it is tried no more; null while it is
 */
record Delivery(
    long position,
    @JsonRawValue @JsonDeserialize(using = AsText.class) String event,
    Instant publishTime,
    int deliveryAttempts,
    @Nullable Instant nextAttempt,
    @Nullable Instant lastDeliveryAttemptTime,
    @Nullable String lastDeliveryOutcome,
    int lastHttpStatusCode,
    @Nullable String deadLetterReason) {

  static Delivery fresh(long position, String event, Instant now) {
    return new Delivery(position, event, now, 0, null, null, null, 0, null);
  }

  /** A member of the event; a text that stands for none where it has none. */
  String member(String name, String ifAbsent) {
    try {
      return EventGridFile.MAPPER.readTree(event).path(name).asText(ifAbsent);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("was written as JSON", e);
    }
  }

  /** This delivery after an attempt that failed. */
  Delivery failed(Instant at, WebhookAnswer answer) {
    return new Delivery(
        position,
        event,
        publishTime,
        deliveryAttempts + 1,
        null,
        at,
        answer.outcome(),
        answer.status(),
        null);
  }

  Delivery again(Instant next) {
    return new Delivery(
        position,
        event,
        publishTime,
        deliveryAttempts,
        next,
        lastDeliveryAttemptTime,
        lastDeliveryOutcome,
        lastHttpStatusCode,
        null);
  }

  Delivery dead(String reason) {
    return new Delivery(
        position,
        event,
        publishTime,
        deliveryAttempts,
        null,
        lastDeliveryAttemptTime,
        lastDeliveryOutcome,
        lastHttpStatusCode,
        reason);
  }

  /** Takes a JSON value as the text that it is. */
  static final class AsText extends JsonDeserializer<String> {
    @Override
    public String deserialize(JsonParser json, DeserializationContext context) throws IOException {
      return context.readTree(json).toString();
    }
  }
}
