package dev.carillon.rabbitmq;

import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventException;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Receipt;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;

/** Gives deliveries their results: at once where a thread only waits, else on the workers. */
final class Settlement {

  private final Clock clock;
  private final Executor workers;
  private final Backlog backlog;
  private final Counters counters;

  Settlement(Clock clock, Executor workers, Backlog backlog, Counters counters) {
    this.clock = clock;
    this.workers = workers;
    this.backlog = backlog;
    this.counters = counters;
  }

  /** Fails a delivery, unless it is settled already. */
  void fail(Delivery delivery, EventException why) {
    EventException truth = why;
    if (delivery.wasSent() && !why.mayHaveArrived() && why instanceof EventConnectionException) {
      truth = new EventConnectionException(String.valueOf(why.getMessage()), true, why);
    }
    if (delivery.claim(truth)) {
      complete(List.of(delivery));
    }
  }

  /** Completes deliveries that the caller has claimed, and leaves the list to this. */
  void complete(List<Delivery> claimed) {
    Instant now = clock.instant();
    boolean watched = false;
    for (Delivery delivery : claimed) {
      counters.settled(delivery);
      if (delivery.awaited) {
        finish(delivery, now);
      } else {
        watched = true;
      }
    }
    if (watched) {
      workers.execute(() -> finishWatched(claimed, now));
    }
  }

  private void finishWatched(List<Delivery> claimed, Instant now) {
    for (Delivery delivery : claimed) {
      if (!delivery.awaited) {
        finish(delivery, now);
      }
    }
  }

  private void finish(Delivery delivery, Instant now) {
    EventException failure = delivery.failure();
    if (failure == null) {
      delivery.result().complete(new Receipt(delivery.eventId, Guarantee.ACKNOWLEDGED, now));
    } else {
      delivery.result().completeExceptionally(failure);
    }
    backlog.release(delivery.size());
  }
}
