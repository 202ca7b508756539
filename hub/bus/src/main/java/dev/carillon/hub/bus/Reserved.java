package dev.carillon.hub.bus;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.zeromq.WireTopics;

/** Topics that are no events, as the bytes that the proxy compares. */
final class Reserved {

  private static final byte[] PREFIX = WireTopics.RESERVED.getBytes(UTF_8);

  /** Goes before the topic of what may be compressed. */
  static final byte[] GZIP = WireTopics.GZIP.getBytes(UTF_8);

  /** Topic that the proxy subscribes to, to say that it understands compression. */
  static final byte[] OFFER = WireTopics.OFFER.getBytes(UTF_8);

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
