package dev.carillon.hub.bus;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;

/** A connection to a proxy on which a subscriber may say what no ZeroMQ library would. */
final class RawSubscriber {

  private RawSubscriber() {}

  /** A connection after its handshake, as RFC 23 has it. */
  static Socket connect(EventBusProxy proxy) throws IOException {
    return connect(proxy, "");
  }

  /** One that says more of itself, in the form of RFC 23's metadata. */
  static Socket connect(EventBusProxy proxy, String metadata) throws IOException {
    Socket socket = open(proxy);
    OutputStream out = socket.getOutputStream();
    InputStream in = socket.getInputStream();
    ByteBuffer greeting = ByteBuffer.allocate(64).put((byte) 0xff).position(9);
    out.write(greeting.put(new byte[] {0x7f, 3, 0}).put("NULL".getBytes(US_ASCII)).array());
    in.readNBytes(64);
    byte[] ready = ("\5READY\13Socket-Type\0\0\0\3SUB" + metadata).getBytes(US_ASCII);
    out.write(new byte[] {4, (byte) ready.length});
    out.write(ready);
    in.readNBytes(in.readNBytes(2)[1]);
    return socket;
  }

  /** One of ZMTP 2, as RFC 15 has it, which says nothing of itself. */
  static Socket connectOld(EventBusProxy proxy) throws IOException {
    Socket socket = open(proxy);
    ByteBuffer greeting = ByteBuffer.allocate(14).put((byte) 0xff).position(9);
    socket.getOutputStream().write(greeting.put(new byte[] {0x7f, 1, 2, 0, 0}).array());
    socket.getInputStream().readNBytes(14);
    return socket;
  }

  private static Socket open(EventBusProxy proxy) throws IOException {
    Socket socket =
        new Socket(proxy.subscribeAddress().getHost(), proxy.subscribeAddress().getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }
}
