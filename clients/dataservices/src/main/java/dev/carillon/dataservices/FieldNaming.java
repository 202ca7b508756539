package dev.carillon.dataservices;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;

/**
 * How the names of an event message's fields are written on the wire. Deployed servers bind names
 * without regard to case, and the hub takes all three, mixed. What is inside {@code data} is never
 * renamed.
 */
public enum FieldNaming {
  /** {@code created_date_utc}, as the original client writes it. The default. */
  SNAKE_CASE(PropertyNamingStrategies.SnakeCaseStrategy.INSTANCE),
  /** {@code createdDateUtc}. */
  CAMEL_CASE(PropertyNamingStrategies.LowerCamelCaseStrategy.INSTANCE),
  /** {@code CreatedDateUtc}, as .NET classes name their properties. */
  PASCAL_CASE(PropertyNamingStrategies.UpperCamelCaseStrategy.INSTANCE);

  private final PropertyNamingStrategies.NamingBase strategy;

  FieldNaming(PropertyNamingStrategies.NamingBase strategy) {
    this.strategy = strategy;
  }

  /** The wire's name of a field named in camel case. */
  String nameOf(String camelCase) {
    return this == CAMEL_CASE ? camelCase : strategy.translate(camelCase);
  }
}
