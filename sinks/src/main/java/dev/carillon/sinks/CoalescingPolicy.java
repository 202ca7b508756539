package dev.carillon.sinks;

import dev.carillon.core.Ranges;
import java.time.Duration;

/**
 * When gathered events are sent on: as soon as one of the bounds is reached.
 *
 * @param maxEvents how many events; default 500
 * @param maxBytes how many bytes of data; default 512 KiB
 * @param maxAge how long the first of them has waited; default 5 ms
 */
public record CoalescingPolicy(int maxEvents, int maxBytes, Duration maxAge) {

  /** Checks the ranges. */
  public CoalescingPolicy {
    Ranges.atLeast("maxEvents", maxEvents, 1);
    Ranges.atLeast("maxBytes", maxBytes, 1);
    Ranges.positive("maxAge", maxAge);
  }

  /** The policy with every default. */
  public static CoalescingPolicy ofDefaults() {
    return new CoalescingPolicy(500, 512 << 10, Duration.ofMillis(5));
  }
}
