package dev.carillon.eventbus;

import dev.carillon.core.CallbackThreads;
import dev.carillon.core.EventException;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Receipt;
import dev.carillon.core.SparingLog;
import java.time.Clock;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells users what became of things, on threads of its own, some for events and one for the
 * connection: what they do then must not hold up the sockets, nor each other.
 */
final class Settler {

  private static final Logger log = LoggerFactory.getLogger(Settler.class);

  private static final int MOST_CHANGES = 1_000;

  private final SparingLog troubles = new SparingLog(log);
  private final ForkJoinPool receipts;
  private final AtomicInteger waiting = new AtomicInteger();
  private final ThreadPoolExecutor changes;
  private final int capacity;
  private final Counters counters;
  private final Clock clock;

  /**
   * Creates a settler whose threads begin with its first tasks, and end when they are idle.
   *
   * @param capacity how many receipts may wait for what users do with those before
   */
  Settler(String name, int capacity, Counters counters, Clock clock) {
    this.capacity = capacity;
    this.counters = counters;
    this.clock = clock;
    receipts = CallbackThreads.newPool(name + "-receipts");
    changes =
        new ThreadPoolExecutor(
            1,
            1,
            5,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_CHANGES),
            task -> {
              Thread made = new Thread(task, name + "-changes");
              made.setDaemon(true);
              return made;
            },
            new ThreadPoolExecutor.DiscardOldestPolicy());
    changes.allowCoreThreadTimeOut(true);
  }

  /** Whether so many receipts wait that no more events should be taken that want one. */
  boolean isFull() {
    return waiting.get() >= capacity;
  }

  void accepted(Outgoing event, Guarantee guarantee) {
    var receipt = event.receipt();
    if (receipt != null) {
      Receipt is = new Receipt(event.id(), guarantee, clock.instant());
      tell(() -> receipt.complete(is));
    }
  }

  private void tell(Runnable task) {
    waiting.incrementAndGet();
    complete(
        () -> {
          waiting.decrementAndGet();
          task.run();
        });
  }

  /** Runs what completes a future, and with it what hangs on that. */
  void complete(Runnable task) {
    receipts.execute(
        () -> {
          task.run();
          boolean unused = Thread.interrupted(); // the affair of what hung on it
        });
  }

  /** Fails an event; whoever asked for no receipt reads of it in the log, and in the figures. */
  void failed(Outgoing event, EventException error) {
    var receipt = event.receipt();
    if (receipt != null) {
      tell(() -> receipt.completeExceptionally(error));
    } else {
      troubles.warn("an event was not delivered: " + error.getMessage());
    }
  }

  /** The same of an event that the queue's policy drops: so it was asked for. */
  void dropped(Outgoing event, EventException error) {
    counters.droppedSending.increment();
    if (event.receipt() != null) {
      failed(event, error);
    }
  }

  /** Tells a listener of a change; of very many that wait for it, the latest. */
  void changed(Runnable task) {
    changes.execute(
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            log.warn("a listener failed", e);
          }
        });
  }

  void close() {
    changes.shutdown();
  }
}
