package dev.carillon.hub.bus;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/**
 * Topics that are no events: everything that begins with {@code _carillon/}, and {@link #OFFER}.
 *
 * <p>A subscription to {@link #OFFER} is the proxy's word that it understands compression.
 * Publishers then send large payloads, gzipped, on {@link #GZIP} followed by the topic; subscribers
 * who want them so subscribe there instead of to the topic itself. The proxy brings each event to
 * both, so that whoever has never heard of this gets plain JSON.
 */
final class Reserved {

  private static final byte[] PREFIX = "_carillon/".getBytes(UTF_8);

  /**
   * Topic that the proxy subscribes to, to say that it understands compression. JeroMQ tells a new
   * publisher all subscriptions in the order of their bytes, which have signs to it, and none comes
   * after this one: so a publisher that has it has them all.
   */
  static final byte[] OFFER = ("\u007f".repeat(8) + "_carillon/offer/gzip").getBytes(UTF_8);

  /** Goes before the topic of what may be compressed. */
  static final byte[] GZIP = "_carillon/gzip/".getBytes(UTF_8);

  private Reserved() {}

  static boolean is(byte[] topic) {
    return startsWith(topic, PREFIX) || startsWith(topic, OFFER);
  }

  static boolean isGzip(byte[] topic) {
    return startsWith(topic, GZIP);
  }

  private static boolean startsWith(byte[] topic, byte[] prefix) {
    if (topic.length < prefix.length) {
      return false;
    }
    for (int i = prefix.length - 1; i >= 0; i--) {
      if (topic[i] != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  /** Whether a payload is compressed: JSON never begins like this. */
  static boolean isCompressed(byte[] payload) {
    return payload.length > 2 && payload[0] == 0x1f && payload[1] == (byte) 0x8b;
  }

  /**
   * Inflates a payload.
   *
   * @throws IOException if it is not gzip, or larger than allowed
   */
  static byte[] inflate(byte[] payload, int maxBytes) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(payload), 4096)) {
      byte[] plain = in.readNBytes(maxBytes);
      if (in.read() >= 0) {
        throw new IOException("inflates to more than " + maxBytes + " bytes");
      }
      return plain;
    }
  }

  static byte[] concat(byte[] first, byte[] second) {
    byte[] both = new byte[first.length + second.length];
    System.arraycopy(first, 0, both, 0, first.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  static byte[] tail(byte[] bytes, int from) {
    byte[] tail = new byte[bytes.length - from];
    System.arraycopy(bytes, from, tail, 0, tail.length);
    return tail;
  }
}
