package dev.carillon.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/** Plain JeroMQ sockets through JeroMQ's own proxy, with ready bytes; nothing is dropped. */
final class PlainBusRound implements BusRound {

  private static final byte[] TOPIC = "my_service".getBytes(UTF_8);
  private static final int RECEIVE_MILLIS = 20_000;
  private static final int POLL_MILLIS = 100;

  /** JeroMQ forgets a few of the connections that it makes until this is over (its PR 1022). */
  private static final int HANDSHAKE_MILLIS = 1_000;

  private final ZContext context = new ZContext(1);
  private final ZContext proxyContext = new ZContext(1);
  private final ZMQ.Socket publisher = context.createSocket(SocketType.XPUB);
  private final ZMQ.Socket subscriber = context.createSocket(SocketType.SUB);
  private final byte[] payload = new byte[256];

  PlainBusRound() throws IOException {
    Arrays.fill(payload, (byte) 'x');
    ZMQ.Socket in = proxyContext.createSocket(SocketType.XSUB);
    ZMQ.Socket out = proxyContext.createSocket(SocketType.XPUB);
    out.setXpubNoDrop(true);
    in.bind("tcp://127.0.0.1:*");
    out.bind("tcp://127.0.0.1:*");
    Thread proxy = new Thread(() -> pass(in, out), "plain-proxy");
    proxy.setDaemon(true);
    publisher.setXpubNoDrop(true);
    publisher.setReceiveTimeOut(RECEIVE_MILLIS);
    subscriber.setReceiveTimeOut(RECEIVE_MILLIS);
    publisher.setHandshakeIvl(HANDSHAKE_MILLIS);
    subscriber.setHandshakeIvl(HANDSHAKE_MILLIS);
    publisher.connect(in.getLastEndpoint());
    subscriber.connect(out.getLastEndpoint());
    subscriber.subscribe(TOPIC);
    proxy.start();
    awaitSubscription();
  }

  /** Looks at the subscriber as well, or it would not subscribe again on a second connection. */
  private void awaitSubscription() throws IOException {
    try (ZMQ.Poller both = context.createPoller(2)) {
      both.register(publisher, ZMQ.Poller.POLLIN);
      both.register(subscriber, ZMQ.Poller.POLLIN);
      for (long left = RECEIVE_MILLIS; publisher.recv(ZMQ.DONTWAIT) == null; left -= POLL_MILLIS) {
        if (left <= 0) {
          throw new IOException("no subscription came");
        }
        both.poll(POLL_MILLIS);
      }
    }
  }

  private static void pass(ZMQ.Socket in, ZMQ.Socket out) {
    try {
      ZMQ.proxy(in, out, null);
    } catch (ZMQException e) {
      if (e.getErrorCode() != ZMQ.Error.ETERM.getCode()) {
        throw e;
      }
    }
  }

  @Override
  public void publish(long number) {
    byte[] ready = payload.clone();
    ByteBuffer.wrap(ready).putLong(number);
    publisher.send(TOPIC, ZMQ.SNDMORE);
    publisher.send(ready, 0);
  }

  @Override
  public long receive() throws IOException {
    byte[] topic = subscriber.recv();
    byte[] received = topic == null ? null : subscriber.recv();
    if (received == null) {
      throw new IOException("an event is lost");
    }
    return ByteBuffer.wrap(received).getLong();
  }

  @Override
  public void close() {
    context.close();
    proxyContext.close();
  }
}
