package dev.carillon.eventbus;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.zeromq.ZMQ;

/**
 * Takes in what comes from the proxy: events, and the client's own marks. Used by the I/O thread.
 */
final class Inlet {

  private static final int BATCH = 500;

  private final ZMQ.Socket subscribe;
  private final Deliveries<?, ?> deliveries;
  private final Marks marks;
  private byte[] markTopic = {};

  Inlet(BusSockets sockets, Deliveries<?, ?> deliveries, Marks marks) {
    subscribe = sockets.subscribe;
    this.deliveries = deliveries;
    this.marks = marks;
  }

  /** Where marks come back. */
  byte[] markTopic() {
    return markTopic;
  }

  void marksOn(byte[] topic) {
    markTopic = topic;
  }

  /** Receives some of what has come, as far as there is room; whether there may be more. */
  boolean receiveSome() {
    for (int i = 0; i < BATCH; i++) {
      byte[] topic = deliveries.isBlocked() ? null : subscribe.recv(ZMQ.DONTWAIT);
      if (topic == null) {
        return false;
      }
      byte[] payload = null;
      int frames = 1;
      while (subscribe.hasReceiveMore()) {
        payload = subscribe.recv(0);
        frames++;
      }
      if (frames != 2 || payload == null) {
        deliveries.malformed("a message of " + frames + " frames");
      } else if (Arrays.equals(topic, markTopic)) {
        marks.returned(new String(payload, UTF_8));
      } else {
        deliveries.deliver(topic, payload);
      }
    }
    return true;
  }
}
