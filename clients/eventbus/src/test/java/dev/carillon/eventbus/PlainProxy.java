package dev.carillon.eventbus;

import java.net.URI;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/** ZeroMQ's own proxy, as other people run it. */
final class PlainProxy implements AutoCloseable {

  private final ZMQ.Context context = ZMQ.context(1);
  private final int publishPort;
  private final int subscribePort;
  private final Thread thread;

  private PlainProxy() {
    ZMQ.Socket publishers = context.socket(SocketType.XSUB);
    ZMQ.Socket subscribers = context.socket(SocketType.XPUB);
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
    try (publishers;
        subscribers) {
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

  /** Has the proxy end, which closes its sockets on its own thread, and waits for that. */
  @Override
  public void close() {
    context.term();
  }
}
