package dev.carillon.analytics;

import java.io.IOException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a server answered: its status, its headers, and its body as far as the bound lets it. */
final class Answer {

  private static final int MAX_TEXT = 64 << 10;

  private final int status;
  private final HttpHeaders headers;
  private final byte[] body;
  private final boolean cut;

  Answer(int status, HttpHeaders headers, byte[] body, boolean cut) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.cut = cut;
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

  /** The body's beginning as text. */
  String text() {
    return new String(body, 0, Math.min(body.length, MAX_TEXT), StandardCharsets.UTF_8);
  }

  /**
   * The envelope of a success.
   *
   * @throws IllegalArgumentException if this is none
   */
  Fields success() {
    Fields envelope = envelope(whole());
    if (envelope == null || !envelope.isTrue("success")) {
      throw new IllegalArgumentException("it does not say success");
    }
    return envelope;
  }

  /**
   * The body.
   *
   * @throws IllegalArgumentException if it was cut
   */
  byte[] whole() {
    if (cut) {
      throw new IllegalArgumentException("it is longer than " + body.length + " bytes");
    }
    return body;
  }

  /** The envelope that every answer of the service is; null if this is none. */
  @Nullable Fields envelope() {
    return envelope(body);
  }

  /** Whether a text comes from the service itself, and not from what else listens there. */
  static boolean isEnvelope(String text) {
    return envelope(text.getBytes(StandardCharsets.UTF_8)) != null;
  }

  /** The envelope that a text is; null if it is none. */
  static @Nullable Fields envelope(byte[] json) {
    try {
      Object value = json.length == 0 ? null : Json.read(json);
      return value instanceof Map<?, ?> map && map.get("success") instanceof Boolean
          ? Fields.of(value)
          : null;
    } catch (IOException e) {
      return null; // a proxy's page, or half an answer: whoever asks has the text for it
    }
  }
}
