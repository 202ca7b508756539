package dev.carillon.hub.server;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The key that clients must show, as {@code X-Api-Key} or as bearer token; compared in constant
 * time.
 */
final class ApiKey {

  private static final String BEARER = "Bearer ";

  private final byte @Nullable [] key;

  private ApiKey(byte @Nullable [] key) {
    this.key = key;
  }

  static ApiKey of(@Nullable String key) {
    return new ApiKey(key == null ? null : key.getBytes(StandardCharsets.UTF_8));
  }

  /** Lets only those pass that show the key. */
  void guard(Router router) {
    if (key != null) {
      router.route().handler(this::check);
    }
  }

  private void check(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (shows(request)) {
      context.next();
    } else {
      context.response().putHeader("WWW-Authenticate", "Bearer");
      boolean shown = inHeader(request) != null || asBearer(request) != null;
      Problem.of(
              401,
              shown
                  ? "the key that was shown is not this hub's"
                  : "an API key is needed: X-Api-Key, or Authorization with a bearer token")
          .answer(context);
    }
  }

  private boolean shows(HttpServerRequest request) {
    return matches(inHeader(request)) || matches(asBearer(request));
  }

  private static @Nullable String inHeader(HttpServerRequest request) {
    return request.getHeader("X-Api-Key");
  }

  private static @Nullable String asBearer(HttpServerRequest request) {
    String authorization = request.getHeader("Authorization");
    return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? authorization.substring(BEARER.length()).trim()
        : null;
  }

  private boolean matches(@Nullable String shown) {
    return shown != null && MessageDigest.isEqual(shown.getBytes(StandardCharsets.UTF_8), key);
  }
}
