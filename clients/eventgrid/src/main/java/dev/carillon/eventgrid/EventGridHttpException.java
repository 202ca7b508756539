package dev.carillon.eventgrid;

import dev.carillon.core.EventRejectedException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The topic answered with something else than success.
 *
 * <ul>
 *   <li>{@link #isRetryable()} for 408, 429, 500, 502, 503 and 504, and never for 400, 401 and 403;
 *   <li>{@link #retryAfter()} from the Retry-After header, seconds or a date (RFC 9110, 10.2.3);
 *   <li>{@link #mayHaveArrived()} for 5xx other than 501 and 505: between here and the topic there
 *       may be others, who say so of what they have passed on.
 * </ul>
 */
public final class EventGridHttpException extends EventRejectedException {

  private static final long serialVersionUID = 1L;

  private final String code;

  EventGridHttpException(String message, int status, String code, @Nullable Duration retryAfter) {
    super(message, status, retryable(status), mayHaveArrived(status), retryAfter);
    this.code = code;
  }

  /** What Azure calls the error, such as {@code Unauthorized}; empty if it did not say. */
  public String code() {
    return code;
  }

  private static boolean retryable(int status) {
    return switch (status) {
      case 408, 429, 500, 502, 503, 504 -> true;
      default -> false;
    };
  }

  private static boolean mayHaveArrived(int status) {
    return status >= 500 && status != 501 && status != 505;
  }
}
