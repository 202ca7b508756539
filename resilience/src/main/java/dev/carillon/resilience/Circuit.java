package dev.carillon.resilience;

import dev.carillon.core.EventException;
import dev.failsafe.CircuitBreaker;
import org.jspecify.annotations.Nullable;

/** Failsafe's breaker, told only of what says something about the peer. Thread-safe. */
final class Circuit {

  private final CircuitBreaker<Object> breaker;

  Circuit(CircuitBreakerPolicy policy) {
    breaker =
        CircuitBreaker.builder()
            .withFailureRateThreshold(policy.failureRate(), policy.minimumCalls(), policy.window())
            .withSuccessThreshold(policy.trialCalls())
            .withDelay(policy.openFor())
            .build();
  }

  /** Enters an attempt: null if it may go ahead and must be recorded afterwards. */
  @Nullable CircuitOpenException enter() {
    return breaker.tryAcquirePermit()
        ? null
        : new CircuitOpenException(breaker.getRemainingDelay());
  }

  void recordSuccess() {
    breaker.recordSuccess();
  }

  void recordFailure(EventException failure) {
    switch (PeerHealth.after(failure)) {
      case WELL -> breaker.recordSuccess();
      case ILL -> breaker.recordFailure();
      case UNKNOWN -> leave();
    }
  }

  /**
   * Ends an attempt that says nothing. Failsafe's half-open state counts its trial permits and has
   * no way to hand one back, so that one unrecorded trial would block the circuit for good;
   * entering the state anew restores them.
   */
  void leave() {
    if (breaker.isHalfOpen()) {
      breaker.open();
      breaker.halfOpen();
    }
  }
}
