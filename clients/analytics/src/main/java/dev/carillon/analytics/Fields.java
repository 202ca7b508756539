package dev.carillon.analytics;

import static java.time.format.DateTimeFormatter.ISO_DATE_TIME;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The members of an object in an answer. What is absent or null reads as empty or zero, as the
 * service means it; what is of another kind is a fault of the answer.
 */
final class Fields {

  private final Map<String, @Nullable Object> members;

  private Fields(Map<String, @Nullable Object> members) {
    this.members = members;
  }

  static Fields of(@Nullable Object value) {
    if (!(value instanceof Map<?, ?>)) {
      throw new IllegalArgumentException("there is no object");
    }
    return new Fields(ConversationMetadata.asObject(value));
  }

  boolean isTrue(String name) {
    return Boolean.TRUE.equals(members.get(name));
  }

  Fields object(String name) {
    return optionalObject(name).orElseThrow(() -> wrong(name));
  }

  Optional<Fields> optionalObject(String name) {
    Object value = members.get(name);
    return value == null ? Optional.empty() : Optional.of(of(value));
  }

  /** The id that an answer names in its data, or else ours. */
  String idOr(String ours) {
    String named = optionalObject("data").map(data -> data.text("id")).orElse("");
    return named.isEmpty() ? ours : named;
  }

  /** The objects of a list. */
  List<Fields> objects(String name) {
    Object value = members.get(name);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> elements)) {
      throw wrong(name);
    }
    return elements.stream().map(Fields::of).toList();
  }

  String text(String name) {
    Object value = members.get(name);
    if (value == null) {
      return "";
    }
    if (value instanceof String text) {
      return text;
    }
    throw wrong(name);
  }

  double number(String name) {
    Object value = members.get(name);
    if (value == null) {
      return 0;
    }
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw wrong(name);
  }

  long count(String name) {
    return (long) number(name);
  }

  LocalDate date(String name) {
    return LocalDate.parse(text(name));
  }

  /** A time with {@code Z}, an offset, or neither, which means UTC. */
  Instant time(String name) {
    TemporalAccessor time =
        ISO_DATE_TIME.parseBest(text(name), OffsetDateTime::from, LocalDateTime::from);
    return time instanceof LocalDateTime local
        ? local.toInstant(ZoneOffset.UTC)
        : Instant.from(time);
  }

  /** The same, or another where it is absent. */
  Instant timeOr(Instant other, String name) {
    return text(name).isEmpty() ? other : time(name);
  }

  List<Float> floats(String name) {
    Object value = members.get(name);
    if (value == null) {
      return Embedding.NONE;
    }
    if (!(value instanceof List<?> elements)) {
      throw wrong(name);
    }
    float[] floats = new float[elements.size()];
    for (int i = 0; i < floats.length; i++) {
      if (!(elements.get(i) instanceof Number number)) {
        throw wrong(name);
      }
      floats[i] = number.floatValue();
    }
    return Embedding.copyOf(floats);
  }

  private static IllegalArgumentException wrong(String name) {
    return new IllegalArgumentException(name + " is of another kind than expected");
  }
}
