package dev.carillon.eventbus;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.carillon.core.EventValidationException;
import dev.carillon.zeromq.WireTopics;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Topics as users and the client name them. */
final class Topics {

  /** Followed by a client and a number: where a client's marks come back. */
  static final String MARK = WireTopics.RESERVED + "mark/";

  /** Followed by a client and a number: a client's round trips. Nothing is published there. */
  static final String READY = WireTopics.RESERVED + "ready/";

  private static final byte[] OFFER = WireTopics.OFFER.getBytes(UTF_8);
  private static final int MAX_BYTES = 1024;

  /** The names of an enum's constants, which are looked up once, since each event asks. */
  private static final ClassValue<Map<Object, String>> NAMES =
      new ClassValue<>() {
        @Override
        protected Map<Object, String> computeValue(Class<?> type) {
          return Arrays.stream(type.getEnumConstants())
              .collect(
                  Collectors.toMap(constant -> constant, constant -> nameOf((Enum<?>) constant)));
        }
      };

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
    if (name.startsWith(WireTopics.RESERVED)) {
      throw new EventValidationException(
          "topic", "begins with " + WireTopics.RESERVED + ", which is reserved");
    }
    return bytes;
  }

  /** Whether a subscription message, which has one byte before the topic, is the proxy's offer. */
  static boolean isOffer(byte[] subscription) {
    return Arrays.equals(subscription, 1, subscription.length, OFFER, 0, OFFER.length);
  }

  /**
   * The name that users give a topic: a constant's, or what {@code @JsonProperty} calls it, or
   * anything else's text.
   */
  static String nameOf(Object topic) {
    return topic instanceof Enum<?> constant
        ? Objects.requireNonNull(NAMES.get(constant.getDeclaringClass()).get(constant))
        : topic.toString();
  }

  private static String nameOf(Enum<?> constant) {
    try {
      JsonProperty named =
          constant.getDeclaringClass().getField(constant.name()).getAnnotation(JsonProperty.class);
      return named == null || named.value().isEmpty() ? constant.name() : named.value();
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e); // each constant is a field
    }
  }
}
