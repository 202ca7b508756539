package dev.carillon.rabbitmq;

import dev.carillon.core.CallbackThreads;
import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventException;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Receipt;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;

/** Gives deliveries their results: at once where a thread only waits, else on its own threads. */
final class Settlement {

  private final Clock clock;
  private final ForkJoinPool callbacks = CallbackThreads.newPool("carillon-rabbitmq-callbacks");
  private final ForkJoinPool chores = CallbackThreads.newPool("carillon-rabbitmq-chores");
  private final Backlog backlog;
  private final Counters counters;
  private final Set<Delivery> finishing = ConcurrentHashMap.newKeySet();

  Settlement(Clock clock, Backlog backlog, Counters counters) {
    this.clock = clock;
    this.backlog = backlog;
    this.counters = counters;
  }

  /** The threads that look after timeouts, whatever callbacks do. */
  Executor chores() {
    return chores;
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
      callbacks.execute(new Watched(claimed, now));
    }
  }

  /** What was settled together; a thread that is held up in the midst of it leaves the rest. */
  private final class Watched implements Runnable {

    private final List<Delivery> claimed;
    private final Instant now;
    private final AtomicInteger next = new AtomicInteger();

    Watched(List<Delivery> claimed, Instant now) {
      this.claimed = claimed;
      this.now = now;
    }

    @Override
    public void run() {
      if (next.get() < claimed.size() - 1) {
        callbacks.execute(this); // goes on with it, should this thread be held up
      }
      for (int i = next.getAndIncrement(); i < claimed.size(); i = next.getAndIncrement()) {
        if (!claimed.get(i).awaited) {
          finish(claimed.get(i), now);
          boolean unused = Thread.interrupted(); // the affair of what hung on it
        }
      }
    }
  }

  /** What hangs on the result may send the next, or wait in closing until nothing is under way. */
  private void finish(Delivery delivery, Instant now) {
    finishing.add(delivery);
    backlog.release(delivery.size());
    complete(delivery, now);
    finishing.remove(delivery);
  }

  private static void complete(Delivery delivery, Instant now) {
    EventException failure = delivery.failure();
    if (failure == null) {
      delivery.result().complete(new Receipt(delivery.eventId, Guarantee.ACKNOWLEDGED, now));
    } else {
      delivery.result().completeExceptionally(failure);
    }
  }

  /** Sees to it that all have their results that are no longer under way. */
  void finishAll() {
    finishing.forEach(delivery -> complete(delivery, clock.instant()));
  }
}
