package dev.carillon.hub.server;

import com.ethlo.time.DateTime;
import com.ethlo.time.Field;
import com.ethlo.time.ITU;
import com.ethlo.time.ParseConfig;
import com.ethlo.time.TimezoneOffset;
import java.net.URI;
import java.net.URISyntaxException;
import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** What the hub takes for a text, and for a time written as text. */
final class Text {

  static final int MAX_LENGTH = 1024;

  /** Of an event's id. */
  static final int MAX_ID = 256;

  private static final int LONGEST_TIME = 40;

  /** UTC at a place that is not known, in RFC 3339, which ITU does not take. */
  private static final String MINUS_ZERO = "-00:00";

  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");

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
   * What keeps a text from being a URI or a reference to one; null if nothing does. Nothing need
   * follow a scheme, though {@link URI} asks for it.
   */
  static @Nullable String wrongInUri(String text) {
    try {
      var unused = new URI(text.endsWith(":") ? text + "/" : text);
      return null;
    } catch (URISyntaxException e) {
      return "is not a URI or a reference to one";
    }
  }

  /**
   * Reads a date and time of ISO 8601 with an offset, with a colon in it or without, with {@code
   * Z}, or with none, which means UTC.
   *
   * @return null if it is none, or outside the years 1 to 9999
   */
  static @Nullable Instant time(String text) {
    String full = endsInBasicOffset(text) ? withColon(text) : text;
    String known =
        full.endsWith(MINUS_ZERO)
            ? full.substring(0, full.length() - MINUS_ZERO.length()) + "Z"
            : full;
    try {
      ParsePosition end = new ParsePosition(0);
      DateTime parsed = ITU.parseLenient(known, ParseConfig.DEFAULT, end);
      if (!parsed.includesGranularity(Field.MINUTE) || !isWhole(known, end.getIndex(), parsed)) {
        return null;
      }
      ZoneOffset offset =
          parsed.getOffset().map(TimezoneOffset::toZoneOffset).orElse(ZoneOffset.UTC);
      Instant time = parsed.toLocalDatetime().toInstant(offset);
      return time.isBefore(EARLIEST) || time.isAfter(LATEST) ? null : time;
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** ITU overlooks what follows {@code Z}, and what stands between an offset's numbers. */
  private static boolean isWhole(String text, int end, DateTime parsed) {
    return end == text.length()
        && (parsed.getOffset().isEmpty()
            || text.charAt(end - 3) == ':'
            || Character.toUpperCase(text.charAt(end - 1)) == 'Z');
  }

  /** Whether a text ends in an offset without a colon, as Python writes it with {@code %z}. */
  private static boolean endsInBasicOffset(String text) {
    int sign = text.length() - 5;
    return text.length() <= LONGEST_TIME
        && sign > 0
        && (text.charAt(sign) == '+' || text.charAt(sign) == '-')
        && text.indexOf(':') > 0
        && text.chars().skip(sign + 1).allMatch(c -> c >= '0' && c <= '9');
  }

  private static String withColon(String text) {
    return new StringBuilder(text).insert(text.length() - 2, ':').toString();
  }
}
