package dev.carillon.core;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import org.jspecify.annotations.Nullable;

/** The other end could not be reached, or the connection broke. Trying again may help. */
public class EventConnectionException extends EventException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates a failure of the network.
   *
   * @param message what happened, with the peer's address but without credentials
   * @param mayHaveArrived false only if the connection was never made
   * @param cause the underlying error; null if there is none
   */
  public EventConnectionException(
      String message, boolean mayHaveArrived, @Nullable Throwable cause) {
    super(message, true, mayHaveArrived, null, cause);
  }

  /**
   * Says in words why there is no connection, which the JDK's HTTP client lacks for the two
   * commonest reasons.
   *
   * @param thrown what that client failed with
   */
  public static String reasonOf(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
        return "the host is not known";
      }
    }
    return thrown instanceof ConnectException && thrown.getMessage() == null
        ? "nobody answers there"
        : thrown.toString();
  }
}
