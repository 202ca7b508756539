package dev.carillon.amqp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.ethlo.time.ITU;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;

/**
 * Writes times as RFC 3339 has them. Events come many a second, so the text of a second is made
 * once and only its fraction filled in for each. Thread-safe.
 */
final class Timestamps {

  private static final int MICRO_DIGITS = 6;
  private static final int NANO_DIGITS = 9;
  private static final int NANOS_PER_MICRO = 1_000;

  private static volatile Second latest = Second.of(0);

  private Timestamps() {}

  /** With microseconds, as Python has them, unless there is more to keep. */
  static byte[] text(Instant time) {
    Second second = latest;
    if (second.number != time.getEpochSecond()) {
      second = Second.of(time.getEpochSecond());
      latest = second;
    }
    int nanos = time.getNano();
    return nanos % NANOS_PER_MICRO == 0
        ? second.with(nanos / NANOS_PER_MICRO, MICRO_DIGITS)
        : second.with(nanos, NANO_DIGITS);
  }

  /** A second, and its text with a point behind it. */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  private record Second(long number, byte[] start) {

    static Second of(long number) {
      OffsetDateTime utc = // without an offset's rules, which atOffset() makes anew each time
          OffsetDateTime.of(LocalDateTime.ofEpochSecond(number, 0, ZoneOffset.UTC), ZoneOffset.UTC);
      byte[] text = ITU.formatUtcMicro(utc).getBytes(US_ASCII);
      return new Second(number, Arrays.copyOf(text, text.length - MICRO_DIGITS - 1));
    }

    byte[] with(int fraction, int digits) {
      byte[] text = Arrays.copyOf(start, start.length + digits + 1);
      int rest = fraction;
      for (int i = text.length - 2; i >= start.length; i--) {
        text[i] = (byte) ('0' + rest % 10);
        rest /= 10;
      }
      text[text.length - 1] = 'Z';
      return text;
    }
  }
}
