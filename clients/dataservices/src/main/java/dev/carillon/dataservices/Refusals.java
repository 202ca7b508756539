package dev.carillon.dataservices;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.core.EventValidationException.Violation;
import dev.carillon.http.Answer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes exceptions of the answers that are no success. */
final class Refusals {

  private static final int MAX_IN_MESSAGE = 500;

  private Refusals() {}

  /** The exception for an answer; {@code what} says to which request. */
  static EventHttpException of(String what, Answer answer, Clock clock) {
    ProblemDetails problem = isProblem(answer) ? problem(answer) : null;
    String body = answer.text();
    return new EventHttpException(
        what + " was answered with HTTP " + answer.status() + reason(problem, body),
        answer.status(),
        body,
        problem,
        answer.retryAfter(clock));
  }

  /** The exception for one entry of a batch, with the status it would have had alone. */
  static EventHttpException ofEntry(JsonNode entry) {
    ProblemDetails problem =
        new ProblemDetails("about:blank", "Bad Request", 400, null, null, errors(entry));
    String body = entry.toString();
    return new EventHttpException(
        "the event was refused" + reason(problem, body), 400, body, problem, null);
  }

  /**
   * Whether an answer lists an event's bad fields, as Carillon's hub does. ASP.NET's object does
   * not count: it also names what could not be read at all.
   */
  static boolean listsFields(Answer answer) {
    JsonNode json = isProblem(answer) ? Json.readOrNull(answer.body()) : null;
    return json != null && json.path("errors").isArray() && !json.path("errors").isEmpty();
  }

  private static ProblemDetails problem(Answer answer) {
    JsonNode json = Json.readOrNull(answer.body());
    if (json == null || !json.isObject()) {
      return new ProblemDetails("about:blank", null, answer.status(), null, null, List.of());
    }
    String type = Json.text(json, "type");
    return new ProblemDetails(
        type == null ? "about:blank" : type,
        Json.text(json, "title"),
        json.path("status").asInt(answer.status()),
        Json.text(json, "detail"),
        Json.text(json, "instance"),
        errors(json));
  }

  private static boolean isProblem(Answer answer) {
    String type = answer.header("Content-Type");
    return type != null && type.toLowerCase(Locale.ROOT).startsWith("application/problem+json");
  }

  /** Ours is a list of field and message; ASP.NET's is an object of field to messages. */
  private static List<Violation> errors(JsonNode json) {
    List<Violation> found = new ArrayList<>();
    JsonNode errors = json.path("errors");
    for (JsonNode error : errors.isArray() ? errors : List.<JsonNode>of()) {
      found.add(new Violation(error.path("field").asText(), error.path("message").asText()));
    }
    if (errors.isObject()) {
      errors
          .properties()
          .forEach(
              field ->
                  field
                      .getValue()
                      .forEach(text -> found.add(new Violation(field.getKey(), text.asText()))));
    }
    return found;
  }

  private static String reason(@Nullable ProblemDetails problem, String body) {
    StringBuilder reason = new StringBuilder();
    if (problem == null) {
      String text = body.strip();
      reason.append(text.isEmpty() ? "" : ": ").append(text);
    } else {
      reason.append(problem.title() == null ? "" : ": " + problem.title());
      reason.append(problem.detail() == null ? "" : ": " + problem.detail());
      problem.errors().forEach(error -> reason.append("; ").append(error));
    }
    return reason.length() <= MAX_IN_MESSAGE
        ? reason.toString()
        : reason.substring(0, MAX_IN_MESSAGE) + "…";
  }
}
