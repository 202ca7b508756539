package dev.carillon.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on loopback that gives a connection bad days: it can refuse, cut, hang and go slow,
 * and be good again. Its port stays the same through all of it.
 *
 * <p>Thread-safe; one thread serves every connection. Each method returns once what it asks for is
 * in force.
 */
public final class FaultProxy implements AutoCloseable {

  private static final long TICK_MILLIS = 5;

  private final InetSocketAddress peer;
  private final InetSocketAddress address;
  private final Selector selector;
  private final Thread thread;
  private final Queue<Runnable> orders = new ConcurrentLinkedQueue<>();
  private final List<ProxiedConnection> connections = new ArrayList<>();
  private @Nullable ServerSocketChannel server;
  private Weather weather = Weather.FAIR;
  private volatile boolean closed;

  private FaultProxy(InetSocketAddress peer) throws IOException {
    this.peer = peer;
    selector = Selector.open();
    address = listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    thread = new Thread(this::serve, "carillon-fault-proxy");
    thread.setDaemon(true);
  }

  /** Starts a proxy on a free port of loopback in front of a port of loopback. */
  public static FaultProxy before(int peerPort) {
    try {
      FaultProxy proxy =
          new FaultProxy(new InetSocketAddress(InetAddress.getLoopbackAddress(), peerPort));
      proxy.thread.start();
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The port that clients connect to. */
  public int port() {
    return address.getPort();
  }

  /** How many connections are open. */
  public int connections() {
    AtomicInteger open = new AtomicInteger();
    order(() -> open.set(connections.size()));
    return open.get();
  }

  /** Passes everything through, as at the start. */
  public void pass() {
    become(Weather.FAIR);
  }

  /** Cuts every connection and refuses new ones. */
  public void refuse() {
    order(
        () -> {
          stopListening();
          cutAll();
        });
  }

  /** Cuts every connection now, with a reset; new ones are served as before. */
  public void cut() {
    order(this::cutAll);
  }

  /**
   * Cuts each connection, with a reset, after so many more bytes either way; new connections as
   * well, counted from their beginning.
   *
   * @param bytesToPeer how many bytes still reach the peer; {@link Long#MAX_VALUE} for any number
   * @param bytesToClient how many bytes still reach the client; {@link Long#MAX_VALUE} for any
   */
  public void cutAfter(long bytesToPeer, long bytesToClient) {
    become(new Weather(bytesToPeer, bytesToClient, Long.MAX_VALUE, false));
  }

  /** Keeps and accepts connections, but moves not a byte either way. */
  public void hang() {
    become(new Weather(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, true));
  }

  /** Passes so many bytes a second at most, for each connection and each way. */
  public void slow(long bytesPerSecond) {
    become(new Weather(Long.MAX_VALUE, Long.MAX_VALUE, bytesPerSecond, false));
  }

  private void become(Weather next) {
    order(
        () -> {
          weather = next;
          connections.forEach(connection -> connection.become(next));
          if (server == null) {
            listen(address);
          }
        });
  }

  /** Ends the proxy and every connection. Calling it again does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      selector.wakeup();
      try {
        thread.join(TimeUnit.SECONDS.toMillis(10));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What is to be done on the proxy's thread. */
  private interface Order {
    void run() throws IOException;
  }

  private void order(Order order) {
    if (closed) {
      throw new IllegalStateException("the proxy is closed");
    }
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    orders.add(
        () -> {
          try {
            order.run();
            done.complete(true);
          } catch (IOException | RuntimeException e) {
            done.completeExceptionally(e);
          }
        });
    selector.wakeup();
    try {
      done.get(10, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the proxy did not do as told", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private InetSocketAddress listen(InetSocketAddress at) throws IOException {
    ServerSocketChannel listening = ServerSocketChannel.open();
    listening.bind(at, 1024);
    listening.configureBlocking(false);
    listening.register(selector, SelectionKey.OP_ACCEPT);
    server = listening;
    return (InetSocketAddress) listening.getLocalAddress();
  }

  private void stopListening() throws IOException {
    if (server != null) {
      server.close();
      server = null;
      selector.selectNow(); // Lets go of the port: a closed channel lives until it is deselected.
    }
  }

  private void serve() {
    try (selector) {
      while (!closed) {
        boolean hurried = connections.stream().anyMatch(ProxiedConnection::waitsForTime);
        selector.select(hurried ? TICK_MILLIS : 0);
        selector.selectedKeys().clear();
        for (Runnable order = orders.poll(); order != null; order = orders.poll()) {
          order.run();
        }
        accept();
        connections.removeIf(connection -> !connection.move());
      }
      stopListening();
      cutAll();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() throws IOException {
    SocketChannel client = server == null ? null : server.accept();
    while (client != null) {
      connections.add(new ProxiedConnection(client, peer, selector, weather));
      client = server == null ? null : server.accept();
    }
  }

  private void cutAll() {
    connections.forEach(ProxiedConnection::cut);
    connections.clear();
  }

  /**
   * How connections are treated.
   *
   * @param toPeer bytes that may still reach the peer
   * @param toClient bytes that may still reach the client
   * @param bytesPerSecond each way
   * @param hangs whether nothing moves at all
   */
  record Weather(long toPeer, long toClient, long bytesPerSecond, boolean hangs) {
    static final Weather FAIR = new Weather(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, false);
  }
}
