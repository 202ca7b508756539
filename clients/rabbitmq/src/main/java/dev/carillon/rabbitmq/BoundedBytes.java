package dev.carillon.rabbitmq;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Bytes in memory, up to a limit: what would go beyond it stops the writer. Collects in Jackson's
 * own buffers, which it reuses, and gives them back when closed.
 */
final class BoundedBytes extends OutputStream {

  private final ByteArrayBuilder bytes;
  private final int limit;

  BoundedBytes(JsonFactory buffers, int limit) {
    bytes = new ByteArrayBuilder(buffers._getBufferRecycler());
    this.limit = limit;
  }

  @Override
  public void write(int b) throws IOException {
    require(1);
    bytes.append(b);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    require(length);
    bytes.write(source, offset, length);
  }

  int size() {
    return bytes.size();
  }

  byte[] toByteArray() {
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    bytes.release();
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
