package dev.carillon.hub.eventgrid;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way to one subscriber.
 *
 * @param position its place in the log
 * @param event as it is sent
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
    JsonNode event,
    Instant publishTime,
    int deliveryAttempts,
    @Nullable Instant nextAttempt,
    @Nullable Instant lastDeliveryAttemptTime,
    @Nullable String lastDeliveryOutcome,
    int lastHttpStatusCode,
    @Nullable String deadLetterReason) {

  static Delivery fresh(long position, JsonNode event, Instant now) {
    return new Delivery(position, event, now, 0, null, null, null, 0, null);
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
}
