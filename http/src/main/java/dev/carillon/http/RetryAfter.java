package dev.carillon.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How long a server asks to be left alone: HTTP's Retry-After (RFC 9110, section 10.2.3). */
public final class RetryAfter {

  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

  private RetryAfter() {}

  /**
   * Reads the header: seconds, or a date. A date is taken relative to the server's own, since
   * clocks differ.
   *
   * @param retryAfter the answer's header Retry-After; null if it has none
   * @param date the answer's header Date; null if it has none
   * @param clock what a date is compared with if the answer has none of its own
   * @return from 0 on; null if the header is missing or neither seconds nor a date
   */
  public static @Nullable Duration read(
      @Nullable String retryAfter, @Nullable String date, InstantSource clock) {
    if (retryAfter == null) {
      return null;
    }
    if (SECONDS.matcher(retryAfter.strip()).matches()) {
      return Duration.ofSeconds(Long.parseLong(retryAfter.strip()));
    }
    Instant until = dateOrNull(retryAfter);
    if (until == null) {
      return null;
    }
    Instant serverNow = dateOrNull(date);
    Duration wait = Duration.between(serverNow != null ? serverNow : clock.instant(), until);
    return wait.isNegative() ? Duration.ZERO : wait;
  }

  /** An HTTP date (RFC 9110, section 5.6.7, the preferred format); null if it is none. */
  static @Nullable Instant dateOrNull(@Nullable String text) {
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
