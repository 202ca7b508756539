package dev.carillon.schemas;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.function.Function;

/**
 * Reads dates and times as publishers in other languages write them: with an offset of any form or
 * none (then it is UTC), with a space for the T, and a date where a time is expected or the other
 * way round.
 */
final class LenientTimes {

  private static final DateTimeFormatter FORMAT =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendPattern("['T'][' ']")
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .appendPattern("[XXXXX][XXXX][X]")
          .optionalEnd()
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private LenientTimes() {}

  static SimpleModule module() {
    return new SimpleModule("lenient times")
        .addDeserializer(OffsetDateTime.class, new Lenient<>(OffsetDateTime.class, time -> time))
        .addDeserializer(
            LocalDate.class, new Lenient<>(LocalDate.class, OffsetDateTime::toLocalDate));
  }

  private static OffsetDateTime parse(String text) {
    TemporalAccessor parsed =
        FORMAT.parseBest(text, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
    if (parsed instanceof OffsetDateTime time) {
      return time;
    }
    return parsed instanceof LocalDateTime time
        ? time.atOffset(ZoneOffset.UTC)
        : LocalDate.from(parsed).atStartOfDay().atOffset(ZoneOffset.UTC);
  }

  private static final class Lenient<T> extends StdDeserializer<T> {

    private static final long serialVersionUID = 1L;

    private final transient Function<OffsetDateTime, T> part;

    Lenient(Class<T> type, Function<OffsetDateTime, T> part) {
      super(type);
      this.part = part;
    }

    @Override
    public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
      if (json.currentToken() == JsonToken.VALUE_STRING) {
        try {
          return part.apply(parse(json.getText().trim()));
        } catch (DateTimeException e) {
          throw context.weirdStringException(
              json.getText(), handledType(), "is not an ISO 8601 date or time");
        }
      }
      throw context.wrongTokenException(
          json, handledType(), JsonToken.VALUE_STRING, "is not an ISO 8601 date or time");
    }
  }
}
