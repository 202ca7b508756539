package dev.carillon.hub.server;

import dev.carillon.hub.store.JsonBytes;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * The form of every answer of conversation analytics: {@code {"success": true, "message", "data"}}
 * or {@code {"success": false, "error"}}.
 */
final class AnalyticsEnvelope {

  private AnalyticsEnvelope() {}

  /** Whether a request is one of conversation analytics. */
  static boolean isSpokenTo(RoutingContext context) {
    String path = path(context);
    return path.equals("/event")
        || path.startsWith("/event/")
        || path.startsWith("/events/")
        || path.startsWith("/analytics/")
        || path.equals("/health")
        || path.equals("/ping");
  }

  /** As the routes see it, without a slash at its end. */
  private static String path(RoutingContext context) {
    try {
      String path = context.normalizedPath();
      return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    } catch (IllegalArgumentException e) {
      return ""; // it cannot be decoded, and has no route
    }
  }

  /** Answers that what was asked will be done, and is durable. */
  static void accept(RoutingContext context, String message, JsonBytes.Writing data) {
    Answers.markDurable(context);
    answer(context, 202, message, data);
  }

  static void answer(
      RoutingContext context,
      int status,
      @Nullable String message,
      JsonBytes.@Nullable Writing data) {
    end(context, status, of(message, data));
  }

  /** What is answered to what was done, or asked. */
  static Buffer of(@Nullable String message, JsonBytes.@Nullable Writing data) {
    return object(
        json -> {
          json.writeBooleanField("success", true);
          if (message != null) {
            json.writeStringField("message", message);
          }
          if (data != null) {
            json.writeFieldName("data");
            data.to(json);
          }
        });
  }

  /** What answers a question. */
  static Buffer of(JsonBytes.Writing data) {
    return of(null, data);
  }

  /** Answers a problem, all fields that are wrong in one text. */
  static void refuse(RoutingContext context, Problem problem) {
    end(
        context,
        problem.status(),
        object(
            json -> {
              json.writeBooleanField("success", false);
              json.writeStringField("error", text(problem));
            }));
  }

  private static Buffer object(JsonBytes.Writing members) {
    return Json.buffer(
        json -> {
          json.writeStartObject();
          members.to(json);
          json.writeEndObject();
        });
  }

  private static void end(RoutingContext context, int status, Buffer body) {
    if (!context.response().ended() && !context.response().closed()) {
      context.response().setStatusCode(status);
      Answers.json(context, body);
    }
  }

  private static String text(Problem problem) {
    return problem.violations().isEmpty() ? problem.detail() : Violation.text(problem.violations());
  }
}
