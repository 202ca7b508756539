package dev.carillon.core;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The other end answered, and the answer was no: it does not have the event. */
public class EventRejectedException extends EventException {

  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * Creates a refusal.
   *
   * @param message what the other end said
   * @param retryable whether the other end may take the same event later
   * @param retryAfter how long it asked to be left alone; null if it said nothing
   */
  public EventRejectedException(String message, boolean retryable, @Nullable Duration retryAfter) {
    this(message, 0, retryable, false, retryAfter);
  }

  /**
   * Creates a refusal whose effect is not certain, such as an error inside the other end.
   *
   * @param message what the other end said
   * @param status the HTTP status of its answer; 0 if it has none
   * @param retryable whether the other end may take the same event later
   * @param mayHaveArrived whether the other end may have the event all the same
   * @param retryAfter how long it asked to be left alone; null if it said nothing
   */
  protected EventRejectedException(
      String message,
      int status,
      boolean retryable,
      boolean mayHaveArrived,
      @Nullable Duration retryAfter) {
    super(message, retryable, mayHaveArrived, retryAfter, null);
    this.status = status;
  }

  /** The HTTP status of the answer; 0 if it has none, as over other protocols. */
  public final int status() {
    return status;
  }
}
