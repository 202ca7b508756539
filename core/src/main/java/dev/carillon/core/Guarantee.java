package dev.carillon.core;

/** How far an event really got, weakest first. */
public enum Guarantee {
  /** Taken into a queue of this process. */
  QUEUED,
  /** Handed to the network; nobody has answered for it. */
  SENT,
  /** The other end confirmed that it has it. */
  ACKNOWLEDGED,
  /** The other end confirmed that it is on durable storage. */
  STORED;

  /** Whether this is as strong as another guarantee, or stronger. */
  public boolean isAtLeast(Guarantee other) {
    return compareTo(other) >= 0;
  }
}
