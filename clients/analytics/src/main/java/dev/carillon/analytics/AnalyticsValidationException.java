package dev.carillon.analytics;

import java.util.List;

/**
 * What was to be sent is not valid, so that trying again cannot help: found before anything was
 * sent (status 0), or by the service (status 400 or 422).
 */
public final class AnalyticsValidationException extends AnalyticsException {

  private static final long serialVersionUID = 1L;

  private final transient List<Violation> violations;

  /** Found before anything was sent. */
  AnalyticsValidationException(List<Violation> violations) {
    super(text(violations), NO_ANSWER, "", false, null, null);
    this.violations = List.copyOf(violations);
  }

  /** Found by the service. */
  AnalyticsValidationException(String message, int status, String body) {
    super(message, status, body, false, null, null);
    this.violations = List.of();
  }

  private static String text(List<Violation> violations) {
    return String.join("; ", violations.stream().map(Violation::toString).toList());
  }

  /**
   * Everything that is wrong, each with its field; empty if the service said so, in words that
   * {@link #getMessage()} holds.
   */
  public List<Violation> violations() {
    return violations;
  }

  /**
   * One thing that is wrong.
   *
   * @param field as it is called on the wire: {@code conversation_id}
   * @param message what is wrong with it: {@code must not be blank}
   */
  public record Violation(String field, String message) {
    @Override
    public String toString() {
      return field + ": " + message;
    }
  }
}
