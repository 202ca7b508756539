package dev.carillon.rabbitmq;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Bytes in memory, up to a limit: what would go beyond it stops the writer. Made for a writer with
 * a buffer of its own: what comes in one piece is copied once.
 */
final class BoundedBytes extends OutputStream {

  private static final byte[] NONE = {};

  private final int limit;
  private byte[] bytes = NONE;
  private int size;

  BoundedBytes(int limit) {
    this.limit = limit;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    if (length > limit - size) {
      throw new LimitReachedException();
    }
    if (length > bytes.length - size) {
      int doubled = (int) Math.min(limit, 2L * size);
      bytes = Arrays.copyOf(bytes, Math.max(size + length, doubled));
    }
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
  }

  int size() {
    return size;
  }

  /** Takes out what was written, and begins anew. */
  byte[] take() {
    byte[] taken = size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    bytes = NONE;
    size = 0;
    return taken;
  }

  /** The limit is reached. */
  static final class LimitReachedException extends IOException {
    private static final long serialVersionUID = 1L;
  }
}
