package dev.carillon.eventbus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.carillon.zeromq.WireTopics;
import java.time.Duration;
import java.util.UUID;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** A plain ZeroMQ publisher that sends what it likes, once its subscriptions are known to it. */
final class RawPublisher implements AutoCloseable {

  /** JeroMQ forgets a few of the connections that it makes until this is over. */
  private static final int HANDSHAKE_MILLIS = 500;

  private final ZContext context = new ZContext();
  private final ZMQ.Socket publish = context.createSocket(SocketType.XPUB);
  private final ZMQ.Socket subscribe = context.createSocket(SocketType.SUB);
  private final byte[] own = (WireTopics.RESERVED + "raw-" + UUID.randomUUID()).getBytes(UTF_8);

  private boolean offered;
  private boolean subscribed;

  private RawPublisher(ProxyPeer bus) {
    publish.setXpubNoDrop(true);
    publish.setSendTimeOut(20_000);
    subscribe.setReceiveTimeOut(20_000);
    publish.setHandshakeIvl(HANDSHAKE_MILLIS);
    subscribe.setHandshakeIvl(HANDSHAKE_MILLIS);
    publish.connect("tcp://127.0.0.1:" + bus.publishPort());
    subscribe.connect("tcp://127.0.0.1:" + bus.subscribePort());
    subscribe.subscribe(own);
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInSameThread()
        .pollInterval(Duration.ofMillis(5))
        .until(this::hasSubscriptions);
  }

  /** The proxy's offer comes after all that it wished before, and the own one after that. */
  private boolean hasSubscriptions() {
    subscribe.getEvents(); // only so it learns of a second connection, and says it again
    for (byte[] wish = publish.recv(ZMQ.DONTWAIT);
        wish != null;
        wish = publish.recv(ZMQ.DONTWAIT)) {
      offered |= Topics.isOffer(wish);
      subscribed |= new String(wish, UTF_8).endsWith(new String(own, UTF_8));
    }
    return offered && subscribed;
  }

  static RawPublisher to(ProxyPeer bus) {
    return new RawPublisher(bus);
  }

  void send(byte[]... frames) {
    for (int i = 0; i < frames.length; i++) {
      publish.send(frames[i], i < frames.length - 1 ? ZMQ.SNDMORE : 0);
    }
  }

  void send(String topic, String payload) {
    send(topic.getBytes(UTF_8), payload.getBytes(UTF_8));
  }

  /** Waits until the proxy has taken everything that was sent. */
  void awaitTaken() {
    send(own, "{\"type\":\"end\"}".getBytes(UTF_8));
    byte[] topic = subscribe.recv();
    if (topic == null) {
      throw new AssertionError("the proxy did not take what was sent");
    }
    subscribe.recv();
  }

  @Override
  public void close() {
    context.close();
  }
}
