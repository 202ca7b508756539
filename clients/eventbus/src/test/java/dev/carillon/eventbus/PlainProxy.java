package dev.carillon.eventbus;

import java.net.URI;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/** ZeroMQ's own proxy, as other people run it. */
final class PlainProxy implements AutoCloseable {

  private final ZContext context = new ZContext();
  private final int publishPort;
  private final int subscribePort;
  private final Thread thread;

  private PlainProxy() {
    ZMQ.Socket publishers = context.createSocket(SocketType.XSUB);
    ZMQ.Socket subscribers = context.createSocket(SocketType.XPUB);
    publishers.bind("tcp://127.0.0.1:*");
    subscribers.bind("tcp://127.0.0.1:*");
    publishPort = URI.create(publishers.getLastEndpoint()).getPort();
    subscribePort = URI.create(subscribers.getLastEndpoint()).getPort();
    thread = new Thread(() -> run(publishers, subscribers), "plain-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  static PlainProxy start() {
    return new PlainProxy();
  }

  private static void run(ZMQ.Socket publishers, ZMQ.Socket subscribers) {
    try {
      ZMQ.proxy(publishers, subscribers, null);
    } catch (ZMQException e) {
      if (e.getErrorCode() != ZMQ.Error.ETERM.getCode()) {
        throw e;
      }
    }
  }

  int publishPort() {
    return publishPort;
  }

  int subscribePort() {
    return subscribePort;
  }

  @Override
  public void close() {
    context.close();
  }
}
