package dev.carillon.hub.eventgrid;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a courier has in memory: deliveries that are fresh from the log, and the batches under way,
 * of those and of what is kept. Used on one event loop.
 */
final class InTransit {

  private static final int BRACKETS = 2;

  private final KeptDeliveries kept;
  private final Subscription subscription;
  private final Deque<Delivery> fresh = new ArrayDeque<>();
  private final TreeSet<Long> unsettled = new TreeSet<>(); // which are not kept
  private long characters;

  InTransit(KeptDeliveries kept, Subscription subscription) {
    this.kept = kept;
    this.subscription = subscription;
  }

  /** Adds a delivery that was read from the log. */
  void add(Delivery delivery) {
    fresh.add(delivery);
    unsettled.add(delivery.position());
    characters += delivery.event().length();
  }

  /** How many are fresh. */
  int fresh() {
    return fresh.size();
  }

  /** How many characters all events have that are here. */
  long characters() {
    return characters;
  }

  /**
   * What is to be under way next: of what is kept and due, what waited longest; then what is fresh.
   * All of a batch were tried as often. Empty if there is nothing.
   */
  List<Delivery> nextBatch(Instant now) {
    List<Delivery> batch = new ArrayList<>();
    Delivery due = kept.pollDue(now, -1);
    int attempts = due == null ? 0 : due.deliveryAttempts();
    Supplier<@Nullable Delivery> more =
        due == null ? fresh::poll : () -> kept.pollDue(now, attempts);
    Delivery next = due == null ? fresh.poll() : due;
    long bytes = BRACKETS;
    while (next != null) {
      bytes += subscription.maxEvents() == 1 ? 0 : next.bytes() + 1; // one goes whatever it has
      if (bytes > subscription.preferredBytes() && !batch.isEmpty()) {
        putBack(next, due != null);
        break;
      }
      batch.add(next);
      characters += due == null ? 0 : next.event().length(); // what is fresh counts already
      next = batch.size() < subscription.maxEvents() ? more.get() : null;
    }
    return batch;
  }

  private void putBack(Delivery next, boolean due) {
    if (due) {
      kept.await(next);
    } else {
      fresh.addFirst(next);
    }
  }

  /** Lets go of a delivery that was under way, and has arrived or is kept. */
  void settled(Delivery delivery) {
    characters -= delivery.event().length();
    unsettled.remove(delivery.position());
  }

  /** Hands over all that is fresh, and lets go of it. */
  void giveUp(Consumer<Delivery> taker) {
    fresh.forEach(taker);
    fresh.clear();
    unsettled.clear();
  }

  /** Up to where all is settled of a log that is read up to a position. */
  long settledUpTo(long read) {
    return unsettled.isEmpty() ? read : unsettled.first() - 1;
  }
}
