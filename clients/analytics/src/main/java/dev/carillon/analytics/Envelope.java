package dev.carillon.analytics;

import dev.carillon.http.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The object that every answer of the service is: whether it is a success, and data or an error.
 */
final class Envelope {

  private Envelope() {}

  /**
   * The envelope of a success.
   *
   * @throws IllegalArgumentException if the answer is none
   */
  static Fields ofSuccess(Answer answer) {
    Fields envelope = orNull(whole(answer));
    if (envelope == null || !envelope.isTrue("success")) {
      throw new IllegalArgumentException("it does not say success");
    }
    return envelope;
  }

  /**
   * An answer's body.
   *
   * @throws IllegalArgumentException if it was cut
   */
  static byte[] whole(Answer answer) {
    if (answer.cut()) {
      throw new IllegalArgumentException("it is longer than " + answer.body().length + " bytes");
    }
    return answer.body();
  }

  /** Whether a text comes from the service itself, and not from what else listens there. */
  static boolean is(String text) {
    return orNull(text.getBytes(StandardCharsets.UTF_8)) != null;
  }

  /** The envelope that a body is; null if it is none. */
  static @Nullable Fields orNull(byte[] json) {
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
