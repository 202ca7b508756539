package dev.carillon.dataservices;

import dev.carillon.core.EventValidationException.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server says went wrong, as RFC 9457 ({@code application/problem+json}) has it.
 *
 * @param type a URI that names the kind of problem; {@code about:blank} if the server gave none
 * @param title the kind of problem in words
 * @param status the HTTP status
 * @param detail what happened this time
 * @param instance a URI of this occurrence
 * @param errors every field the server found wrong; empty if it named none
 */
public record ProblemDetails(
    String type,
    @Nullable String title,
    int status,
    @Nullable String detail,
    @Nullable String instance,
    List<Violation> errors) {

  /** Copies. */
  public ProblemDetails {
    errors = List.copyOf(errors);
  }
}
