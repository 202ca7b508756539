package dev.carillon.http;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What a server answered: its status, its headers, and its body as far as the bound lets it.
 *
 * @param body not to be changed
 * @param cut whether the body was longer than its bound, and the rest of it is missing
 * @param roundTripNanos from sending the request to the answer's headers, by the monotonic clock
 */
@SuppressWarnings("ArrayRecordComponent") // answers are not compared
public record Answer(
    int status, HttpHeaders headers, byte[] body, boolean cut, long roundTripNanos) {

  private static final int MAX_TEXT = 64 << 10;

  /** Whether the status is one of the 200s. */
  public boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  /** The first value of a header, whose name may be in any case; null if there is none. */
  public @Nullable String header(String name) {
    return headers.firstValue(name).orElse(null);
  }

  /**
   * When the server answered, by its own clock; null if it has no header Date, or no date in it.
   */
  public @Nullable Instant date() {
    return RetryAfter.dateOrNull(header("Date"));
  }

  /**
   * How long the server asks to be left alone; null if it does not.
   *
   * @param clock what a date is compared with if the answer has none of its own
   */
  public @Nullable Duration retryAfter(InstantSource clock) {
    return RetryAfter.read(header("Retry-After"), header("Date"), clock);
  }

  /** The body's beginning as text: 64 KiB of UTF-8 at most. */
  public String text() {
    return new String(body, 0, Math.min(body.length, MAX_TEXT), StandardCharsets.UTF_8);
  }

  /** This answer with its body decoded. */
  public Answer withBody(byte[] decoded, boolean cut) {
    return new Answer(status, headers, decoded, cut, roundTripNanos);
  }
}
