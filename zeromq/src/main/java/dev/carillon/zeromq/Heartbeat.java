package dev.carillon.zeromq;

import java.net.Socket;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;
import org.zeromq.ZMQ;

/**
 * How a socket finds peers that are gone without a word. JeroMQ reads nothing while a queue is
 * full, not even the answer to a ping, so whoever may stop reading must neither cut nor be cut for
 * silence. It goes on pinging: a peer that always reads can tell it from one that is gone.
 */
public final class Heartbeat {

  private static final Duration LONGEST = Duration.ofDays(8); // ZeroMQ counts ms in an int
  private static final int LONGEST_PROMISE_MILLIS = 655_399; // and these in 16 bits
  private static final int LONGEST_IDLE_SECONDS = 32_767;
  private static final int TIMES = 3;

  private static final boolean TUNABLE =
      new Socket().supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE);

  private Heartbeat() {}

  /**
   * Sets it, before the socket connects or is bound.
   *
   * @param demands whether a peer is cut that is silent for three intervals: not where this side
   *     may stop reading; where the peer may, it has to ping
   * @param promises whether the peer is told to cut this side for the same: only where it always
   *     reads
   */
  public static void set(ZMQ.Socket socket, Duration interval, boolean demands, boolean promises) {
    int millis = (int) (interval.compareTo(LONGEST) > 0 ? LONGEST : interval).toMillis();
    socket.setHeartbeatIvl(millis);
    socket.setHeartbeatTimeout(demands ? TIMES * millis : 0);
    socket.setHeartbeatTtl(promises ? Math.min(TIMES * millis, LONGEST_PROMISE_MILLIS) : 0);
    socket.setTCPKeepAlive(1);
    if (TUNABLE) {
      int seconds = Math.min((millis + 999) / 1000, LONGEST_IDLE_SECONDS);
      socket.setTCPKeepAliveIdle(seconds);
      socket.setTCPKeepAliveInterval(seconds);
      socket.setTCPKeepAliveCount(TIMES);
    }
  }
}
