package dev.carillon.eventbus;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How much of what was handed to the network the proxy is known to have: now and then the client
 * publishes a mark to itself, and since messages of one publisher keep their order, a mark that
 * comes back proves all that went before it. Used by the I/O thread.
 */
final class Marks {

  private static final long LOST_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The least between two marks, each of which costs as much as an event. */
  private static final long GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final Counters counters;
  private long sent;
  private long marked;
  private long confirmed;
  private long markedAt = System.nanoTime() - GAP_NANOS;

  Marks(Counters counters) {
    this.counters = counters;
  }

  void sent() {
    sent++;
  }

  boolean areAllConfirmed() {
    return confirmed == sent;
  }

  /** Whether the next mark only waits for its time. */
  boolean isOneDue() {
    return sent > marked && marked == confirmed;
  }

  /** What to publish now; null if nothing is to be asked, or too early, or an answer is awaited. */
  @Nullable Long next(long now) {
    long age = now - markedAt;
    boolean awaited = marked > confirmed && age < LOST_NANOS;
    if (awaited || age < GAP_NANOS || sent == confirmed) {
      return null;
    }
    marked = sent;
    markedAt = now;
    return marked;
  }

  /** Notes that a mark came back. */
  void returned(String mark) {
    if (mark.equals(Long.toString(marked)) && marked > confirmed) {
      counters.confirmed.add(marked - confirmed);
      confirmed = marked;
    }
  }

  /** Ends the account of a broken connection; how many events are in doubt. */
  long connectionLost() {
    long doubt = sent - confirmed;
    counters.inDoubt.add(doubt);
    confirmed = sent;
    marked = sent;
    return doubt;
  }
}
