package dev.carillon.schemas;

import dev.carillon.core.EventException;
import org.jspecify.annotations.Nullable;

/**
 * A schema cannot be used, or an event's data cannot be brought to the latest version. Doing the
 * same again cannot help.
 */
public class SchemaException extends EventException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates a failure.
   *
   * @param message which schema, where in it, and what is wrong
   * @param cause the underlying error; null if there is none
   */
  public SchemaException(String message, @Nullable Throwable cause) {
    super(message, false, false, null, cause);
  }
}
