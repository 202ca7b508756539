package dev.carillon.eventbus;

import dev.carillon.core.EventException;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Receipt;
import java.time.Clock;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells users what became of things, on a thread of its own: what they do then must not hold up the
 * sockets. Its queue needs no bound of its own, since only events that were queued get there.
 */
final class Settler {

  private static final Logger log = LoggerFactory.getLogger(Settler.class);

  private final ThreadPoolExecutor thread;
  private final Counters counters;
  private final Clock clock;

  Settler(String name, Counters counters, Clock clock) {
    this.counters = counters;
    this.clock = clock;
    thread =
        new ThreadPoolExecutor(
            1,
            1,
            5,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread made = new Thread(task, name + "-receipts");
              made.setDaemon(true);
              return made;
            },
            (task, closed) -> task.run());
    thread.allowCoreThreadTimeOut(true);
  }

  void accepted(Outgoing event, Guarantee guarantee) {
    var receipt = event.receipt();
    if (receipt != null) {
      Receipt is = new Receipt(event.id(), guarantee, clock.instant());
      thread.execute(() -> receipt.complete(is));
    }
  }

  /** Fails an event; whoever asked for no receipt reads of it in the log, and in the figures. */
  void failed(Outgoing event, EventException error) {
    var receipt = event.receipt();
    if (receipt != null) {
      thread.execute(() -> receipt.completeExceptionally(error));
    } else {
      log.debug("an event was not delivered: {}", error.getMessage());
    }
  }

  void dropped(Outgoing event, EventException error) {
    counters.droppedSending.increment();
    failed(event, error);
  }

  /** Runs a user's code. */
  void run(Runnable task) {
    thread.execute(
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            log.warn("a listener failed", e);
          }
        });
  }

  void close() {
    thread.shutdown();
  }
}
