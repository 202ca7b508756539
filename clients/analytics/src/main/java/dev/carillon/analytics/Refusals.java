package dev.carillon.analytics;

import dev.carillon.http.Answer;
import java.time.Clock;

/** Makes exceptions of the answers that are no success. */
final class Refusals {

  private static final int MAX_REASON = 500;

  private Refusals() {}

  /** The exception for an answer; {@code what} says to which request. */
  static AnalyticsException of(String what, Answer answer, Clock clock) {
    int status = answer.status();
    String body = answer.text();
    String message = what + " was answered with HTTP " + status + reason(answer);
    return switch (status) {
      case 400, 422 -> new AnalyticsValidationException(message, status, body);
      case 404 -> new AnalyticsNotFoundException(message, status, body);
      default ->
          new AnalyticsException(
              message, status, body, isRetryable(status), answer.retryAfter(clock), null);
    };
  }

  /** The exception for one entry of a batch, with the status it would have had alone. */
  static AnalyticsValidationException ofEntry(String eventId, String error) {
    return new AnalyticsValidationException(
        "event " + eventId + " was refused: " + shortened(error), 400, error);
  }

  private static boolean isRetryable(int status) {
    return status == 408 || status == 429 || status >= 500;
  }

  private static String reason(Answer answer) {
    Fields envelope = Envelope.orNull(answer.body());
    String text = envelope == null ? answer.text() : error(envelope);
    return text.isBlank() ? "" : ": " + shortened(text.strip());
  }

  private static String error(Fields envelope) {
    try {
      return envelope.text("error");
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static String shortened(String text) {
    return text.length() <= MAX_REASON ? text : text.substring(0, MAX_REASON) + "…";
  }
}
