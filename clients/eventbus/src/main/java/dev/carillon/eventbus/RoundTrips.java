package dev.carillon.eventbus;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.zeromq.ZMQ;

/**
 * Knowing instead of waiting. The client subscribes, on one socket, to a topic that nobody else
 * has; when that subscription arrives at its other socket, the proxy has put every earlier one in
 * force and what is published gets to it. Used by the I/O thread.
 */
final class RoundTrips {

  private static final byte SUBSCRIBE = 1;

  private final ZMQ.Socket publish;
  private final ZMQ.Socket subscribe;
  private final String client = UUID.randomUUID().toString();
  private final Map<String, Runnable> under = new HashMap<>();
  private long made;
  private boolean offered;

  RoundTrips(BusSockets sockets) {
    publish = sockets.publish;
    subscribe = sockets.subscribe;
  }

  /** Begins a round trip, which does something when it is done, unless it is ended before. */
  String begin(Runnable done) {
    String topic = Topics.READY + client + "/" + ++made;
    under.put(topic, done);
    subscribe.getEvents(); // lets JeroMQ first settle what a reconnect has left for it to do
    subscribe.subscribe(topic.getBytes(UTF_8));
    return topic;
  }

  void end(String topic) {
    if (under.remove(topic) != null) {
      subscribe.unsubscribe(topic.getBytes(UTF_8));
    }
  }

  /** A topic for marks that nobody else has; subscribed before the next round trip begins. */
  byte[] newMarkTopic(byte[] old) {
    if (old.length > 0) {
      subscribe.unsubscribe(old);
    }
    byte[] topic = (Topics.MARK + client + "/" + made).getBytes(UTF_8);
    subscribe.subscribe(topic);
    return topic;
  }

  /** Reads what the proxy's subscribers wish. */
  void readAll() {
    for (byte[] wish = publish.recv(ZMQ.DONTWAIT);
        wish != null;
        wish = publish.recv(ZMQ.DONTWAIT)) {
      if (wish.length == 0) {
        continue;
      }
      if (Topics.isOffer(wish)) {
        offered = wish[0] == SUBSCRIBE;
      }
      Runnable done = under.remove(new String(wish, 1, wish.length - 1, UTF_8));
      if (done != null) {
        subscribe.unsubscribe(Arrays.copyOfRange(wish, 1, wish.length));
        done.run();
      }
    }
  }

  /** Whether the proxy has said, over this connection, all its wishes and that it can inflate. */
  boolean isCompressionOffered() {
    return offered;
  }

  /** Forgets what the proxy has said: it says so again over the next connection. */
  void forgetOffer() {
    offered = false;
  }

  /** Ends all round trips. */
  void endAll() {
    List.copyOf(under.keySet()).forEach(this::end);
  }
}
