package dev.carillon.hub.bus;

import dev.carillon.core.SparingLog;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;
import org.zeromq.ZEvent;
import org.zeromq.ZMQ;

/**
 * Lets no more than so many connect to a socket, since JeroMQ lets everybody: a further connection
 * ends before it has said anything. Used by JeroMQ's thread.
 */
final class ConnectionLimit {

  private final SparingLog log = new SparingLog(LoggerFactory.getLogger(ConnectionLimit.class));
  private final int most;
  private final List<SocketChannel> open = new ArrayList<>();

  private ConnectionLimit(int most) {
    this.most = most;
  }

  /** Limits a socket that is not bound yet. */
  static void set(ZMQ.Socket socket, int most) {
    socket.setEventHook(new ConnectionLimit(most)::accepted, ZMQ.EVENT_ACCEPTED);
  }

  private void accepted(ZEvent event) {
    SocketChannel made = event.getValue();
    if (open.size() >= most) {
      open.removeIf(one -> !one.isOpen());
    }
    if (open.size() < most) {
      open.add(made);
    } else {
      log.warn("a connection is refused: " + most + " are open at " + event.getAddress());
      refuse(made);
    }
  }

  /** Has JeroMQ find its end, since it would fail on one that is closed. */
  private void refuse(SocketChannel made) {
    try {
      made.shutdownInput();
    } catch (IOException e) {
      log.warn("a connection cannot be refused, which has ended by itself: " + e.getMessage());
    }
  }
}
