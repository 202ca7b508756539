package dev.carillon.hub.eventgrid;

import java.util.Collection;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what all subscriptions deliver. Thread-safe. */
final class Figures {

  private static final Logger log = LoggerFactory.getLogger(Figures.class);

  private final LongAdder delivered = new LongAdder();
  private final LongAdder failed = new LongAdder();

  /** Counts what a webhook was sent together. */
  void attempted(int events, boolean succeeded) {
    (succeeded ? delivered : failed).add(events);
  }

  /** What there is of all couriers; nothing of one whose store is being opened anew. */
  SubscriptionStatistics of(Collection<Courier> couriers) {
    long waiting = 0;
    long dead = 0;
    int stalled = 0;
    for (Courier courier : couriers) {
      try {
        KeptDeliveries kept = courier.kept();
        waiting += kept.waiting();
        dead += kept.dead();
        stalled += kept.hasRoom() || courier.isOver() ? 0 : 1;
      } catch (RuntimeException e) {
        log.debug("a subscription's store is closed", e);
      }
    }
    return new SubscriptionStatistics(waiting, dead, delivered.sum(), failed.sum(), stalled);
  }
}
