package dev.carillon.core;

/** A bounded queue on this side is full; the event was not taken. Trying again later may help. */
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
