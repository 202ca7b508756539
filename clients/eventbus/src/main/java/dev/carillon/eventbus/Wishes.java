package dev.carillon.eventbus;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.zeromq.WireTopics;
import java.util.HashMap;
import java.util.Map;
import org.zeromq.ZMQ;

/** The topics that a client has subscribed to, and in which form. Used by the I/O thread. */
final class Wishes {

  private final ZMQ.Socket subscribe;
  private final Map<String, Integer> topics = new HashMap<>();
  private boolean compressed;

  Wishes(BusSockets sockets) {
    subscribe = sockets.subscribe;
  }

  void add(String topic) {
    if (topics.merge(topic, 1, Integer::sum) == 1) {
      subscribe.subscribe(form(topic));
    }
  }

  void remove(String topic) {
    Integer left = topics.computeIfPresent(topic, (same, count) -> count - 1);
    if (left != null && left == 0) {
      topics.remove(topic);
      subscribe.unsubscribe(form(topic));
    }
  }

  /** Subscribes to everything in the other form, if it has to be; whether it had. */
  boolean take(boolean inCompressedForm) {
    if (compressed == inCompressedForm) {
      return false;
    }
    topics.keySet().forEach(topic -> subscribe.unsubscribe(form(topic)));
    compressed = inCompressedForm;
    topics.keySet().forEach(topic -> subscribe.subscribe(form(topic)));
    return true;
  }

  private byte[] form(String topic) {
    return (compressed ? WireTopics.GZIP + topic : topic).getBytes(UTF_8);
  }
}
