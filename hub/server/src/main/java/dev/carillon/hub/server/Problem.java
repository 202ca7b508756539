package dev.carillon.hub.server;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.carillon.hub.store.AnswerTooLargeException;
import dev.carillon.hub.store.LogFullException;
import dev.carillon.hub.store.LogUnavailableException;
import dev.carillon.hub.store.OperationsTooLargeException;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer that says what is wrong, as {@code application/problem+json} (RFC 9457), or where the
 * request is one of Azure's, as {@link AzureError}.
 *
 * @param status the HTTP status
 * @param detail what is wrong, for a person
 * @param violations the fields that are wrong, in an array {@code errors}
 * @param retryAfterSeconds when to try again; 0 to say nothing
 */
record Problem(int status, String detail, List<Violation> violations, int retryAfterSeconds) {

  private static final Logger log = LoggerFactory.getLogger(Problem.class);

  static Problem of(int status, String detail) {
    return new Problem(status, detail, List.of(), 0);
  }

  static Problem invalid(List<Violation> violations) {
    return new Problem(400, "the request has invalid fields", violations, 0);
  }

  static Problem invalid(String field, String message) {
    return invalid(List.of(new Violation(field, message)));
  }

  static Problem busy(int retryAfterSeconds, String detail) {
    return new Problem(503, detail, List.of(), retryAfterSeconds);
  }

  /** What to answer when a step failed; only what is nobody's known fault is logged. */
  static Problem of(Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (cause instanceof BadRequestException bad) {
      return bad.problem();
    }
    if (cause instanceof LogFullException) {
      return busy(1, String.valueOf(cause.getMessage()));
    }
    if (cause instanceof LogUnavailableException) {
      return busy(5, String.valueOf(cause.getMessage()));
    }
    if (cause instanceof OperationsTooLargeException) {
      return of(413, "the event is " + cause.getMessage());
    }
    if (cause instanceof AnswerTooLargeException large) {
      return invalid(large.parameter(), String.valueOf(large.getMessage()));
    }
    log.error("a request failed", cause);
    return of(500, "the hub failed on this request");
  }

  static void answerFailures(Router router) {
    router.errorHandler(404, context -> of(404, "nothing is at this path").answer(context));
    router.errorHandler(
        405, context -> of(405, "this path does not take this method").answer(context));
    router.errorHandler(
        500,
        context -> {
          Throwable failure = context.failure();
          (failure == null ? of(500, "the hub failed on this request") : of(failure))
              .answer(context);
        });
    router.errorHandler(
        400, context -> of(400, "the request cannot be understood").answer(context));
  }

  /**
   * Answers to what is no HTTP, or has too long a head, and hangs up: nobody can read on.
   *
   * @param azure whether in Azure's form
   */
  static void answerUnreadable(HttpServerRequest request, boolean azure) {
    Throwable cause = request.decoderResult().cause();
    Problem problem =
        cause instanceof TooLongHttpLineException
            ? of(414, "the request line is too long")
            : cause instanceof TooLongHttpHeaderException
                ? of(431, "the headers are too large")
                : of(400, "the request is not HTTP");
    problem.answer(request.response(), azure).onComplete(answered -> request.connection().close());
  }

  void answer(RoutingContext context) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    if (retryAfterSeconds > 0) {
      response.putHeader("Retry-After", Integer.toString(retryAfterSeconds));
    }
    boolean azure = AzureError.isWantedBy(context);
    if (!azure && AnalyticsEnvelope.isSpokenTo(context)) {
      AnalyticsEnvelope.refuse(context, this);
      return;
    }
    answer(response, azure);
  }

  private Future<Void> answer(HttpServerResponse response, boolean azure) {
    return response
        .setStatusCode(status)
        .putHeader("Content-Type", azure ? "application/json" : "application/problem+json")
        .end(Json.buffer(azure ? json -> AzureError.write(json, this) : this::write));
  }

  private void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "about:blank");
    json.writeStringField("title", HttpResponseStatus.valueOf(status).reasonPhrase());
    json.writeNumberField("status", status);
    json.writeStringField("detail", detail);
    if (!violations.isEmpty()) {
      Violation.write(json, violations);
    }
    json.writeEndObject();
  }
}
