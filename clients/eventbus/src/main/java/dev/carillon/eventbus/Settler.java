package dev.carillon.eventbus;

import dev.carillon.core.EventException;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Receipt;
import java.time.Clock;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells users what became of things, on two threads of its own, one for events and one for the
 * connection: what they do then must not hold up the sockets, nor each other.
 */
final class Settler {

  private static final Logger log = LoggerFactory.getLogger(Settler.class);

  private static final int MOST_CHANGES = 1_000;

  private final ThreadPoolExecutor receipts;
  private final ThreadPoolExecutor changes;
  private final int capacity;
  private final Counters counters;
  private final Clock clock;

  /**
   * Creates a settler whose threads begin with its first tasks.
   *
   * @param capacity how many receipts may wait for what users do with those before
   */
  Settler(String name, int capacity, Counters counters, Clock clock) {
    this.capacity = capacity;
    this.counters = counters;
    this.clock = clock;
    receipts = thread(name + "-receipts", Integer.MAX_VALUE, (task, closed) -> task.run());
    changes = thread(name + "-changes", MOST_CHANGES, new ThreadPoolExecutor.DiscardOldestPolicy());
  }

  private static ThreadPoolExecutor thread(
      String name, int most, RejectedExecutionHandler whenFullOrClosed) {
    ThreadPoolExecutor thread =
        new ThreadPoolExecutor(
            1,
            1,
            5,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(most),
            task -> {
              Thread made = new Thread(task, name);
              made.setDaemon(true);
              return made;
            },
            whenFullOrClosed);
    thread.allowCoreThreadTimeOut(true);
    return thread;
  }

  /** Whether so many receipts wait that no more events should be taken that want one. */
  boolean isFull() {
    return receipts.getQueue().size() >= capacity;
  }

  void accepted(Outgoing event, Guarantee guarantee) {
    var receipt = event.receipt();
    if (receipt != null) {
      Receipt is = new Receipt(event.id(), guarantee, clock.instant());
      receipts.execute(() -> receipt.complete(is));
    }
  }

  /** Fails an event; whoever asked for no receipt reads of it in the log, and in the figures. */
  void failed(Outgoing event, EventException error) {
    var receipt = event.receipt();
    if (receipt != null) {
      receipts.execute(() -> receipt.completeExceptionally(error));
    } else {
      log.debug("an event was not delivered: {}", error.getMessage());
    }
  }

  void dropped(Outgoing event, EventException error) {
    counters.droppedSending.increment();
    failed(event, error);
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
    receipts.shutdown();
    changes.shutdown();
  }
}
