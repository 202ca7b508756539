package dev.carillon.eventgrid;

import com.azure.core.exception.ClientAuthenticationException;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpResponse;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventException;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.http.HttpAnswers;
import dev.carillon.http.RetryAfter;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.file.FileSystemException;
import java.time.InstantSource;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** What the SDK fails with, in the words of {@link EventException}. */
final class Failures {

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final int MAX_MESSAGE = 500;

  private final String topic;
  private final InstantSource clock;

  /**
   * Creates one for a topic.
   *
   * @param clock what a date in Retry-After is compared with when the answer has none of its own
   */
  Failures(String topic, InstantSource clock) {
    this.topic = topic;
    this.clock = clock;
  }

  EventException of(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      EventException known = known(at);
      if (known != null) {
        return known;
      }
    }
    return new EventException("publishing to " + topic + ": " + thrown, false, true, null, thrown);
  }

  private @Nullable EventException known(Throwable thrown) {
    String what = "publishing to " + topic + ": ";
    if (thrown instanceof EventException event) {
      return event;
    }
    if (thrown instanceof HttpResponseException refused && refused.getResponse() != null) {
      return refused(refused.getResponse(), refused);
    }
    if (thrown instanceof ClientAuthenticationException) {
      boolean passes = mayPass(thrown); // else Entra ID has refused, or something is set up wrong
      return new EventException(what + "no token: " + message(thrown), passes, false, null, thrown);
    }
    if (thrown instanceof SSLHandshakeException) {
      String reason = what + "the certificate is not trusted, or TLS fails: " + message(thrown);
      return new EventException(reason, false, false, null, thrown);
    }
    if (thrown instanceof ConnectException || thrown instanceof HttpConnectTimeoutException) {
      return new EventConnectionException(
          what + "no connection: " + HttpAnswers.reasonOf(thrown), false, thrown);
    }
    if (thrown instanceof HttpTimeoutException || thrown instanceof TimeoutException) {
      return new EventTimeoutException(what + "no answer in time", true, thrown);
    }
    return thrown instanceof IOException
        ? new EventConnectionException(what + message(thrown), true, thrown)
        : null;
  }

  private EventGridHttpException refused(HttpResponse answer, HttpResponseException cause) {
    JsonNode error = error(String.valueOf(cause.getMessage()));
    String code = error.path("code").asText("");
    String reason = error.path("message").asText("");
    String message =
        "publishing to %s: HTTP %d%s%s"
            .formatted(
                topic,
                answer.getStatusCode(),
                code.isEmpty() ? "" : " " + code,
                reason.isEmpty() ? "" : ": " + reason);
    return new EventGridHttpException(
        message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) + "…" : message,
        answer.getStatusCode(),
        code,
        RetryAfter.read(
            answer.getHeaderValue(HttpHeaderName.RETRY_AFTER),
            answer.getHeaderValue(HttpHeaderName.DATE),
            clock));
  }

  /** Azure's error object, which the SDK puts into its message. */
  private static JsonNode error(String message) {
    int start = message.indexOf('{');
    try {
      JsonNode read =
          start < 0 ? MAPPER.createObjectNode() : MAPPER.readTree(message.substring(start));
      return read.path("error");
    } catch (JsonProcessingException e) {
      return MAPPER.createObjectNode();
    }
  }

  private static boolean mayPass(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLHandshakeException || cause instanceof FileSystemException) {
        return false;
      }
      if (cause instanceof IOException || cause instanceof TimeoutException) {
        return true;
      }
    }
    return false;
  }

  private static String message(Throwable thrown) {
    return thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
  }
}
