package dev.carillon.hub.eventgrid;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A subscription as it is kept.
 *
 * @param request what was asked for
 * @param validated whether the webhook said that it wants the events
 * @param code what the webhook must answer or call to say so
 * @param codeUntil until when it may call
 * @param change what takes this one's place once its webhook, another one, wants the events; null
 *     if nothing was asked for since
 */
record SubscriptionRecord(
    SubscriptionRequest request,
    boolean validated,
    String code,
    Instant codeUntil,
    @Nullable SubscriptionRecord change) {

  SubscriptionRecord accepted() {
    return new SubscriptionRecord(request, true, code, codeUntil, null);
  }

  SubscriptionRecord withChange(@Nullable SubscriptionRecord next) {
    return new SubscriptionRecord(request, validated, code, codeUntil, next);
  }

  /** Whether it is this request, or a change to it, that still has to be accepted. */
  boolean awaits(SubscriptionRecord asked) {
    return asked.code.equals(change == null ? code : change.code);
  }

  /** Whether this is its code, and in time. */
  boolean isOpenedBy(String shown, Instant now) {
    return now.isBefore(codeUntil)
        && MessageDigest.isEqual(
            code.getBytes(StandardCharsets.UTF_8), shown.getBytes(StandardCharsets.UTF_8));
  }
}
