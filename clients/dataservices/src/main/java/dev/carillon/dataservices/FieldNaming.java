package dev.carillon.dataservices;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;

/**
 * How the names of an event message's fields are written on the wire. Deployed servers bind names
 * without regard to case, and the hub takes all three, mixed. What is inside {@code data} is never
 * renamed.
 */
public enum FieldNaming {
  /** {@code created_date_utc}, as the original client writes it. The default. */
  SNAKE_CASE,
  /** {@code createdDateUtc}. */
  CAMEL_CASE,
  /** {@code CreatedDateUtc}, as .NET classes name their properties. */
  PASCAL_CASE;

  /** The wire's name of a field named in camel case. */
  String nameOf(String camelCase) {
    return switch (this) {
      case SNAKE_CASE -> PropertyNamingStrategies.SnakeCaseStrategy.INSTANCE.translate(camelCase);
      case CAMEL_CASE -> camelCase;
      case PASCAL_CASE ->
          PropertyNamingStrategies.UpperCamelCaseStrategy.INSTANCE.translate(camelCase);
    };
  }
}
