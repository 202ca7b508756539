package dev.carillon.resilience;

import dev.carillon.core.EventException;
import dev.failsafe.Execution;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A retry policy as Failsafe's arithmetic; each call that fails gets a {@link Waits} of its own.
 */
final class Backoff {

  private final dev.failsafe.RetryPolicy<Object> arithmetic;
  private final Duration deadline;

  Backoff(RetryPolicy policy) {
    var builder =
        dev.failsafe.RetryPolicy.builder()
            .withMaxAttempts(policy.maxAttempts())
            .withJitter(policy.jitter());
    boolean grows = policy.factor() > 1 && policy.maxDelay().compareTo(policy.initialDelay()) > 0;
    arithmetic =
        (grows
                ? builder.withBackoff(policy.initialDelay(), policy.maxDelay(), policy.factor())
                : builder.withDelay(policy.initialDelay()))
            .build();
    deadline = policy.deadline();
  }

  Duration deadline() {
    return deadline;
  }

  Waits waits() {
    return new Waits(Execution.of(arithmetic));
  }

  /** The waits of one call, one after another. */
  static final class Waits {
    private final Execution<Object> execution;

    private Waits(Execution<Object> execution) {
      this.execution = execution;
    }

    /**
     * How long to wait after a failure; null if it should not be tried again. Retry-After is a
     * floor laid over Failsafe's delay and not its delay function, because that would replace the
     * backoff, and jitter would then shorten what the peer asked for.
     */
    @Nullable Duration after(EventException failure) {
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
