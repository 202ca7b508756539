package dev.carillon.eventbus;

/** What happens to an event for which a bounded queue has no room. Every dropped one is counted. */
public enum OverflowPolicy {
  /**
   * Wait for room: publishers wait in {@code emitEvent}, and a receiver that does not keep up has
   * its client read no more, so that events wait, or get lost, at the proxy. Not for receiving with
   * CURVE.
   */
  BLOCK,
  /** Make room by dropping the event that has waited longest. */
  DROP_OLDEST,
  /** Drop the event that has just come. */
  DROP_NEWEST,
  /**
   * Drop the event that has just come and say so with a {@link
   * dev.carillon.core.SinkFullException}: publishers at once, receivers after the events that were
   * queued before.
   */
  FAIL
}
