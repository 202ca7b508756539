package dev.carillon.core;

/** What became of one event of a batch: {@link Accepted} with its receipt, or {@link Failed}. */
public sealed interface Outcome {

  /** The event's id. */
  String eventId();

  /** Whether the event was accepted. */
  default boolean isAccepted() {
    return this instanceof Accepted;
  }

  /** The outcome of an event that got as far as its receipt says. */
  static Outcome accepted(Receipt receipt) {
    return new Accepted(receipt);
  }

  /** The outcome of an event that failed. */
  static Outcome failed(String eventId, EventException error) {
    return new Failed(eventId, error);
  }

  /**
   * The event was accepted.
   *
   * @param receipt how far it got
   */
  record Accepted(Receipt receipt) implements Outcome {
    @Override
    public String eventId() {
      return receipt.eventId();
    }
  }

  /**
   * The event failed.
   *
   * @param eventId the event's id
   * @param error why, and whether trying again can help
   */
  record Failed(String eventId, EventException error) implements Outcome {}
}
