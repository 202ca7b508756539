package dev.carillon.core;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Times as other systems write them in ISO 8601. Readers elsewhere differ on purpose: the hub
 * bounds the years, and the records of {@code carillon-schemas} take dates as well.
 */
public final class IsoTime {

  private static final DateTimeFormatter FORMAT =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
          .optionalStart()
          .parseLenient() // hours suffice, as in PostgreSQL's +01
          .appendOffsetId()
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private IsoTime() {}

  /**
   * Reads a date and time with an offset, with {@code Z}, or with none, which is UTC, as Python
   * writes it.
   *
   * @return null if the text is none, such as one with blanks around it, or is null
   */
  public static @Nullable OffsetDateTime readOrNull(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      TemporalAccessor time = FORMAT.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
      return time instanceof OffsetDateTime exact
          ? exact
          : ((LocalDateTime) time).atOffset(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
