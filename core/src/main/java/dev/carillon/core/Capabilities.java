package dev.carillon.core;

import java.util.Objects;

/**
 * What a sink can promise and what it takes at most.
 *
 * @param guarantee the strongest guarantee its receipts can carry
 * @param ordered whether events sent one after another by one thread arrive in that order
 * @param maxBatchEvents how many events go into one message at most; 1 if the transport has no
 *     batches. {@code sendAll} takes any number and cuts them accordingly
 * @param maxEventBytes how large one event may be on the wire, in bytes
 */
public record Capabilities(
    Guarantee guarantee, boolean ordered, int maxBatchEvents, int maxEventBytes) {

  /** Checks the ranges. */
  public Capabilities {
    Objects.requireNonNull(guarantee, "guarantee");
    Ranges.atLeast("maxBatchEvents", maxBatchEvents, 1);
    Ranges.atLeast("maxEventBytes", maxEventBytes, 1);
  }
}
