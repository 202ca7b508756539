package dev.carillon.hub.eventgrid;

import java.time.Instant;

/**
 * A subscription as it is kept.
 *
 * @param request what was asked for
 * @param validated whether the webhook said that it wants the events
 * @param code what the webhook must answer or call to say so
 * @param codeUntil until when it may call
 */
record SubscriptionRecord(
    SubscriptionRequest request, boolean validated, String code, Instant codeUntil) {

  SubscriptionRecord accepted() {
    return new SubscriptionRecord(request, true, code, codeUntil);
  }
}
