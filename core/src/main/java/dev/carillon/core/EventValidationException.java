package dev.carillon.core;

import java.util.List;
import java.util.stream.Collectors;

/** The event itself is not valid. Nothing was sent, and sending it again cannot help. */
public class EventValidationException extends EventException {

  private static final long serialVersionUID = 1L;

  private final transient List<Violation> violations;

  /**
   * Creates a failure that lists everything that is wrong with an event.
   *
   * @param violations at least one
   */
  public EventValidationException(List<Violation> violations) {
    super(
        violations.stream().map(Violation::toString).collect(Collectors.joining("; ")),
        false,
        false,
        null,
        null);
    this.violations = List.copyOf(violations);
  }

  /** Creates a failure of one field. */
  public EventValidationException(String field, String message) {
    this(List.of(new Violation(field, message)));
  }

  /** Everything that is wrong, each with its field. */
  public List<Violation> violations() {
    return violations;
  }

  /**
   * One thing that is wrong with an event.
   *
   * @param field the field, as the caller wrote it: {@code subjects[2]}
   * @param message what is wrong with it: {@code is not a string}
   */
  public record Violation(String field, String message) {
    @Override
    public String toString() {
      return field + ": " + message;
    }
  }
}
