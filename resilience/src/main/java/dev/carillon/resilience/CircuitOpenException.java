package dev.carillon.resilience;

import dev.carillon.core.EventException;
import java.time.Duration;

/**
 * The circuit is open: nothing was sent, since the peer failed too often of late. Trying again may
 * help, but not before {@link #retryAfter()}.
 */
public class CircuitOpenException extends EventException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates a refusal.
   *
   * @param retryAfter how long the circuit stays open; zero while its trial attempts are under way
   */
  public CircuitOpenException(Duration retryAfter) {
    super("circuit open, try again after " + retryAfter, true, false, retryAfter, null);
  }
}
