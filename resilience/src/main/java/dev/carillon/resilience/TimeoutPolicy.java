package dev.carillon.resilience;

import dev.carillon.core.Ranges;
import java.time.Duration;

/**
 * How long one attempt may take. An attempt that takes longer fails with {@link
 * dev.carillon.core.EventTimeoutException}, which is retryable and may have arrived.
 *
 * @param attempt the time for each attempt; default 10 s
 */
public record TimeoutPolicy(Duration attempt) {

  /** Checks the range. */
  public TimeoutPolicy {
    Ranges.positive("attempt", attempt);
  }

  /** The policy with its default. */
  public static TimeoutPolicy ofDefaults() {
    return of(Duration.ofSeconds(10));
  }

  /** So long for each attempt. */
  public static TimeoutPolicy of(Duration attempt) {
    return new TimeoutPolicy(attempt);
  }
}
