package dev.carillon.core;

/**
 * There is no room on this side: a queue is full, or a rate limit reached; nothing was sent, and
 * trying again later may help. From what receives: events that came were dropped for want of room.
 */
public class SinkFullException extends EventException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates a refusal for want of room.
   *
   * @param message which bound was reached, with its value
   */
  public SinkFullException(String message) {
    super(message, true, false, null, null);
  }
}
