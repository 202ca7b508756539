package dev.carillon.hub.bus;

import dev.carillon.zeromq.Heartbeat;
import dev.carillon.zeromq.KeyFile;
import dev.carillon.zeromq.KeyFile.Part;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;
import org.zeromq.ZAuth;
import org.zeromq.ZCert;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQ.Socket.Mechanism;
import org.zeromq.ZMQException;

/** A proxy's sockets: opened by who starts it, then used and closed by its one thread. */
final class ProxySockets {

  private static final int LINGER_MILLIS = 1_000;
  private static final int REPLIES = 10_000;

  /** JeroMQ forgets a few of the connections that it makes until this is over (its PR 1022). */
  private static final int HANDSHAKE_MILLIS = 1_000;

  /**
   * The longest wish of a subscriber: each byte costs JeroMQ a call on the stack, here and at every
   * publisher that hears of it. The bus client's topics have 1 KiB.
   */
  private static final long LONGEST_WISH = 2 << 10;

  /** The longest wait for room in a subscriber's queue before the proxy looks around. */
  private static final int FULL_MILLIS = 20;

  private final ProxySettings settings;
  private final ZContext context = new ZContext(1);
  private @Nullable ZAuth auth;

  /** What subscribers want. */
  final Wishes wishes = new Wishes();

  /** Where publishers send to. */
  final ZMQ.Socket publishers;

  /** Where subscribers hear from. */
  final ZMQ.Socket subscribers;

  /** Other proxies. Not the publishers' socket, so that they are not offered compression. */
  final List<Upstream> upstreams;

  /** Who wants to be answered. */
  final ZMQ.@Nullable Socket acknowledging;

  private ProxySockets(ProxySettings settings) throws IOException {
    this.settings = settings;
    try {
      ZCert keys = keys();
      publishers = socket(SocketType.XSUB, keys);
      publishers.setSndHWM(0); // subscriptions: a dropped one would never come back
      subscribers = socket(SocketType.XPUB, keys);
      subscribers.setXpubNoDrop(true);
      subscribers.setMaxMsgSize(LONGEST_WISH);
      subscribers.setMsgAllocator(wishes);
      subscribers.setSendTimeOut(FULL_MILLIS);
      bind(publishers, settings.publishPort());
      bind(subscribers, settings.subscribePort());
      if (settings.acknowledgePort() == ProxySettings.OFF) {
        acknowledging = null;
      } else {
        ZMQ.Socket router = socket(SocketType.ROUTER, keys);
        router.setSndHWM(REPLIES);
        bind(router, settings.acknowledgePort());
        acknowledging = router;
      }
      List<Upstream> connected = new ArrayList<>();
      for (String endpoint : settings.upstreams()) {
        ZMQ.Socket socket = socket(SocketType.XSUB, null);
        socket.setSndHWM(0);
        socket.setHandshakeIvl(HANDSHAKE_MILLIS);
        connected.add(Upstream.connect(socket, endpoint));
      }
      upstreams = List.copyOf(connected);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  static ProxySockets open(ProxySettings settings) throws IOException {
    return new ProxySockets(settings);
  }

  private @Nullable ZCert keys() throws IOException {
    Path secret = settings.secretKeyFile();
    Path clients = settings.allowedClients();
    if (secret == null || clients == null) {
      return null;
    }
    if (!Files.isDirectory(clients) || !Files.isReadable(clients)) {
      throw new IOException("no folder of clients' public keys at " + clients);
    }
    KeyFile file = KeyFile.read(secret);
    ZCert keys = new ZCert(file.key(Part.PUBLIC), file.key(Part.SECRET));
    KnownClients known = new KnownClients(clients);
    known.readKeys(); // so the log says at once what is skipped
    auth = new ZAuth(context, "carillon-bus-keys", Map.of(Mechanism.CURVE.name(), known));
    return keys;
  }

  private ZMQ.Socket socket(SocketType type, @Nullable ZCert keys) {
    ZMQ.Socket socket = context.createSocket(type);
    socket.setLinger(LINGER_MILLIS);
    socket.setMaxMsgSize(settings.maxMessageBytes());
    if (type == SocketType.XPUB) { // reads always; subscribers may not
      Heartbeat.set(socket, settings.heartbeat(), !settings.noDrop(), false);
    } else { // does not read while it holds back, or is paused; the other side always does
      Heartbeat.set(socket, settings.heartbeat(), keys != null, true);
    }
    socket.setIPv6(settings.bind().contains(":"));
    socket.setSndHWM(settings.highWaterMark());
    socket.setRcvHWM(settings.highWaterMark());
    if (keys != null) {
      socket.setCurveServer(true);
      keys.apply(socket);
      socket.setZapDomain("carillon");
      socket.setRcvHWM(
          0); // JeroMQ garbles a message when an encrypted queue fills (its issue 1009)
    }
    return socket;
  }

  private void bind(ZMQ.Socket socket, int port) throws IOException {
    ConnectionLimit.set(socket, settings.maxConnections());
    String host = settings.bind().contains(":") ? "[" + settings.bind() + "]" : settings.bind();
    try {
      socket.bind("tcp://" + host + ":" + (port == 0 ? "*" : Integer.toString(port)));
    } catch (ZMQException | IllegalArgumentException e) {
      throw new IOException(
          "bus port " + port + " on " + settings.bind() + " cannot be had: " + e.getMessage(), e);
    }
  }

  URI publishAddress() {
    return URI.create(publishers.getLastEndpoint());
  }

  URI subscribeAddress() {
    return URI.create(subscribers.getLastEndpoint());
  }

  @Nullable URI acknowledgeAddress() {
    return acknowledging == null ? null : URI.create(acknowledging.getLastEndpoint());
  }

  ZMQ.Poller poller(int size) {
    return context.createPoller(size);
  }

  /** Sends what is left for about a second and closes everything. */
  void close() {
    if (auth != null) {
      auth.close();
    }
    context.close();
  }
}
