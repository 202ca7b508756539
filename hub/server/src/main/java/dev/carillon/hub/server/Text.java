package dev.carillon.hub.server;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import org.jspecify.annotations.Nullable;

/** What the hub takes for a text, and for a time written as text. */
final class Text {

  static final int MAX_LENGTH = 1024;

  private Text() {}

  /** What keeps a string inside event data from being stored; null if nothing does. */
  static @Nullable String wrongInData(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return "contains a NUL character";
      }
      if (Character.isSurrogate(c)) {
        boolean paired =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!paired) {
          return "contains half of a surrogate pair";
        }
        i++;
      }
    }
    return null;
  }

  /**
   * What keeps a string from being an attribute of an event, by the type system of CloudEvents 1.0
   * and the hub's bound; null if nothing does.
   */
  static @Nullable String wrongInAttribute(String text, int maxLength) {
    if (text.length() > maxLength) {
      return "is longer than " + maxLength + " characters";
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return text.charAt(i) == 0 ? "contains a NUL character" : "contains a control character";
      }
    }
    return wrongInData(text);
  }

  /**
   * Reads a time of ISO 8601 with an offset, with {@code Z}, or with none, which means UTC.
   *
   * @return null if it is none, or outside the years 1 to 9999
   */
  static @Nullable Instant time(String text) {
    try {
      TemporalAccessor parsed =
          DateTimeFormatter.ISO_DATE_TIME.parseBest(
              text.trim().replace(' ', 'T'), OffsetDateTime::from, LocalDateTime::from);
      Instant time =
          parsed instanceof OffsetDateTime zoned
              ? zoned.toInstant()
              : ((LocalDateTime) parsed).toInstant(ZoneOffset.UTC);
      int year = time.atOffset(ZoneOffset.UTC).getYear();
      return year >= 1 && year <= 9999 ? time : null;
    } catch (DateTimeException e) {
      return null;
    }
  }
}
