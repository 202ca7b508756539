package dev.carillon.hub.eventgrid;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/**
 * What one subscription keeps: deliveries to be tried again when they are due, and dead letters.
 * Memory holds only when each is due. Used on one event loop.
 */
final class KeptDeliveries {

  private static final int MOST = 100_000;
  static final int PAGE = 500;

  private final MVMap<Long, String> pending;
  private final MVMap<Long, String> dead;
  private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparing(Due::at));

  /** A kept delivery and when to try it again, so long after the last time. */
  private record Due(Instant at, Duration step, long position, int attempts) {

    /**
     * Also where the clock was set back by more than a step, or it would wait that long. Only the
     * first of the queue is asked: the others wait behind one with a longer step.
     */
    boolean isDue(Instant now) {
      return !at.isAfter(now) || Duration.between(now, at).compareTo(step.multipliedBy(2)) > 0;
    }
  }

  KeptDeliveries(SubscriptionStore store, String subscription) {
    pending = store.deliveries("pending", subscription);
    dead = store.deliveries("dead", subscription);
  }

  /** Takes up what was kept before the hub was started. */
  void load() {
    for (long after = -1; ; ) {
      List<Delivery> page = SubscriptionStore.page(pending, after, PAGE);
      if (page.isEmpty()) {
        return;
      }
      page.forEach(this::await);
      after = page.get(page.size() - 1).position();
    }
  }

  /** Has a delivery that is kept tried when it is due. */
  void await(Delivery delivery) {
    Instant at = delivery.nextAttempt() == null ? Instant.EPOCH : delivery.nextAttempt();
    Instant last =
        delivery.lastDeliveryAttemptTime() == null ? at : delivery.lastDeliveryAttemptTime();
    Duration step = Duration.between(last, at);
    due.add(new Due(at, step, delivery.position(), delivery.deliveryAttempts()));
  }

  /** Whether more may be kept. */
  boolean hasRoom() {
    return pending.size() < MOST && dead.size() < MOST;
  }

  /** When the next delivery is due; null if none is kept. */
  @Nullable Instant nextDue() {
    Due next = due.peek();
    return next == null ? null : next.at();
  }

  /**
   * Takes the next delivery if it is due now; it stays kept until it is settled.
   *
   * @param attempts only if it was tried so often; -1 for any
   */
  @Nullable Delivery pollDue(Instant now, int attempts) {
    for (Due next = due.peek(); next != null; next = due.peek()) {
      if (!next.isDue(now) || (attempts >= 0 && next.attempts() != attempts)) {
        return null;
      }
      due.remove();
      String json = pending.get(next.position());
      if (json != null) {
        return SubscriptionStore.read(json, Delivery.class);
      }
    }
    return null;
  }

  /** Keeps a delivery that failed, to be tried again or as a dead letter. */
  void keep(Delivery delivery) {
    String json = SubscriptionStore.write(delivery);
    if (delivery.deadLetterReason() != null) {
      dead.put(delivery.position(), json);
      pending.remove(delivery.position());
    } else {
      pending.put(delivery.position(), json);
      await(delivery);
    }
  }

  /** Forgets a delivery that arrived. */
  void settled(long position) {
    pending.remove(position);
  }

  /** Has dead letters tried again, as if they had never been tried. */
  void revive(List<Delivery> letters, Instant now) {
    for (Delivery letter : letters) {
      dead.remove(letter.position());
      keep(Delivery.fresh(letter.position(), letter.event(), now));
    }
  }

  /** Makes dead letters of some that were to be tried again; false if there are none left. */
  boolean giveUpSome(String reason) {
    due.clear();
    List<Delivery> some = SubscriptionStore.page(pending, -1, PAGE);
    some.forEach(delivery -> keep(delivery.dead(reason)));
    return !some.isEmpty();
  }
}
