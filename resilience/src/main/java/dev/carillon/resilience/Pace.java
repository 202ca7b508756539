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

  Duration maxWait() {
    return policy.maxWait();
  }

  /**
   * Takes the next turn and says how long it is until then, in nanoseconds; below zero, and none
   * taken, if that is longer than a call can wait.
   */
  long takeTurn(Duration patience) {
    return limiter.tryReservePermit(patience).toNanos();
  }

  SinkFullException refusal(Duration patience) {
    return new SinkFullException(
        "rate limit of "
            + policy.attempts()
            + " in "
            + policy.period()
            + " reached, the next turn is more than "
            + patience
            + " away, which is as long as this call can wait");
  }
}
