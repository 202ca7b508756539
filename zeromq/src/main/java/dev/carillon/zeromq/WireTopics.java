package dev.carillon.zeromq;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/**
 * Topics as they go over the wire. Those that begin with {@link #RESERVED} are no events, nor is
 * {@link #OFFER}.
 *
 * <p>A subscription to {@link #OFFER} is a proxy's word that it understands compression. Publishers
 * then send large payloads, gzipped, on {@link #GZIP} followed by the topic; subscribers who want
 * them so subscribe there instead of to the topic itself. The proxy brings each event to both, so
 * that whoever has never heard of this gets plain JSON.
 */
public final class WireTopics {

  /** What the bus' own topics begin with. */
  public static final String RESERVED = "_carillon/";

  /** Goes before the topic of what may be compressed. */
  public static final String GZIP = RESERVED + "gzip/";

  /**
   * Topic that a proxy subscribes to, to say that it understands compression. JeroMQ tells a new
   * publisher all subscriptions in the order of their bytes, which have signs to it, and none comes
   * after this one: so a publisher that has it has them all.
   */
  public static final String OFFER = "\u007f".repeat(8) + RESERVED + "offer/gzip";

  private WireTopics() {}

  /** A topic's name; null if the bytes are no UTF-8. */
  public static @Nullable String nameOrNull(byte[] topic) {
    for (byte b : topic) {
      if (b < 0) {
        try {
          return UTF_8.newDecoder().decode(ByteBuffer.wrap(topic)).toString();
        } catch (CharacterCodingException e) {
          return null;
        }
      }
    }
    return new String(topic, UTF_8);
  }
}
