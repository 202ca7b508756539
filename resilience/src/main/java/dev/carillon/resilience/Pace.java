package dev.carillon.resilience;

import dev.carillon.core.SinkFullException;
import dev.failsafe.RateLimiter;
import java.time.Duration;

/** A rate limit as Failsafe's smooth limiter. Thread-safe. */
final class Pace {

  private final RateLimitPolicy policy;
  private final RateLimiter<Object> limiter;

  Pace(RateLimitPolicy policy) {
    this.policy = policy;
    limiter = RateLimiter.smoothBuilder(policy.attempts(), policy.period()).build();
  }

  /** Takes the next turn and says how long it is until then, in nanoseconds; below zero if none. */
  long takeTurn() {
    Duration wait = limiter.tryReservePermit(policy.maxWait());
    return wait.toNanos();
  }

  SinkFullException refusal() {
    return new SinkFullException(
        "rate limit of "
            + policy.attempts()
            + " in "
            + policy.period()
            + " reached, the next turn is more than "
            + policy.maxWait()
            + " away");
  }
}
