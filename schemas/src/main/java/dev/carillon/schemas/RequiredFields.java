package dev.carillon.schemas;

import dev.carillon.core.EventValidationException;
import org.jspecify.annotations.Nullable;

/** Makes sure that an event has what its type requires, also when it is made from JSON. */
record RequiredFields(String type) {

  static RequiredFields of(String type) {
    return new RequiredFields(type);
  }

  RequiredFields require(String field, @Nullable Object value) {
    if (value == null) {
      throw new EventValidationException(FieldPath.ROOT + "." + field, "is required in " + type);
    }
    return this;
  }
}
