package dev.carillon.hub.bus;

import static dev.carillon.hub.bus.Wishes.SUBSCRIBE;
import static dev.carillon.hub.bus.Wishes.UNSUBSCRIBE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.zeromq.ZMQ;

/**
 * Hands subscribers' wishes on to publishers, and the proxy's own. Used by the proxy's thread,
 * except for {@link #topics}.
 */
final class Subscriptions {

  private final ProxySockets sockets;

  private final Map<String, Integer> topics = new ConcurrentHashMap<>();
  private int compressed;

  Subscriptions(ProxySockets sockets) {
    this.sockets = sockets;
  }

  /** Says what the proxy itself wants: the topics to record, and that it can inflate. */
  void subscribeOwn(ProxySettings settings) {
    sockets.publishers.send(message(SUBSCRIBE, Reserved.OFFER));
    if (settings.recorder() == null) {
      return;
    }
    if (settings.recordedTopics().isEmpty()) {
      forward(SUBSCRIBE, new byte[0]);
    }
    settings.recordedTopics().forEach(topic -> forward(SUBSCRIBE, topic.getBytes(UTF_8)));
  }

  /** Reads every wish that has come; none is waited for. */
  void readAll() {
    for (byte[] wish = sockets.subscribers.recv(ZMQ.DONTWAIT);
        wish != null;
        wish = sockets.subscribers.recv(ZMQ.DONTWAIT)) {
      if (isNews(wish)) {
        read(wish[0], Reserved.tail(wish, 1));
      }
      while (sockets.subscribers.hasReceiveMore()) {
        sockets.subscribers.recv(ZMQ.DONTWAIT); // what subscribers send beyond wishes goes nowhere
      }
    }
  }

  private boolean isNews(byte[] wish) {
    if (wish.length == 0 || wish[0] > SUBSCRIBE || wish[0] < UNSUBSCRIBE) {
      return false;
    }
    return sockets.wishes.isNews(wish[0], ByteBuffer.wrap(wish, 1, wish.length - 1));
  }

  private void read(byte what, byte[] topic) {
    if (Reserved.isGzip(topic)) {
      compressed += what == SUBSCRIBE ? 1 : -1;
      note(what, Reserved.tail(topic, Reserved.GZIP.length));
      forward(what, Reserved.tail(topic, Reserved.GZIP.length));
    } else if (Reserved.is(topic)) {
      sockets.publishers.send(message(what, topic));
    } else {
      note(what, topic);
      forward(what, topic);
    }
  }

  private void note(byte what, byte[] topic) {
    String name = new String(topic, UTF_8);
    int change = what == SUBSCRIBE ? 1 : -1; // plain and compressed count as two
    topics.merge(name, change, (had, more) -> had + more == 0 ? null : Integer.valueOf(had + more));
  }

  /** Whoever publishes on a topic may also send its events compressed. */
  private void forward(byte what, byte[] topic) {
    byte[] plain = message(what, topic);
    sockets.publishers.send(plain);
    sockets.publishers.send(message(what, Reserved.concat(Reserved.GZIP, topic)));
    sockets.upstreams.forEach(upstream -> upstream.socket().send(plain));
  }

  private static byte[] message(byte what, byte[] topic) {
    return Reserved.concat(new byte[] {what}, topic);
  }

  /** Whether some subscriber asked for compressed payloads. */
  boolean anyCompressed() {
    return compressed > 0;
  }

  SortedSet<String> topics() {
    return new TreeSet<>(topics.keySet());
  }
}
