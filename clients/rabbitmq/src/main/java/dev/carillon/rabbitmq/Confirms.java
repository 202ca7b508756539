package dev.carillon.rabbitmq;

import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventException;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.Receipt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

/** Waits for the broker's answers. */
final class Confirms {

  private Confirms() {}

  /** Waits for what no thread of the pool completes: it need not bring another in for this one. */
  static Receipt await(CompletableFuture<Receipt> sent) {
    CountDownLatch settled = new CountDownLatch(1);
    CompletableFuture<Receipt> unused = sent.whenComplete((receipt, error) -> settled.countDown());
    try {
      settled.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // told below
    }
    return value(sent);
  }

  /** What a future comes to, or why it failed, as publishers throw it. */
  static <T> T value(CompletableFuture<T> sent) {
    try {
      return sent.get();
    } catch (ExecutionException e) {
      EventException why = EventException.awaited(e);
      throw why instanceof EventValidationException || why instanceof EventConnectionException
          ? why
          : new EventPublishException(why);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EventPublishException(
          new EventTimeoutException("interrupted while waiting for the broker", true, e));
    }
  }
}
