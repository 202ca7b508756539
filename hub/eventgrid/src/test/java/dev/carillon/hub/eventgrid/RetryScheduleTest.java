package dev.carillon.hub.eventgrid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.hub.eventgrid.SubscriptionRequest.RetryRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {

  private static final WebhookAnswer BUSY = WebhookAnswer.of(503, "", "");

  private static Subscription subscription(@Nullable RetryRequest retry) {
    return Subscription.of(
        new SubscriptionRequest(
            "sub", "t", "https://example.com/", null, null, retry, null, null, null),
        false);
  }

  @Test
  void waitsLongerAndLongerUntilADayIsOver() {
    RetrySchedule schedule = new RetrySchedule(1);
    Instant began = Instant.parse("2026-11-01T00:00:00Z");
    Instant now = began;
    Delivery delivery = Delivery.fresh(1, "{}", began);
    List<Long> waits = new ArrayList<>();
    while (delivery.deadLetterReason() == null) {
      delivery = schedule.after(delivery.failed(now, BUSY), BUSY, subscription(null), now);
      Instant next = delivery.nextAttempt();
      if (next != null) {
        waits.add(Duration.between(now, next).toSeconds());
        now = next;
      }
    }
    List<Integer> expected = List.of(10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600);
    assertThat(waits.size()).isGreaterThanOrEqualTo(expected.size());
    for (int i = 0; i < expected.size(); i++) {
      assertThat((double) waits.get(i))
          .isBetween(expected.get(i) * 0.9 - 1, expected.get(i) * 1.1 + 1);
    }
    assertThat(delivery.deadLetterReason()).isEqualTo("TimeToLiveExceeded");
    assertThat(delivery.lastDeliveryOutcome()).isEqualTo("Busy");
    assertThat(delivery.lastHttpStatusCode()).isEqualTo(503);
  }

  @Test
  void givesUpAfterSoManyAttemptsAndAtOnceWhereTryingIsPointless() {
    RetrySchedule schedule = new RetrySchedule(1000);
    Subscription two = subscription(new RetryRequest(2, null));
    Instant now = Instant.now();
    Delivery once = Delivery.fresh(1, "{}", now).failed(now, BUSY);
    assertThat(schedule.after(once, BUSY, two, now).deadLetterReason()).isNull();
    assertThat(schedule.after(once.failed(now, BUSY), BUSY, two, now).deadLetterReason())
        .isEqualTo("MaxDeliveryAttemptsExceeded");
    for (int status : new int[] {400, 401, 403, 413}) {
      WebhookAnswer no = WebhookAnswer.of(status, "", "");
      assertThat(schedule.after(once, no, two, now).deadLetterReason())
          .isEqualTo("RefusedByTheWebhook");
    }
    assertThat(schedule.requestTimeout()).isEqualTo(Duration.ofSeconds(2));
  }
}
