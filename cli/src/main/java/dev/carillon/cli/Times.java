package dev.carillon.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How times and lengths of time are given on the command line. */
final class Times {

  private Times() {}

  /** A time of ISO 8601 with its offset, or a date, which begins at midnight UTC. */
  static final class OfTime implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
      try {
        return text.contains("T")
            ? OffsetDateTime.parse(text).toInstant()
            : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
      } catch (DateTimeException e) {
        throw new TypeConversionException(
            "'" + text + "' is not a time like 2026-11-01T00:00:00Z, or a date");
      }
    }
  }

  /** A minute, an hour or a day by name, or a duration of ISO 8601, whose PT may be missing. */
  static final class OfDuration implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      String upper = text.toUpperCase(Locale.ROOT);
      try {
        return switch (upper) {
          case "MINUTE" -> Duration.ofMinutes(1);
          case "HOUR" -> Duration.ofHours(1);
          case "DAY" -> Duration.ofDays(1);
          default -> Duration.parse(upper.startsWith("P") ? upper : "PT" + upper);
        };
      } catch (DateTimeException e) {
        throw new TypeConversionException(
            "'" + text + "' is not minute, hour, day or a time like 15m or PT15M");
      }
    }
  }
}
