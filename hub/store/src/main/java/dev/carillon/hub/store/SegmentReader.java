package dev.carillon.hub.store;

import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads the records of a segment up to the first that is torn. Not thread-safe. */
final class SegmentReader implements AutoCloseable {

  private static final int LOOK_BEHIND_BYTES = 4 << 20;

  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 18).flip();
  private final CRC32C crc = new CRC32C();
  private final long first;
  private long position;
  private long read = Long.BYTES; // where in the file the next record begins

  SegmentReader(Path path) throws IOException {
    this.first = Segment.firstOf(path);
    this.position = first - 1;
    this.channel = FileChannel.open(path, READ);
    long magic = fill(Long.BYTES) ? buffer.getLong() : 0;
    if (magic == 0) { // cut off, or not yet written
      buffer.position(buffer.limit());
      channel.position(channel.size());
    } else if (magic != Segment.MAGIC) {
      channel.close();
      throw new IOException(path + " was written by another version");
    }
  }

  /** The position of the record that {@link #next} returned last. */
  long position() {
    return position;
  }

  /** The next record's bytes; null at the end, or where the rest is torn. */
  byte @Nullable [] next() throws IOException {
    if (!fill(Segment.RECORD_HEADER)) {
      return null;
    }
    int length = buffer.getInt();
    int expected = buffer.getInt();
    if (length <= 0 || length > Segment.MAX_RECORD) {
      return null;
    }
    byte[] payload = new byte[length];
    int have = Math.min(length, buffer.remaining());
    buffer.get(payload, 0, have);
    ByteBuffer rest = ByteBuffer.wrap(payload, have, length - have);
    while (rest.hasRemaining() && channel.read(rest) >= 0) {}
    if (rest.hasRemaining() || Segment.checksum(payload, crc, first) != expected) {
      return null;
    }
    position++;
    read += Segment.RECORD_HEADER + length;
    return payload;
  }

  /**
   * Whether a whole record comes soon behind the one that could not be read. Then it was hardly
   * torn as it was written: the disk has not kept what it had taken.
   */
  boolean isDamaged() throws IOException {
    long size = Math.min(channel.size() - read, LOOK_BEHIND_BYTES);
    ByteBuffer behind = ByteBuffer.allocate((int) Math.max(size, 0));
    while (behind.hasRemaining() && channel.read(behind, read + behind.position()) >= 0) {}
    behind.flip();
    for (int at = 1; at + Segment.RECORD_HEADER < behind.limit(); at++) {
      if (isRecord(behind, at)) {
        return true;
      }
    }
    return false;
  }

  private boolean isRecord(ByteBuffer bytes, int at) {
    int length = bytes.getInt(at);
    int begin = at + Segment.RECORD_HEADER;
    if (length <= 0 || length > bytes.limit() - begin || bytes.get(begin) != '{') {
      return false; // what journals hold are objects of JSON, which spares most checksums
    }
    byte[] payload = new byte[length];
    bytes.get(begin, payload);
    return Segment.checksum(payload, crc, first) == bytes.getInt(at + Integer.BYTES);
  }

  private boolean fill(int needed) throws IOException {
    if (buffer.remaining() < needed) {
      buffer.compact();
      while (buffer.position() < needed && channel.read(buffer) >= 0) {}
      buffer.flip();
    }
    return buffer.remaining() >= needed;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
