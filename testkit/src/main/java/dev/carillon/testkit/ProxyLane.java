package dev.carillon.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** One direction of a proxied connection: bytes from here to there, rationed. */
final class ProxyLane {

  private final SocketChannel from;
  private final SocketChannel to;
  private final ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
  private long left;
  private long bytesPerSecond;
  private long since;
  private long movedSince;
  private boolean ended;
  private boolean shut;

  ProxyLane(SocketChannel from, SocketChannel to) {
    this.from = from;
    this.to = to;
  }

  void become(long bytesLeft, long newBytesPerSecond) {
    left = bytesLeft;
    bytesPerSecond = newBytesPerSecond;
    since = System.nanoTime();
    movedSince = 0;
  }

  void move() throws IOException {
    if (shut) {
      return;
    }
    if (buffer.position() == 0) {
      since = System.nanoTime(); // An idle lane saves nothing up for a burst.
      movedSince = 0;
    }
    if (!ended && buffer.hasRemaining()) {
      ended = from.read(buffer) < 0;
    }
    buffer.flip();
    int all = buffer.limit();
    buffer.limit((int) Math.min(all, Math.min(left, allowance())));
    int written = to.write(buffer);
    buffer.limit(all);
    buffer.compact();
    movedSince += written;
    if (left != Long.MAX_VALUE) {
      left -= written;
    }
    if (ended && buffer.position() == 0 && !shut) {
      to.shutdownOutput();
      shut = true;
    }
  }

  private long allowance() {
    if (bytesPerSecond == Long.MAX_VALUE) {
      return Long.MAX_VALUE;
    }
    double seconds = (System.nanoTime() - since) / 1e9;
    return Math.max(0, (long) (seconds * bytesPerSecond) - movedSince);
  }

  /** Whether it has passed on all that it may. */
  boolean isSpent() {
    return left == 0;
  }

  /** Whether its sender has ended and all is passed on. */
  boolean isOver() {
    return shut;
  }

  boolean waitsForTime() {
    return bytesPerSecond != Long.MAX_VALUE && buffer.position() > 0;
  }

  int readInterest() {
    return !ended && buffer.hasRemaining() ? SelectionKey.OP_READ : 0;
  }

  int writeInterest() {
    return buffer.position() > 0 && !waitsForTime() ? SelectionKey.OP_WRITE : 0;
  }
}
