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
    Socket socket =
        new Socket(proxy.subscribeAddress().getHost(), proxy.subscribeAddress().getPort());
    socket.setSoTimeout(20_000);
    OutputStream out = socket.getOutputStream();
    InputStream in = socket.getInputStream();
    ByteBuffer greeting = ByteBuffer.allocate(64).put((byte) 0xff).position(9);
    out.write(greeting.put(new byte[] {0x7f, 3, 0}).put("NULL".getBytes(US_ASCII)).array());
    in.readNBytes(64);
    byte[] ready = "\5READY\13Socket-Type\0\0\0\3SUB".getBytes(US_ASCII);
    out.write(new byte[] {4, (byte) ready.length});
    out.write(ready);
    in.readNBytes(in.readNBytes(2)[1]);
    return socket;
  }
}
