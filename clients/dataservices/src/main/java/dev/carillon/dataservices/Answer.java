package dev.carillon.dataservices;

import java.net.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** What a server answered: its status, its headers, and its body as far as the bound lets it. */
final class Answer {

  private final int status;
  private final HttpHeaders headers;
  private final byte[] body;
  private final boolean cut;
  private final long roundTripNanos;

  Answer(int status, HttpHeaders headers, byte[] body, boolean cut, long roundTripNanos) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.cut = cut;
    this.roundTripNanos = roundTripNanos;
  }

  int status() {
    return status;
  }

  boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  @Nullable String header(String name) {
    return headers.firstValue(name).orElse(null);
  }

  byte[] body() {
    return body;
  }

  /** Whether the body was longer than its bound, and the rest of it is missing. */
  boolean isCut() {
    return cut;
  }

  /** From sending the request to the answer's headers, by the monotonic clock. */
  long roundTripNanos() {
    return roundTripNanos;
  }

  /** This answer with its body decoded. */
  Answer withBody(byte[] decoded, boolean isCut) {
    return new Answer(status, headers, decoded, isCut, roundTripNanos);
  }
}
