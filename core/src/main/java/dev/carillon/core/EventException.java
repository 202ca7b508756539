package dev.carillon.core;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Why an event did not get where it should, as told by the failure itself. Policies decide by
 * {@link #isRetryable()} and {@link #retryAfter()} and know nothing else of events.
 */
public class EventException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean retryable;
  private final boolean mayHaveArrived;
  private final @Nullable Duration retryAfter;

  /**
   * Creates a failure.
   *
   * @param message what happened; never holds credentials
   * @param retryable whether the same attempt may succeed later
   * @param mayHaveArrived whether the other end may have the event all the same
   * @param retryAfter how long the other end asked to be left alone; null if it said nothing
   * @param cause the underlying error; null if there is none
   */
  public EventException(
      String message,
      boolean retryable,
      boolean mayHaveArrived,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    super(message, cause);
    this.retryable = retryable;
    this.mayHaveArrived = mayHaveArrived;
    this.retryAfter = retryAfter;
  }

  /** Whether the same attempt may succeed later. */
  public boolean isRetryable() {
    return retryable;
  }

  /**
   * Whether the other end may have the event all the same; false only if it certainly has not. If
   * it may, sending again is still safe under the same event id where the other end knows ids.
   */
  public boolean mayHaveArrived() {
    return mayHaveArrived;
  }

  /** How long the other end asked to be left alone (HTTP's Retry-After); empty if it did not. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /**
   * The event failure inside what a future threw: unwraps {@link CompletionException} and {@link
   * ExecutionException}, returns an {@code EventException} as it is and wraps anything else as one
   * that is not retryable and may have arrived.
   */
  public static EventException of(Throwable thrown) {
    Throwable inner = unwrapped(thrown);
    return inner instanceof EventException known
        ? known
        : new EventException(String.valueOf(inner), false, true, null, inner);
  }

  /**
   * The event failure that a thread waited for: as {@link #of} gives it, with a suppressed one that
   * shows where that thread was, which the failure of another thread does not. Of a failure that
   * several wait for, it shows one of them.
   */
  public static EventException awaited(ExecutionException thrown) {
    EventException failure = of(thrown);
    if (failure.getSuppressed().length == 0) {
      failure.addSuppressed(
          new Exception("thread " + Thread.currentThread().getName() + " waited for it here"));
    }
    return failure;
  }

  /**
   * The event failure for what was thrown before anything was sent: like {@link #of}, but always
   * one that has not arrived.
   */
  public static EventException unsent(Throwable thrown) {
    Throwable inner = unwrapped(thrown);
    if (!(inner instanceof EventException known)) {
      return new EventException(String.valueOf(inner), false, false, null, inner);
    }
    return known.mayHaveArrived // speaks of something else then, such as what a callback sent
        ? new EventException(String.valueOf(known), known.retryable, false, known.retryAfter, known)
        : known;
  }

  private static Throwable unwrapped(Throwable thrown) {
    Throwable inner = thrown;
    while ((inner instanceof CompletionException || inner instanceof ExecutionException)
        && inner.getCause() != null) {
      inner = inner.getCause();
    }
    return inner;
  }
}
