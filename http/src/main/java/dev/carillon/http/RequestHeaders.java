package dev.carillon.http;

import java.net.http.HttpRequest;
import java.util.function.Supplier;

/** Sets headers whose values may be secret: no error prints them. */
public final class RequestHeaders {

  private RequestHeaders() {}

  /**
   * A header whose value does not change.
   *
   * @throws IllegalArgumentException without the value, if it cannot be sent
   */
  public static Supplier<String> fixed(String name, String value) {
    set(HttpRequest.newBuilder(), name, value);
    return () -> value;
  }

  /**
   * Sets a header of a request.
   *
   * @throws IllegalArgumentException without the value, if it cannot be sent
   */
  public static void set(HttpRequest.Builder request, String name, String value) {
    try {
      request.setHeader(name, value);
    } catch (IllegalArgumentException | NullPointerException e) {
      // its message and its cause would print the value
      throw new IllegalArgumentException("header " + name + " cannot be sent");
    }
  }
}
