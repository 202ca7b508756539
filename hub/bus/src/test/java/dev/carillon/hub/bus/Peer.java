package dev.carillon.hub.bus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** A plain ZeroMQ program at a proxy. */
final class Peer implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 20_000;

  /** JeroMQ forgets a few of the connections that it makes until this is over. */
  private static final int HANDSHAKE_MILLIS = 500;

  private final ZContext context = new ZContext();
  private final ZMQ.Socket socket;

  private Peer(SocketType type, URI address) {
    socket = context.createSocket(type);
    socket.setReceiveTimeOut(PATIENCE_MILLIS);
    socket.setSendTimeOut(PATIENCE_MILLIS);
    socket.setLinger(0);
    socket.setHandshakeIvl(HANDSHAKE_MILLIS);
    if (type == SocketType.XPUB) {
      socket.setXpubNoDrop(true);
    }
    socket.connect(address.toString());
  }

  /** A subscriber, once the proxy knows of it. */
  static Peer subscriber(EventBusProxy proxy, String topic) {
    Peer peer = new Peer(SocketType.SUB, proxy.subscribeAddress());
    peer.socket.subscribe(topic.getBytes(UTF_8));
    await()
        .pollInSameThread()
        .until(
            () -> {
              peer.socket
                  .getEvents(); // only so it learns of a second connection, and says it again
              return proxy.statistics().subscriptions().contains(topic);
            });
    return peer;
  }

  /** A publisher, once it knows of all subscriptions there are. */
  static Peer publisher(EventBusProxy proxy) {
    Peer peer = new Peer(SocketType.XPUB, proxy.publishAddress());
    byte[] wish = peer.socket.recv();
    while (wish != null && !new String(wish, UTF_8).endsWith("_carillon/offer/gzip")) {
      wish = peer.socket.recv();
    }
    return peer;
  }

  static Peer asking(EventBusProxy proxy) {
    return new Peer(SocketType.DEALER, proxy.acknowledgeAddress().orElseThrow());
  }

  Peer highWaterMark(int messages) {
    socket.setRcvHWM(messages);
    return this;
  }

  void send(String... frames) {
    for (int i = 0; i < frames.length; i++) {
      if (!socket.send(frames[i].getBytes(UTF_8), i < frames.length - 1 ? ZMQ.SNDMORE : 0)) {
        throw new AssertionError("there was no room for a message");
      }
    }
  }

  /** The next message; empty if none comes. */
  List<String> receive() {
    List<String> frames = new ArrayList<>();
    byte @Nullable [] frame = socket.recv();
    while (frame != null) {
      frames.add(new String(frame, UTF_8));
      frame = socket.hasReceiveMore() ? socket.recv() : null;
    }
    return frames;
  }

  /** The next message that is there already; empty if there is none. */
  List<String> receiveNow() {
    socket.setReceiveTimeOut(0);
    try {
      return receive();
    } finally {
      socket.setReceiveTimeOut(PATIENCE_MILLIS);
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
