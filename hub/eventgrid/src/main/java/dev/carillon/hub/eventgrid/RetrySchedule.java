package dev.carillon.hub.eventgrid;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When a failed delivery is tried again: after 10 s, 30 s, 1 min, 5 min, 10 min, 30 min, 1 h, 3 h,
 * 6 h, and every 12 h, each spread by a tenth.
 *
 * @param scale what all times are divided by
 */
record RetrySchedule(double scale) {

  private static final List<Integer> SECONDS =
      List.of(10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 43_200);
  private static final double SPREAD = 0.1;
  private static final Duration REQUEST = Duration.ofSeconds(30);
  private static final Duration SHORTEST_REQUEST = Duration.ofSeconds(2);

  /** What becomes of a delivery whose last attempt failed just now. */
  Delivery after(Delivery failed, WebhookAnswer answer, Subscription subscription, Instant now) {
    if (answer.isFinal()) {
      return failed.dead("RefusedByTheWebhook");
    }
    if (failed.deliveryAttempts() >= subscription.maxAttempts()) {
      return failed.dead("MaxDeliveryAttemptsExceeded");
    }
    int step = Math.min(failed.deliveryAttempts(), SECONDS.size()) - 1;
    double spread = 1 + ThreadLocalRandom.current().nextDouble(-SPREAD, SPREAD);
    Instant next = now.plus(scaled(Duration.ofMillis((long) (SECONDS.get(step) * 1000 * spread))));
    return next.isAfter(failed.publishTime().plus(scaled(subscription.timeToLive())))
        ? failed.dead("TimeToLiveExceeded")
        : failed.again(next);
  }

  /** How long a webhook may take to answer: 30 s, and never below 2 s. */
  Duration requestTimeout() {
    Duration scaled = scaled(REQUEST);
    return scaled.compareTo(SHORTEST_REQUEST) < 0 ? SHORTEST_REQUEST : scaled;
  }

  Duration scaled(Duration duration) {
    return Duration.ofNanos((long) (duration.toNanos() / scale));
  }
}
