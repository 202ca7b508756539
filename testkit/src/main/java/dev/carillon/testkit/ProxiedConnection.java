package dev.carillon.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection through a {@link FaultProxy}: two channels, two lanes. One thread's property. */
final class ProxiedConnection {

  private static final Logger log = LoggerFactory.getLogger(ProxiedConnection.class);

  private final SocketChannel client;
  private final SocketChannel peer;
  private final SelectionKey clientKey;
  private final SelectionKey peerKey;
  private final ProxyLane toPeer;
  private final ProxyLane toClient;
  private boolean hangs;

  ProxiedConnection(
      SocketChannel client,
      InetSocketAddress peerAddress,
      Selector selector,
      FaultProxy.Weather weather)
      throws IOException {
    this.client = client;
    peer = SocketChannel.open();
    client.configureBlocking(false);
    peer.configureBlocking(false);
    client.setOption(StandardSocketOptions.TCP_NODELAY, true);
    peer.setOption(StandardSocketOptions.TCP_NODELAY, true);
    clientKey = client.register(selector, 0);
    peerKey = peer.register(selector, SelectionKey.OP_CONNECT);
    toPeer = new ProxyLane(client, peer);
    toClient = new ProxyLane(peer, client);
    become(weather);
    try {
      peer.connect(peerAddress);
    } catch (IOException e) {
      cut(); // Refused at once; the next move finds the channels closed.
    }
  }

  void become(FaultProxy.Weather weather) {
    hangs = weather.hangs();
    toPeer.become(weather.toPeer(), weather.bytesPerSecond());
    toClient.become(weather.toClient(), weather.bytesPerSecond());
  }

  /** Whether time alone can make something move. */
  boolean waitsForTime() {
    return !hangs && (toPeer.waitsForTime() || toClient.waitsForTime());
  }

  /** Moves what can be moved; false once the connection is over. */
  boolean move() {
    try {
      if (!client.isOpen() || !peer.isOpen()) {
        return false;
      }
      if (peer.isConnectionPending() && !peer.finishConnect()) {
        return true;
      }
      if (hangs) {
        clientKey.interestOps(0);
        peerKey.interestOps(0);
        return true;
      }
      toPeer.move();
      toClient.move();
      if (toPeer.isSpent() || toClient.isSpent()) {
        cut();
        return false;
      }
      if (toPeer.isOver() && toClient.isOver()) {
        client.close();
        peer.close();
        return false;
      }
      clientKey.interestOps(toPeer.readInterest() | toClient.writeInterest());
      peerKey.interestOps(toClient.readInterest() | toPeer.writeInterest());
      return true;
    } catch (IOException e) {
      log.debug("one side broke the connection", e);
      cut();
      return false;
    }
  }

  /** Ends both sides with a reset, as a crash or a cut cable with a firewall behind it does. */
  void cut() {
    reset(client);
    reset(peer);
  }

  private static void reset(SocketChannel channel) {
    try {
      if (channel.isOpen() && channel.isConnected()) {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      }
      channel.close();
    } catch (IOException e) {
      log.debug("closing failed, so it is closed already", e);
    }
  }
}
