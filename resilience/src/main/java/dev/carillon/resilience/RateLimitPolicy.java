package dev.carillon.resilience;

import dev.carillon.core.Ranges;
import java.time.Duration;

/**
 * How fast to go. Attempts are spread evenly, without bursts: 50 a second means one every 20 ms. An
 * attempt waits for its turn for a bounded time; one that would have to wait longer is refused at
 * once with {@link dev.carillon.core.SinkFullException} and is not tried again by the retry policy,
 * so that the caller sees that it is too fast. A batch is one attempt.
 *
 * @param attempts how many attempts may begin in each period; default 100
 * @param period the period; default 1 s
 * @param maxWait how long an attempt waits for its turn at most, may be zero; default 1 s
 */
public record RateLimitPolicy(int attempts, Duration period, Duration maxWait) {

  /** Checks the ranges. */
  public RateLimitPolicy {
    Ranges.atLeast("attempts", attempts, 1);
    Ranges.positive("period", period);
    Ranges.notNegative("maxWait", maxWait);
  }

  /** The policy with every default. */
  public static RateLimitPolicy ofDefaults() {
    return builder().build();
  }

  /** A builder that starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Builds a {@link RateLimitPolicy}. Not thread-safe. */
  public static final class Builder {
    private int attempts = 100;
    private Duration period = Duration.ofSeconds(1);
    private Duration maxWait = Duration.ofSeconds(1);

    private Builder() {}

    /** How many attempts may begin in how long. */
    public Builder rate(int attemptsInPeriod, Duration ofPeriod) {
      attempts = attemptsInPeriod;
      period = ofPeriod;
      return this;
    }

    /** How long an attempt waits for its turn at most. */
    public Builder maxWait(Duration value) {
      maxWait = value;
      return this;
    }

    /** The policy. */
    public RateLimitPolicy build() {
      return new RateLimitPolicy(attempts, period, maxWait);
    }
  }
}
