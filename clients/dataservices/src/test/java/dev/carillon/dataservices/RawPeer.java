package dev.carillon.dataservices;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A peer that speaks bytes: for answers that no HTTP server would give. */
final class RawPeer implements AutoCloseable {

  /** What it does on a connection once a request's head has come. */
  interface Conduct {
    void act(Socket connection, OutputStream out) throws IOException;
  }

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private final AtomicInteger hangUps = new AtomicInteger();

  RawPeer(Conduct conduct) throws IOException {
    Thread acceptor = new Thread(() -> accept(conduct), "raw-peer");
    acceptor.setDaemon(true);
    acceptor.start();
  }

  /** Sends these bytes and then nothing, with the connection left open. */
  static RawPeer sending(String bytes) throws IOException {
    return new RawPeer((connection, out) -> write(out, bytes));
  }

  static void write(OutputStream out, String bytes) throws IOException {
    out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** How many connections the client has closed. */
  int hangUps() {
    return hangUps.get();
  }

  private void accept(Conduct conduct) {
    while (!server.isClosed()) {
      try {
        Socket connection = server.accept();
        connections.add(connection);
        Thread handler = new Thread(() -> serve(connection, conduct), "raw-peer-connection");
        handler.setDaemon(true);
        handler.start();
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket connection, Conduct conduct) {
    try (connection) {
      var in =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
      for (String line = in.readLine(); line != null && !line.isEmpty(); ) {
        line = in.readLine();
      }
      conduct.act(connection, connection.getOutputStream());
      while (in.read() >= 0) {
        Thread.onSpinWait(); // the body, and what else may come until the client hangs up
      }
      hangUps.incrementAndGet();
    } catch (IOException hungUp) {
      hangUps.incrementAndGet();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket connection : connections) {
      connection.close();
    }
  }
}
