package dev.carillon.core;

import org.jspecify.annotations.Nullable;

/** No answer came within the time allowed. Trying again may help. */
public class EventTimeoutException extends EventException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates a failure of time.
   *
   * @param message what was waited for and how long
   * @param mayHaveArrived whether the event may have been sent before time ran out
   * @param cause the underlying error; null if there is none
   */
  public EventTimeoutException(String message, boolean mayHaveArrived, @Nullable Throwable cause) {
    super(message, true, mayHaveArrived, null, cause);
  }
}
