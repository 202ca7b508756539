package dev.carillon.amqp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.ethlo.time.ITU;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * Writes times as RFC 3339 has them. Events come many a second, so the text of a second is made
 * once and only its fraction filled in for each. Thread-safe.
 */
final class Timestamps {

  private static final int FRACTION = "2026-11-01T12:00:00.".length();
  private static final int NANOS_PER_MICRO = 1_000;

  private static volatile Second latest = Second.of(Instant.EPOCH);

  private Timestamps() {}

  /** With microseconds, as Python has them, unless there is more to keep. */
  static byte[] text(Instant time) {
    Second second = latest;
    if (second.number != time.getEpochSecond()) {
      second = Second.of(time);
      latest = second;
    }
    int nanos = time.getNano();
    return nanos % NANOS_PER_MICRO == 0
        ? filled(second.micros, nanos / NANOS_PER_MICRO)
        : filled(second.nanos, nanos);
  }

  private static byte[] filled(byte[] zeros, int fraction) {
    byte[] text = zeros.clone();
    int rest = fraction;
    for (int i = text.length - 2; i >= FRACTION; i--) {
      text[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return text;
  }

  /** A second, and its text with a fraction of zeros. */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  private record Second(long number, byte[] micros, byte[] nanos) {

    static Second of(Instant time) {
      var utc = Instant.ofEpochSecond(time.getEpochSecond()).atOffset(ZoneOffset.UTC);
      return new Second(
          time.getEpochSecond(),
          ITU.formatUtcMicro(utc).getBytes(US_ASCII),
          ITU.formatUtcNano(utc).getBytes(US_ASCII));
    }
  }
}
