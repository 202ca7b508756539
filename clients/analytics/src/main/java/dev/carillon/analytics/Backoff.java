package dev.carillon.analytics;

import dev.failsafe.Execution;
import dev.failsafe.RetryPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait between attempts: doubling up to 30 s and spread at random, or always the same
 * where the first wait is that long already; never less than the service asked for. The arithmetic
 * is Failsafe's; each call that fails gets {@link Waits} of its own.
 */
final class Backoff {

  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final double JITTER = 0.25;

  private final RetryPolicy<Object> arithmetic;

  private Backoff(RetryPolicy<Object> arithmetic) {
    this.arithmetic = arithmetic;
  }

  /** So many attempts after the first. */
  static Backoff retries(int maxRetries, Duration delay) {
    return of(maxRetries, delay);
  }

  /** Attempts without end. */
  static Backoff endless(Duration delay) {
    return of(-1, delay);
  }

  /** No wait between two attempts is longer, unless the service asks for it. */
  static Duration longest(Duration delay) {
    Duration doubled = LONGEST.plusMillis((long) (JITTER * LONGEST.toMillis()));
    return delay.compareTo(doubled) > 0 ? delay : doubled;
  }

  private static Backoff of(int maxRetries, Duration delay) {
    var builder = RetryPolicy.builder().withMaxRetries(maxRetries);
    if (delay.compareTo(LONGEST) < 0 && !delay.isZero()) {
      builder.withBackoff(delay, LONGEST).withJitter(JITTER);
    } else {
      builder.withDelay(delay);
    }
    return new Backoff(builder.build());
  }

  Waits waits() {
    return new Waits(Execution.of(arithmetic));
  }

  /** The waits of one call, one after another. Not thread-safe. */
  static final class Waits {
    private final Execution<Object> execution;

    private Waits(Execution<Object> execution) {
      this.execution = execution;
    }

    /** How long to wait after a failure; null if it should not be tried again. */
    @Nullable Duration after(AnalyticsException failure) {
      execution.recordException(failure);
      if (execution.isComplete()) {
        return null;
      }
      Duration wished = failure.retryAfter().orElse(Duration.ZERO);
      Duration computed = execution.getDelay();
      return wished.compareTo(computed) > 0 ? wished : computed;
    }
  }
}
