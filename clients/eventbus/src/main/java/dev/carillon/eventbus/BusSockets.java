package dev.carillon.eventbus;

import dev.carillon.zeromq.Heartbeat;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** A client's sockets, made, used and closed by its one I/O thread. */
final class BusSockets {

  /** The longest wait for room towards the proxy before the client looks around. */
  private static final int FULL_MILLIS = 1;

  /**
   * JeroMQ forgets a few of the connections that it makes (its poller gives up a channel that is
   * taken out and put in within one turn: its PR 1022), so a silent one is soon ended.
   */
  private static final int HANDSHAKE_MILLIS = 1_000;

  private final BusSettings settings;
  private final ZContext context = new ZContext(1);

  /** Towards the proxy: an XPUB, since only that tells who has subscribed. */
  final ZMQ.Socket publish;

  /** From the proxy. */
  final ZMQ.Socket subscribe;

  /** To the acknowledging port, and back. */
  final ZMQ.@Nullable Socket acknowledge;

  BusSockets(BusSettings settings) {
    this.settings = settings;
    publish = socket(SocketType.XPUB, false);
    publish.setXpubNoDrop(true);
    publish.setXpubVerbose(true); // the proxy's wishes are news again after a reconnect
    publish.setSendTimeOut(FULL_MILLIS);
    subscribe = socket(SocketType.SUB, true);
    subscribe.setSndHWM(0); // subscriptions: a dropped one would never come back
    if (settings.acknowledges()) {
      ZMQ.Socket dealer = socket(SocketType.DEALER, false);
      dealer.setImmediate(false); // what was not sent when a connection breaks must not be later
      acknowledge = dealer;
    } else {
      acknowledge = null;
    }
  }

  /**
   * Makes a socket.
   *
   * @param proxyReads whether the proxy always reads what comes from it: wishes, but not events
   */
  private ZMQ.Socket socket(SocketType type, boolean proxyReads) {
    ZMQ.Socket socket = context.createSocket(type);
    boolean waits = settings.receivePolicy() == OverflowPolicy.BLOCK; // as its proxy may
    Heartbeat.set(socket, settings.heartbeat(), !waits, proxyReads);
    socket.setHandshakeIvl(HANDSHAKE_MILLIS);
    socket.setReconnectIVL((int) settings.reconnectDelay().toMillis());
    socket.setReconnectIVLMax((int) settings.longestReconnectDelay().toMillis());
    socket.setMaxMsgSize(settings.maxEventBytes());
    socket.setSndHWM(settings.highWaterMark());
    socket.setRcvHWM(settings.highWaterMark());
    BusSettings.Keys keys = settings.keys();
    if (keys != null) {
      socket.setCurvePublicKey(keys.publicKey());
      socket.setCurveSecretKey(keys.secretKey());
      socket.setCurveServerKey(keys.server());
      socket.setRcvHWM(
          0); // JeroMQ garbles a message when an encrypted queue fills (its issue 1009)
    }
    return socket;
  }

  ZMQ.Poller poller(int size) {
    return context.createPoller(size);
  }

  /** Closes everything; what is queued still goes out for so long. */
  void close(int lingerMillis) {
    publish.setLinger(lingerMillis);
    if (acknowledge != null) {
      acknowledge.setLinger(lingerMillis);
    }
    context.close();
  }
}
