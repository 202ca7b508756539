package dev.carillon.rabbitmq;

import dev.carillon.core.EventException;
import dev.carillon.core.EventValidationException;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What a publisher counts, and says of what failed. Thread-safe. */
final class Counters {

  private final LongAdder confirmed = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder invalid = new LongAdder();
  private final LongAdder unroutable = new LongAdder();
  private final LongAdder resent = new LongAdder();
  private final LongAdder confirmNanos = new LongAdder();
  private final FailureLog failures;
  private final long publishNanos;

  Counters(FailureLog failures, Duration publishTimeout) {
    this.failures = failures;
    publishNanos = publishTimeout.toNanos();
  }

  void settled(Delivery delivery) {
    EventException failure = delivery.failure();
    if (failure == null) {
      confirmed.increment();
      confirmNanos.add(publishNanos - delivery.nanosLeft());
    } else {
      failed(delivery.routingKey, failure);
      if (delivery.returned() != null) {
        unroutable.increment();
      }
    }
  }

  void failed(@Nullable String type, EventException failure) {
    failures.failed(type, failure);
    failed.increment();
    if (failure instanceof EventValidationException) {
      invalid.increment();
    }
  }

  void resent(int events) {
    resent.add(events);
  }

  PublisherStats stats(long pending) {
    return new PublisherStats(
        confirmed.sum(),
        failed.sum(),
        invalid.sum(),
        unroutable.sum(),
        resent.sum(),
        pending,
        Duration.ofNanos(confirmNanos.sum()));
  }
}
