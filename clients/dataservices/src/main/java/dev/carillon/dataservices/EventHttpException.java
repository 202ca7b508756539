package dev.carillon.dataservices;

import dev.carillon.core.EventRejectedException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The server answered with another status than success.
 *
 * <ul>
 *   <li>{@link #isRetryable()} for 408, 429, 500, 502, 503 and 504;
 *   <li>{@link #retryAfter()} from the Retry-After header, seconds or a date (RFC 9110, 10.2.3);
 *   <li>{@link #mayHaveArrived()} for every 5xx but 501 and 505, which refuse before doing
 *       anything: the server may have stored the event before it failed. For 503 too, since proxies
 *       say so of a server that broke after it took the request. Not for 408 (the request never was
 *       complete), nor for 3xx and other 4xx.
 * </ul>
 */
public final class EventHttpException extends EventRejectedException {

  private static final long serialVersionUID = 1L;

  private final String body;
  private final transient @Nullable ProblemDetails problem;

  EventHttpException(
      String message,
      int status,
      String body,
      @Nullable ProblemDetails problem,
      @Nullable Duration retryAfter) {
    super(message, status, isRetryable(status), mayHaveArrived(status), retryAfter);
    this.body = body;
    this.problem = problem;
  }

  /** The answer's body as text, its first 64 KiB at most. */
  public String body() {
    return body;
  }

  /** The body as problem details; empty if it is not {@code application/problem+json}. */
  public Optional<ProblemDetails> problem() {
    return Optional.ofNullable(problem);
  }

  private static boolean isRetryable(int status) {
    return switch (status) {
      case 408, 429, 500, 502, 503, 504 -> true;
      default -> false;
    };
  }

  private static boolean mayHaveArrived(int status) {
    return status >= 500 && status != 501 && status != 505;
  }
}
