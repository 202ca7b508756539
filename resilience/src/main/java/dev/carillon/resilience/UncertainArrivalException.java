package dev.carillon.resilience;

import dev.carillon.core.EventException;
import dev.carillon.core.SinkClosedException;

/**
 * The last attempt certainly did not arrive, an earlier one may have. Says the same as the last
 * failure, its cause, except for the arrival.
 */
final class UncertainArrivalException extends EventException {

  private static final long serialVersionUID = 1L;

  private UncertainArrivalException(EventException last) {
    super(
        last.getMessage() + " (an earlier attempt may have arrived)",
        last.isRetryable(),
        true,
        last.retryAfter().orElse(null),
        last);
  }

  /** The last failure if it tells the truth about all attempts, else one that does. */
  static EventException after(boolean earlierMayHaveArrived, EventException last) {
    boolean eachEventSpeaksForItself = last instanceof PartialBatchException;
    if (!earlierMayHaveArrived || last.mayHaveArrived() || eachEventSpeaksForItself) {
      return last;
    }
    return last instanceof SinkClosedException
        ? new SinkClosedException(String.valueOf(last.getMessage()), true)
        : new UncertainArrivalException(last);
  }
}
