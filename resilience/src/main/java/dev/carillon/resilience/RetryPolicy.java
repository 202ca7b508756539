package dev.carillon.resilience;

import dev.carillon.core.Ranges;
import java.time.Duration;

/**
 * How often and how long to try. Only failures that call themselves retryable ({@link
 * dev.carillon.core.EventException#isRetryable()}) are tried again; the wait doubles (by default)
 * from attempt to attempt and is spread at random. When the peer asked for a longer pause
 * (Retry-After, RFC 9110 section 10.2.3), its wish is kept. A wait that would reach the deadline is
 * not begun: the failure is handed over at once.
 *
 * @param maxAttempts attempts in all, the first one included; default 8
 * @param initialDelay the wait after the first failure; default 200 ms
 * @param maxDelay the longest wait before jitter; default 5 s
 * @param factor by what each wait is longer than the one before, at least 1; default 2
 * @param jitter each wait is multiplied by a random number between 1 - jitter and 1 + jitter, 0 to
 *     1; default 0.5
 * @param deadline how long a call may take in all, attempts and waits; default 30 s
 */
public record RetryPolicy(
    int maxAttempts,
    Duration initialDelay,
    Duration maxDelay,
    double factor,
    double jitter,
    Duration deadline) {

  /** Checks the ranges. */
  public RetryPolicy {
    Ranges.atLeast("maxAttempts", maxAttempts, 1);
    Ranges.positive("initialDelay", initialDelay);
    Ranges.positive("deadline", deadline);
    if (maxDelay.compareTo(initialDelay) < 0) {
      throw new IllegalArgumentException("maxDelay is below initialDelay: " + maxDelay);
    }
    if (!(factor >= 1)) {
      throw new IllegalArgumentException("factor is below 1: " + factor);
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("jitter is not between 0 and 1: " + jitter);
    }
  }

  /** The policy with every default. */
  public static RetryPolicy ofDefaults() {
    return builder().build();
  }

  /** A builder that starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Builds a {@link RetryPolicy}. Not thread-safe. */
  public static final class Builder {
    private int maxAttempts = 8;
    private Duration initialDelay = Duration.ofMillis(200);
    private Duration maxDelay = Duration.ofSeconds(5);
    private double factor = 2;
    private double jitter = 0.5;
    private Duration deadline = Duration.ofSeconds(30);

    private Builder() {}

    /** Attempts in all, the first one included. */
    public Builder maxAttempts(int value) {
      maxAttempts = value;
      return this;
    }

    /** The first wait and the longest one. */
    public Builder delay(Duration initial, Duration max) {
      initialDelay = initial;
      maxDelay = max;
      return this;
    }

    /** By what each wait is longer than the one before. */
    public Builder factor(double value) {
      factor = value;
      return this;
    }

    /** How far waits are spread, 0 to 1. */
    public Builder jitter(double value) {
      jitter = value;
      return this;
    }

    /** How long a call may take in all. */
    public Builder deadline(Duration value) {
      deadline = value;
      return this;
    }

    /** The policy. */
    public RetryPolicy build() {
      return new RetryPolicy(maxAttempts, initialDelay, maxDelay, factor, jitter, deadline);
    }
  }
}
