package dev.carillon.hub.eventgrid;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * What one subscription keeps: deliveries to be tried again when they are due, and dead letters.
 * Memory holds only when each is due, which is to be loaded first. Used on one event loop.
 */
final class KeptDeliveries {

  private static final int MOST = 100_000;
  static final int PAGE = 500;

  private final Deliveries pending;
  private final Deliveries dead;
  private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparing(Due::at));
  private long loadedTo = -1;

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
    pending = store.pending(subscription);
    dead = store.dead(subscription);
  }

  /** Takes up some of what was kept before. */
  void loadSome() {
    List<Delivery> page = pending.page(loadedTo, PAGE);
    page.forEach(this::await);
    loadedTo = page.isEmpty() ? Long.MAX_VALUE : page.get(page.size() - 1).position();
  }

  /** Whether all is taken up that was kept before. */
  boolean isLoaded() {
    return loadedTo == Long.MAX_VALUE;
  }

  /** Has a delivery that is kept tried when it is due. */
  void await(Delivery delivery) {
    Instant at = delivery.nextAttempt() == null ? Instant.EPOCH : delivery.nextAttempt();
    Instant last =
        delivery.lastDeliveryAttemptTime() == null ? at : delivery.lastDeliveryAttemptTime();
    Duration step = Duration.between(last, at);
    due.add(new Due(at, step, delivery.position(), delivery.deliveryAttempts()));
  }

  /** How many are to be tried again. Thread-safe. */
  int waiting() {
    return pending.size();
  }

  /** How many dead letters there are. Thread-safe. */
  int dead() {
    return dead.size();
  }

  /** Whether more may be kept. Thread-safe. */
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
      Delivery delivery = pending.get(next.position());
      if (delivery != null) {
        return delivery;
      }
    }
    return null;
  }

  /** Keeps a delivery that failed, to be tried again or as a dead letter. */
  void keep(Delivery delivery) {
    if (delivery.deadLetterReason() != null) {
      dead.put(delivery);
      pending.remove(delivery.position());
      return;
    }
    pending.put(delivery);
    if (delivery.position() <= loadedTo) { // or it is still to be loaded
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
      keep(Delivery.fresh(letter.position(), letter.event(), now));
      dead.remove(letter.position());
    }
  }

  /** Makes dead letters of some that were to be tried again; false if there are none left. */
  boolean giveUpSome(String reason) {
    due.clear();
    List<Delivery> some = pending.page(-1, PAGE);
    some.forEach(delivery -> keep(delivery.dead(reason)));
    return !some.isEmpty();
  }
}
