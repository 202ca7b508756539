package dev.carillon.dataservices;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@code traceparent} header of W3C Trace Context, section 3.2. */
final class Traceparent {

  private static final Pattern FORMAT =
      Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

  private Traceparent() {}

  /** The value if it can be a header; null if it cannot. */
  static @Nullable String validOrNull(@Nullable Object value) {
    return value instanceof String text && FORMAT.matcher(text).matches() ? text : null;
  }
}
