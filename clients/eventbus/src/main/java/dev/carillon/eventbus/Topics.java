package dev.carillon.eventbus;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.core.EventValidationException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Topics on the wire. Those that begin with {@code _carillon/} are no events: a client's round
 * trips and marks, and what goes compressed.
 */
final class Topics {

  static final String RESERVED = "_carillon/";

  /** Followed by a client and a number: where a client's marks come back. */
  static final String MARK = RESERVED + "mark/";

  /** Followed by a client and a number: a client's round trips. Nothing is published there. */
  static final String READY = RESERVED + "ready/";

  /**
   * Where a proxy of ours says that it can inflate. It tells a new publisher all subscriptions in
   * the order of their bytes, which have signs to it, so this is the last.
   */
  private static final byte[] OFFER =
      ("\u007f".repeat(8) + RESERVED + "offer/gzip").getBytes(UTF_8);

  /** Followed by a topic: the same topic, for those who can inflate. */
  static final String GZIP = RESERVED + "gzip/";

  private static final int MAX_BYTES = 1024;

  private Topics() {}

  /** A topic's name as bytes, if it can be one. */
  static byte[] encode(@Nullable String name) {
    if (name == null || name.isEmpty()) {
      throw new EventValidationException("topic", "is missing or empty");
    }
    byte[] bytes = name.getBytes(UTF_8);
    if (bytes.length > MAX_BYTES) {
      throw new EventValidationException("topic", "is longer than " + MAX_BYTES + " bytes");
    }
    if (name.startsWith(RESERVED)) {
      throw new EventValidationException(
          "topic", "begins with " + RESERVED + ", which is reserved");
    }
    return bytes;
  }

  /** Whether a subscription message, which has one byte before the topic, is the proxy's offer. */
  static boolean isOffer(byte[] subscription) {
    return Arrays.equals(subscription, 1, subscription.length, OFFER, 0, OFFER.length);
  }

  /** A topic's name; null if the bytes are no UTF-8. */
  static @Nullable String decodeOrNull(byte[] bytes) {
    for (byte b : bytes) {
      if (b < 0) {
        try {
          return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
          return null;
        }
      }
    }
    return new String(bytes, UTF_8);
  }

  /** The name that users give a topic: an enum's constant name, anything else's text. */
  static String nameOf(Object topic) {
    return topic instanceof Enum<?> constant ? constant.name() : topic.toString();
  }
}
