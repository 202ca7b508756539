package dev.carillon.hub.pipeline;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Writes rows in ClickHouse's format <a
 * href="https://clickhouse.com/docs/interfaces/formats/RowBinary">RowBinary</a>: the values of the
 * columns in order, row after row. The client's own writer puts each value into a box and an array
 * first, and takes four times as long. Not thread-safe.
 */
final class RowBinary {

  private static final int BUFFER_BYTES = 64 << 10;
  private static final int MAX_VARINT = 5;

  private final OutputStream out;
  private final byte[] bytes = new byte[BUFFER_BYTES];
  private final ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);

  /** Begins with no row; {@link #flush} writes what comes last. */
  RowBinary(OutputStream out) {
    this.out = out;
  }

  RowBinary bool(boolean value) throws IOException {
    return int8(value ? 1 : 0);
  }

  RowBinary int8(int value) throws IOException {
    room(Byte.BYTES).put((byte) value);
    return this;
  }

  /** Also an unsigned number, whose bytes are the same. */
  RowBinary int64(long value) throws IOException {
    room(Long.BYTES).putLong(value);
    return this;
  }

  RowBinary float64(double value) throws IOException {
    room(Double.BYTES).putDouble(value);
    return this;
  }

  RowBinary uuid(UUID value) throws IOException {
    room(2 * Long.BYTES)
        .putLong(value.getMostSignificantBits())
        .putLong(value.getLeastSignificantBits());
    return this;
  }

  RowBinary string(String value) throws IOException {
    return string(value.getBytes(StandardCharsets.UTF_8));
  }

  RowBinary string(byte[] value) throws IOException {
    length(value.length);
    if (value.length > BUFFER_BYTES) {
      flush();
      out.write(value);
    } else {
      room(value.length).put(value);
    }
    return this;
  }

  private void length(int length) throws IOException {
    ByteBuffer to = room(MAX_VARINT);
    int rest = length;
    for (; rest >= 0x80; rest >>>= 7) {
      to.put((byte) (rest | 0x80));
    }
    to.put((byte) rest);
  }

  private ByteBuffer room(int length) throws IOException {
    if (buffer.remaining() < length) {
      flush();
    }
    return buffer;
  }

  void flush() throws IOException {
    out.write(bytes, 0, buffer.position());
    buffer.clear();
  }
}
