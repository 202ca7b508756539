package dev.carillon.hub.bus;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;
import org.zeromq.ZMonitor;

/**
 * The connection to another proxy. JeroMQ makes it anew after the network failed, but not after the
 * protocol did, as by a frame that is too large: that is done here. Used by the proxy's thread.
 */
final class Upstream {

  private static final Logger log = LoggerFactory.getLogger(Upstream.class);
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ZMQ.Socket socket;
  private final String endpoint;
  private volatile boolean ended; // and JeroMQ has not begun to connect again
  private volatile long endedAt;

  private Upstream(ZMQ.Socket socket, String endpoint) {
    this.socket = socket;
    this.endpoint = endpoint;
  }

  /**
   * Connects a socket that is connected to nothing else.
   *
   * @throws IOException if no address is known for the endpoint
   */
  static Upstream connect(ZMQ.Socket socket, String endpoint) throws IOException {
    Upstream upstream = new Upstream(socket, endpoint);
    socket.setEventHook(event -> upstream.note(event.getEvent()), ZMQ.EVENT_ALL);
    try {
      socket.connect(endpoint);
    } catch (ZMQException e) {
      throw new IOException("no address is known for " + endpoint + ": " + e.getMessage(), e);
    }
    return upstream;
  }

  ZMQ.Socket socket() {
    return socket;
  }

  /** Runs on a thread of JeroMQ. */
  private void note(ZMonitor.Event event) {
    switch (event) {
      case DISCONNECTED -> {
        endedAt = System.nanoTime();
        ended = true;
      }
      case CONNECT_DELAYED, CONNECT_RETRIED, CONNECTED -> ended = false;
      default -> {}
    }
  }

  /** Makes the connection anew if nobody else does. */
  void tick() {
    if (!ended || System.nanoTime() - endedAt < PAUSE_NANOS) {
      return;
    }
    log.warn(
        "the connection to {} was ended, as by a frame that is too large; making it anew",
        endpoint);
    ended = false;
    socket.disconnect(endpoint);
    try {
      socket.connect(endpoint);
    } catch (ZMQException e) {
      log.warn("no address is known for {}: {}", endpoint, e.getMessage());
      endedAt = System.nanoTime();
      ended = true;
    }
  }
}
