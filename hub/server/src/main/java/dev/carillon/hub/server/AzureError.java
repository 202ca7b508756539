package dev.carillon.hub.server;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;

/** A problem as Azure words it: {@code {"error": {"code", "message", "details"}}}. */
final class AzureError {

  private static final String KEY = AzureError.class.getName();
  private static final int MAX_DETAILS = 100;

  private AzureError() {}

  /** Has every problem of a request answered in this form. */
  static void answersFor(RoutingContext context) {
    context.put(KEY, true);
  }

  static boolean isWantedBy(RoutingContext context) {
    return context.get(KEY) != null;
  }

  static void write(JsonGenerator json, Problem problem) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("error");
    json.writeStringField("code", code(problem.status()));
    String first = problem.violations().isEmpty() ? "" : ": " + text(problem.violations().get(0));
    json.writeStringField("message", problem.detail() + first);
    json.writeArrayFieldStart("details");
    for (Violation violation :
        problem.violations().subList(0, Math.min(MAX_DETAILS, problem.violations().size()))) {
      json.writeStartObject();
      json.writeStringField("code", "InputJsonInvalid");
      json.writeStringField("message", text(violation));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndObject();
  }

  private static String text(Violation violation) {
    return violation.field() + " " + violation.message();
  }

  private static String code(int status) {
    return switch (status) {
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "ResourceNotFound";
      case 408 -> "RequestTimeout";
      case 413 -> "RequestEntityTooLarge";
      case 415 -> "UnsupportedMediaType";
      case 429 -> "TooManyRequests";
      case 500 -> "InternalServerError";
      case 503 -> "ServerBusy";
      default -> "BadRequest";
    };
  }
}
