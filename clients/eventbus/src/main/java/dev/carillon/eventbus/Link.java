package dev.carillon.eventbus;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;
import org.zeromq.ZMonitor;

/**
 * One socket's connection. JeroMQ reconnects by itself after the network failed; not after the
 * protocol did, and without any pause when a peer takes connections only to end them. Those two are
 * handled here: the connection is given up and made anew at the longest interval. Used by the I/O
 * thread.
 */
final class Link {

  private static final Logger log = LoggerFactory.getLogger(Link.class);

  /**
   * When JeroMQ has said nothing for so long of connecting again, it will not: the protocol failed.
   */
  private static final long ABANDONED_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final long SILENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(900);

  /** So many connections in a row that ended before they were good are a refusal. */
  private static final int MOST_VAIN = 3;

  private final ZMQ.Socket socket;
  private final String endpoint;
  private final Runnable onEnd;
  private final boolean curve;
  private final long slowNanos;
  private final long silentNanos;
  private boolean up;
  private boolean refused;
  private boolean givenUp;
  private boolean ended;
  private boolean wasUp;
  private int vain;
  private long began;
  private long lastEvent;
  private long again;
  private String reason;

  /**
   * Creates a link that is not connected.
   *
   * @param onEnd called when a connection has ended
   */
  Link(ZMQ.Socket socket, String endpoint, BusSettings settings, Runnable onEnd) {
    this.socket = socket;
    this.endpoint = endpoint;
    this.onEnd = onEnd;
    curve = settings.keys() != null;
    Duration slow = settings.longestReconnectDelay();
    slowNanos = slow.toNanos();
    silentNanos = Math.max(slow.multipliedBy(2).toNanos(), Duration.ofSeconds(5).toNanos());
    reason = "nobody answers at " + endpoint;
  }

  void connect(long now) {
    lastEvent = now;
    ended = false;
    try {
      open();
    } catch (ZMQException e) {
      reason = "no address is known for " + endpoint + ": " + e.getMessage();
      givenUp = true;
      again = System.nanoTime() + slowNanos; // looking for it may have taken long
    }
  }

  /** Connects over IPv4 where the host has it, else over IPv6; JeroMQ knows only one of the two. */
  private void open() {
    try {
      socket.setIPv6(false);
      socket.connect(endpoint);
    } catch (ZMQException e) {
      socket.setIPv6(true);
      socket.connect(endpoint);
    }
  }

  String endpoint() {
    return endpoint;
  }

  boolean isUp() {
    return up;
  }

  boolean isRefused() {
    return refused;
  }

  String reason() {
    return reason;
  }

  /** Notes that all is well. */
  void good() {
    vain = 0;
    refused = false;
  }

  /** Notes what JeroMQ says of the connection; whether it has just come up. */
  boolean on(ZMonitor.Event event, long now) {
    lastEvent = now;
    switch (event) {
      case HANDSHAKE_PROTOCOL -> {
        up = true;
        return true;
      }
      case HANDSHAKE_FAILED_AUTH ->
          refuse("the proxy at " + endpoint + " refuses this client's key");
      case HANDSHAKE_FAILED_PROTOCOL, HANDSHAKE_FAILED_NO_DETAIL ->
          refuse(
              "the handshake with the proxy at "
                  + endpoint
                  + " failed"
                  + (curve ? ": is its public key the right one?" : ""));
      case DISCONNECTED -> disconnected(now);
      case CONNECTED -> {
        ended = false;
        began = now;
      }
      case CONNECT_DELAYED -> ended = false;
      case CLOSED, CONNECT_RETRIED -> {
        ended = false;
        if (!up && !refused) {
          reason = "nobody answers at " + endpoint;
        }
      }
      default -> {}
    }
    return false;
  }

  private void refuse(String why) {
    refused = true;
    reason = why;
  }

  private void disconnected(long now) {
    wasUp = up;
    up = false;
    ended = true;
    onEnd.run();
    if (now - began < SILENCE_NANOS) { // longer, and it was not refused but silent
      vain++;
    }
    if (!refused) {
      reason = "the connection to " + endpoint + " ended";
    }
    if (vain >= MOST_VAIN) {
      refuseHandshake();
    }
    if (refused) {
      giveUp(now);
    }
  }

  private void refuseHandshake() {
    if (!refused) {
      refuse(
          "the proxy at "
              + endpoint
              + " ends every connection at once: "
              + (curve
                  ? "is its public key the right one, and this client's key allowed?"
                  : "does it demand CURVE keys, or is it no ZeroMQ proxy?"));
    }
  }

  private void giveUp(long now) {
    if (!givenUp) {
      givenUp = true;
      again = now + slowNanos;
      socket.disconnect(endpoint);
    }
  }

  /** Makes the connection anew when its time has come. */
  void tick(long now) {
    if (givenUp && now - again > 0) {
      givenUp = false;
      connect(now);
    } else if (ended && !givenUp && now - lastEvent > ABANDONED_NANOS) {
      if (!wasUp) {
        refuseHandshake();
        giveUp(now);
      } else {
        socket.disconnect(endpoint);
        connect(now);
      }
    } else if (!givenUp && !up && now - lastEvent > silentNanos) {
      log.debug("nothing was heard of the connection to {}; making it anew", endpoint);
      socket.disconnect(endpoint);
      connect(now);
    }
  }
}
