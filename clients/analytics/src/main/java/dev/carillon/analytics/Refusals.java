package dev.carillon.analytics;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes exceptions of the answers that are no success. */
final class Refusals {

  private static final int MAX_REASON = 500;
  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

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
              message, status, body, isRetryable(status), retryAfter(answer, clock), null);
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
    Fields envelope = answer.envelope();
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

  /** A date is taken relative to the server's own, since clocks differ. */
  private static @Nullable Duration retryAfter(Answer answer, Clock clock) {
    String text = answer.header("Retry-After");
    if (text == null) {
      return null;
    }
    if (SECONDS.matcher(text.strip()).matches()) {
      return Duration.ofSeconds(Long.parseLong(text.strip()));
    }
    Instant until = httpDateOrNull(text);
    if (until == null) {
      return null;
    }
    Instant serverNow = httpDateOrNull(answer.header("Date"));
    Duration wait = Duration.between(serverNow != null ? serverNow : clock.instant(), until);
    return wait.isNegative() ? Duration.ZERO : wait;
  }

  /** An HTTP date (RFC 9110, section 5.6.7, the preferred format); null if it is none. */
  private static @Nullable Instant httpDateOrNull(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return DateTimeFormatter.RFC_1123_DATE_TIME.parse(text.strip(), Instant::from);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
