package dev.carillon.dataservices;

import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventException;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.http.HttpAnswers;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import javax.net.ssl.SSLHandshakeException;

/** Says what an error of the network means for the event that was on its way. */
final class NetworkErrors {

  private NetworkErrors() {}

  /** The exception for what an HTTP client threw; {@code what} names the request. */
  static EventException of(String what, Throwable error) {
    if (error instanceof HttpConnectTimeoutException) {
      return new EventTimeoutException(what + ": no connection within its timeout", false, error);
    }
    if (error instanceof HttpTimeoutException) {
      return new EventTimeoutException(what + ": no answer within its timeout", true, error);
    }
    if (error instanceof ConnectException
        || error instanceof UnknownHostException
        || error instanceof NoRouteToHostException
        || error instanceof SSLHandshakeException) {
      return new EventConnectionException(
          what + ": no connection: " + HttpAnswers.reasonOf(error), false, error);
    }
    if (error instanceof IOException) {
      return new EventConnectionException(what + ": connection lost: " + error, true, error);
    }
    return EventException.of(error);
  }
}
