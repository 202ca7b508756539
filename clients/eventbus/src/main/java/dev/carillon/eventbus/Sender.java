package dev.carillon.eventbus;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.core.EventTimeoutException;
import dev.carillon.core.Guarantee;
import dev.carillon.core.SinkClosedException;
import dev.carillon.zeromq.WireTopics;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.zeromq.ZMQ;

/** Hands queued events to the network, in their order. Used by the I/O thread. */
final class Sender {

  private static final int BATCH = 500;
  private static final int AT_ONCE = 100;
  private static final byte[] GZIP = WireTopics.GZIP.getBytes(UTF_8);

  private final ZMQ.Socket publish;
  private final @Nullable AckChannel channel;
  private final BoundedQueue<Outgoing> queue;
  private final Settler settler;
  private final Counters counters;
  private final Marks marks;
  private final ArrayDeque<Outgoing> next = new ArrayDeque<>();
  private long lastSent = System.nanoTime();

  Sender(
      BusSockets sockets,
      @Nullable AckChannel channel,
      BoundedQueue<Outgoing> queue,
      Settler settler,
      Counters counters,
      Marks marks) {
    this.publish = sockets.publish;
    this.channel = channel;
    this.queue = queue;
    this.settler = settler;
    this.counters = counters;
    this.marks = marks;
  }

  /** Sends some of what is queued; whether there may be more that could go now. */
  boolean sendSome(long now, boolean compressing) {
    for (int i = 0; i < BATCH; i++) {
      Outgoing event = first();
      if (event == null) {
        return false;
      }
      if (event.isExpired(now)) {
        expire(event);
      } else if (send(event, compressing)) {
        lastSent = now;
      } else {
        return channel == null; // a publisher's full queue was waited for already
      }
      next.remove();
    }
    return true;
  }

  private @Nullable Outgoing first() {
    if (next.isEmpty()) {
      queue.drainTo(next, AT_ONCE);
    }
    return next.peek();
  }

  private boolean send(Outgoing event, boolean compressing) {
    byte[] compressed = compressing || channel != null ? event.compressed() : null;
    byte[] payload = compressed == null ? event.payload() : compressed;
    if (channel != null) {
      if (!channel.send(event)) {
        return false;
      }
    } else if (publish(compressed == null ? event.topic() : gzipTopic(event), payload)) {
      marks.sent();
      settler.accepted(event, Guarantee.SENT);
    } else {
      return false;
    }
    counters.sent.increment();
    counters.sentBytes.add((long) event.topic().length + payload.length);
    if (compressed != null) {
      counters.compressed.increment();
    }
    return true;
  }

  private static byte[] gzipTopic(Outgoing event) {
    byte[] topic = event.topic();
    byte[] both = new byte[GZIP.length + topic.length];
    System.arraycopy(GZIP, 0, both, 0, GZIP.length);
    System.arraycopy(topic, 0, both, GZIP.length, topic.length);
    return both;
  }

  /** Publishes a message; if there is no room, waits for it a moment. */
  boolean publish(byte[] topic, byte[] payload) {
    if (publish.send(topic, ZMQ.SNDMORE | ZMQ.DONTWAIT) || publish.send(topic, ZMQ.SNDMORE)) {
      publish.send(payload, 0);
      return true;
    }
    return false;
  }

  /**
   * Gives up what has waited too long, while nothing can be sent. What is in the queue stays there:
   * its policy is about what waits.
   */
  void expireSome(long now) {
    for (Outgoing event = expired(now); event != null; event = expired(now)) {
      expire(event);
    }
  }

  private @Nullable Outgoing expired(long now) {
    Outgoing first = next.peek();
    if (first == null) {
      return queue.takeIf(event -> event.isExpired(now));
    }
    return first.isExpired(now) ? next.remove() : null;
  }

  private void expire(Outgoing event) {
    counters.expired.increment();
    settler.failed(
        event, new EventTimeoutException("the proxy could not be reached in time", false, null));
  }

  /** When the last event was sent, by {@code System.nanoTime}. */
  long lastSent() {
    return lastSent;
  }

  boolean isEmpty() {
    return next.isEmpty() && queue.size() == 0;
  }

  /** Fails everything that is left. */
  void failAll() {
    for (Outgoing event = first(); event != null; event = first()) {
      next.remove();
      counters.failed.increment();
      settler.failed(
          event, new SinkClosedException("closed before event " + event.id() + " was sent", false));
    }
  }
}
