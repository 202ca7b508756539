package dev.carillon.hub.server;

import dev.carillon.core.MediaTypes;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which content types a request may have. */
final class ContentTypes {

  private ContentTypes() {}

  /**
   * Whether a body must be JSON. Narrower than {@link MediaTypes#isJson}, so that the wire stays as
   * it was: an empty type is not, and {@code image/json} is refused or kept as bytes.
   */
  static boolean isJson(String mediaType) {
    return mediaType.equals("application/json")
        || mediaType.equals("text/json")
        || mediaType.endsWith("+json");
  }

  /** Whether the body is JSON in UTF-8; if not, the request is answered. */
  static boolean requireJson(RoutingContext context) {
    String header = context.request().getHeader("Content-Type");
    if ("application/json".equals(header)) {
      return true;
    }
    String type = MediaTypes.withoutParameters(header);
    if (isWithoutBody(context.request())) {
      Problem.of(400, "the body is empty").answer(context);
      return false;
    }
    if (!isJson(type)) {
      String given = type.isEmpty() ? "missing" : "another";
      Bodies.refuse(
          context, Problem.of(415, "the Content-Type must be application/json; it is " + given));
      return false;
    }
    return requireUtf8(context, header);
  }

  private static boolean isWithoutBody(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    return length == null
        ? request.getHeader("Transfer-Encoding") == null && !Answers.isMultiplexed(request)
        : length.equals("0");
  }

  /** Whether the body is said to be UTF-8, as it is when nothing is said; if not, answers. */
  static boolean requireUtf8(RoutingContext context, @Nullable String header) {
    int charset = header == null ? -1 : header.toLowerCase(Locale.ROOT).indexOf("charset=");
    if (header == null || charset < 0) {
      return true;
    }
    String name = header.substring(charset + "charset=".length()).replace("\"", "").trim();
    if (name.toLowerCase(Locale.ROOT).startsWith("utf-8")) {
      return true;
    }
    Bodies.refuse(context, Problem.of(415, "the only charset taken is utf-8"));
    return false;
  }
}
