package dev.carillon.zeromq;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Payloads made smaller. A payload says itself whether it is: JSON never begins as gzip does. */
public final class Gzip {

  private Gzip() {}

  /** Whether a payload is gzip. */
  public static boolean isCompressed(byte[] payload) {
    return payload.length > 2 && payload[0] == 0x1f && payload[1] == (byte) 0x8b;
  }

  /** The payload as gzip. */
  public static byte[] deflate(byte[] payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length / 2);
    try (GZIPOutputStream gzip = new GZIPOutputStream(out, 4096)) {
      gzip.write(payload);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /**
   * The payload as it was.
   *
   * @throws IOException if it is damaged, or larger than allowed
   */
  public static byte[] inflate(byte[] payload, int maxBytes) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(payload), 4096)) {
      byte[] plain = in.readNBytes(maxBytes);
      if (in.read() >= 0) {
        throw new IOException("inflates to more than " + maxBytes + " bytes");
      }
      return plain;
    }
  }
}
