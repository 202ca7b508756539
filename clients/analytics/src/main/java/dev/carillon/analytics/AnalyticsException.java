package dev.carillon.analytics;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Why the analytics service did not do what it was asked. Subclasses say that something was not
 * found, not valid or refused here; anything else is told by {@link #status()}.
 */
public class AnalyticsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** The status of a failure without an answer. */
  static final int NO_ANSWER = 0;

  private final int status;
  private final String body;
  private final boolean retryable;
  private final @Nullable Duration retryAfter;

  AnalyticsException(
      String message,
      int status,
      String body,
      boolean retryable,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    super(message, cause);
    this.status = status;
    this.body = body;
    this.retryable = retryable;
    this.retryAfter = retryAfter;
  }

  /** A failure without an answer. */
  static AnalyticsException unanswered(
      String message, boolean retryable, @Nullable Throwable cause) {
    return new AnalyticsException(message, NO_ANSWER, "", retryable, null, cause);
  }

  /** The HTTP status of the answer; 0 if there was none. */
  public int status() {
    return status;
  }

  /** The answer's body as text, its first 64 KiB at most; empty if there was none. */
  public String body() {
    return body;
  }

  /**
   * Whether the same request may succeed later: after 408, 429, 5xx and failures of the network.
   * The client has tried again by itself as often as it was told to.
   */
  public boolean isRetryable() {
    return retryable;
  }

  /** How long the service asked to be left alone (Retry-After); empty if it did not. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** The failure inside what a future threw. */
  static AnalyticsException of(Throwable thrown) {
    Throwable inner = thrown;
    while ((inner instanceof CompletionException || inner instanceof ExecutionException)
        && inner.getCause() != null) {
      inner = inner.getCause();
    }
    return inner instanceof AnalyticsException known
        ? known
        : unanswered(String.valueOf(inner), false, inner);
  }
}
