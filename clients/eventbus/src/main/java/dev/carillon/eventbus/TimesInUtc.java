package dev.carillon.eventbus;

import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import dev.carillon.core.IsoTime;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;

/**
 * Reads times that a mapper refuses, above all those without an offset, as Python writes them
 * unless told otherwise: they are in UTC. Thread-safe.
 */
final class TimesInUtc extends DeserializationProblemHandler {

  @Override
  public Object handleWeirdStringValue(
      DeserializationContext context, Class<?> target, String text, String failure) {
    OffsetDateTime time = IsoTime.readOrNull(text);
    if (time != null && target == Instant.class) {
      return time.toInstant();
    }
    if (time != null && target == ZonedDateTime.class) {
      return time.toZonedDateTime();
    }
    return time != null && target == OffsetDateTime.class ? time : NOT_HANDLED;
  }
}
