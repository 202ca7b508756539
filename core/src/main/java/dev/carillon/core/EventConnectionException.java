package dev.carillon.core;

import org.jspecify.annotations.Nullable;

/** The other end could not be reached, or the connection broke. Trying again may help. */
public class EventConnectionException extends EventException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates a failure of the network.
   *
   * @param message what happened, with the peer's address but without credentials
   * @param mayHaveArrived false only if the connection was never made
   * @param cause the underlying error; null if there is none
   */
  public EventConnectionException(
      String message, boolean mayHaveArrived, @Nullable Throwable cause) {
    super(message, true, mayHaveArrived, null, cause);
  }
}
