package dev.carillon.resilience;

import dev.carillon.core.Ranges;
import java.time.Duration;

/**
 * When to leave a peer alone. Attempts that say something about the peer's health are counted over
 * a sliding window: connection errors, timeouts and retryable refusals against it, anything else it
 * answers for it; what fails on this side (validation, a full queue) does not count. When too many
 * went wrong, the circuit opens and attempts fail at once with {@link CircuitOpenException}; after
 * a pause a few trial attempts decide whether it closes again.
 *
 * @param failureRate the percentage of failures that opens the circuit, 1 to 100; default 50
 * @param minimumCalls how many attempts must have been counted before it may open; default 10
 * @param window over how long attempts are counted, at least 10 ms; default 30 s
 * @param openFor how long it stays open; default 5 s
 * @param trialCalls how many successful trials close it again; default 1
 */
public record CircuitBreakerPolicy(
    int failureRate, int minimumCalls, Duration window, Duration openFor, int trialCalls) {

  /** Checks the ranges. */
  public CircuitBreakerPolicy {
    if (failureRate < 1 || failureRate > 100) {
      throw new IllegalArgumentException("failureRate is not between 1 and 100: " + failureRate);
    }
    Ranges.atLeast("minimumCalls", minimumCalls, 1);
    if (window.toMillis() < 10) {
      throw new IllegalArgumentException("window is below 10 ms: " + window);
    }
    Ranges.positive("openFor", openFor);
    Ranges.atLeast("trialCalls", trialCalls, 1);
  }

  /** The policy with every default. */
  public static CircuitBreakerPolicy ofDefaults() {
    return builder().build();
  }

  /** A builder that starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Builds a {@link CircuitBreakerPolicy}. Not thread-safe. */
  public static final class Builder {
    private int failureRate = 50;
    private int minimumCalls = 10;
    private Duration window = Duration.ofSeconds(30);
    private Duration openFor = Duration.ofSeconds(5);
    private int trialCalls = 1;

    private Builder() {}

    /** The percentage of failures that opens the circuit. */
    public Builder failureRate(int percent) {
      failureRate = percent;
      return this;
    }

    /** How many attempts must have been counted before the circuit may open. */
    public Builder minimumCalls(int value) {
      minimumCalls = value;
      return this;
    }

    /** Over how long attempts are counted. */
    public Builder window(Duration value) {
      window = value;
      return this;
    }

    /** How long the circuit stays open. */
    public Builder openFor(Duration value) {
      openFor = value;
      return this;
    }

    /** How many successful trials close it again. */
    public Builder trialCalls(int value) {
      trialCalls = value;
      return this;
    }

    /** The policy. */
    public CircuitBreakerPolicy build() {
      return new CircuitBreakerPolicy(failureRate, minimumCalls, window, openFor, trialCalls);
    }
  }
}
