package dev.carillon.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Lines of a stream, in bytes, none longer than a limit: what is longer is skipped and can be asked
 * for, so that no input fills the memory. Not thread-safe.
 */
final class BoundedLines implements AutoCloseable {

  private final InputStream in;
  private final int maxBytes;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
  private boolean tooLong;
  private long number;
  private long bytesRead;

  BoundedLines(InputStream in, int maxBytes) {
    this.in = new BufferedInputStream(in, 1 << 16);
    this.maxBytes = maxBytes;
  }

  /** Reads the next line, waiting for as long as the stream does; false at the end. */
  boolean next() throws IOException {
    line.reset();
    tooLong = false;
    int b = in.read();
    if (b < 0) {
      return false;
    }
    number++;
    for (; b >= 0 && b != '\n'; b = in.read()) {
      bytesRead++;
      tooLong |= line.size() == maxBytes;
      if (!tooLong) {
        line.write(b);
      }
    }
    bytesRead++;
    return true;
  }

  /** Whether some of the next line is there already. */
  boolean isReady() throws IOException {
    return in.available() > 0;
  }

  /** The line that was read, without its end. */
  byte[] line() {
    return line.toByteArray();
  }

  /** Whether the line was longer than allowed; then only its beginning is there. */
  boolean isTooLong() {
    return tooLong;
  }

  /** The number of the line that was read, from 1. */
  long number() {
    return number;
  }

  /** How much has been read, in bytes. */
  long bytesRead() {
    return bytesRead;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
