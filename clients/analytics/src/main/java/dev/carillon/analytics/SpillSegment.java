package dev.carillon.analytics;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One file of a spill: operations as they go over the wire, one a line. Not by a FileChannel, which
 * an interrupt of any thread that uses it would close for all. Thread-safe.
 */
final class SpillSegment implements Closeable {

  private final Path path;
  private final long number;
  private long length;
  private @Nullable RandomAccessFile file;
  private boolean closed;

  SpillSegment(Path path, long number, long length) {
    this.path = path;
    this.number = number;
    this.length = length;
  }

  Path path() {
    return path;
  }

  long number() {
    return number;
  }

  synchronized long length() {
    return length;
  }

  /** Adds a line at the end; returns where it begins. */
  synchronized long append(byte[] line) throws IOException {
    RandomAccessFile open = file();
    long begin = length;
    byte[] ended = new byte[line.length + 1];
    System.arraycopy(line, 0, ended, 0, line.length);
    ended[line.length] = '\n';
    try {
      open.seek(begin);
      open.write(ended);
    } catch (IOException e) {
      open.setLength(begin); // the disk may be full: half a line must not stay before the next
      throw e;
    }
    length = begin + ended.length;
    return begin;
  }

  /** Drops what is behind an end, so that the next line does not continue it. */
  synchronized void cut(long end) throws IOException {
    if (end < length) {
      file().setLength(end);
      length = end;
    }
  }

  synchronized byte[] read(long begin, int size) throws IOException {
    byte[] line = new byte[size];
    try {
      RandomAccessFile open = file();
      open.seek(begin);
      open.readFully(line);
    } catch (IOException e) {
      // what cannot be opened may be later, when the process has fewer open files
      if (closed || (file == null && Files.exists(path))) {
        throw e;
      }
      throw new LostPayloadException(path + " at " + begin + ": " + e, e);
    }
    return line;
  }

  private RandomAccessFile file() throws IOException {
    if (closed) {
      throw new IOException(path + " is closed");
    }
    if (file == null) {
      file = Spill.openFile(path);
    }
    return file;
  }

  synchronized void delete() throws IOException {
    close();
    Files.deleteIfExists(path);
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    if (file != null) {
      file.close();
      file = null;
    }
  }
}
