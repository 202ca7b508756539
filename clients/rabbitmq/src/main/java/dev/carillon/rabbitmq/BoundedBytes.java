package dev.carillon.rabbitmq;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Bytes in memory, up to a limit: what would go beyond it stops the writer. */
final class BoundedBytes extends OutputStream {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
  private final int limit;

  BoundedBytes(int limit) {
    this.limit = limit;
  }

  @Override
  public void write(int b) throws IOException {
    require(1);
    bytes.write(b);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    require(length);
    bytes.write(source, offset, length);
  }

  byte[] toByteArray() {
    return bytes.toByteArray();
  }

  private void require(int more) throws LimitReachedException {
    if (more > limit - bytes.size()) {
      throw new LimitReachedException();
    }
  }

  /** The limit is reached. */
  static final class LimitReachedException extends IOException {
    private static final long serialVersionUID = 1L;
  }
}
