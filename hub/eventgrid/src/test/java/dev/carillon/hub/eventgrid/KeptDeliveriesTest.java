package dev.carillon.hub.eventgrid;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptDeliveriesTest {

  private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
  private static final WebhookAnswer BUSY = WebhookAnswer.of(503, "", "");

  @TempDir private Path folder;

  @Test
  void aClockThatIsSetBackDelaysNoDeliveryForLong() throws Exception {
    try (SubscriptionStore store = SubscriptionStore.open(folder)) {
      KeptDeliveries kept = new KeptDeliveries(store, "sub");
      Delivery failed = Delivery.fresh(1, "{}", NOON).failed(NOON, BUSY);
      kept.keep(failed.again(NOON.plusSeconds(10)));
      assertThat(kept.pollDue(NOON.plusSeconds(9), -1)).isNull();
      assertThat(kept.pollDue(NOON.minusSeconds(9), -1)).isNull();
      assertThat(kept.pollDue(NOON.minus(Duration.ofHours(1)), -1)).isNotNull();
    }
  }
}
