package dev.carillon.analytics;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Compresses large request bodies for as long as the server does not mind. Servers that cannot read
 * them say 415, or 400 because gzip is no JSON; the request is then repeated plain, and if the
 * plain one fares differently, nothing is compressed any more. Once a server has taken a compressed
 * body, its 400 is believed to be about the event.
 */
final class Compression {

  private static final int BAD_REQUEST = 400;
  private static final int UNSUPPORTED_MEDIA_TYPE = 415;

  private enum Standing {
    UNKNOWN,
    ACCEPTED,
    REFUSED
  }

  private final int compressFrom;
  private volatile Standing standing = Standing.UNKNOWN;

  Compression(int compressFrom) {
    this.compressFrom = compressFrom;
  }

  /** A body that is written out when it is known how. */
  interface Body {
    void writeTo(OutputStream out) throws IOException;
  }

  /** The call as it should go out. */
  Call apply(Call call) {
    if (call.isCompressed() || !appliesTo(call.body().length)) {
      return call;
    }
    try {
      return call.withBody(gzip(call.body().length, out -> out.write(call.body())), true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A call with a body of this size, written out at once as it should go out. */
  Call apply(Call call, int size, Body body) throws IOException {
    if (appliesTo(size)) {
      return call.withBody(gzip(size, body), true);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(size);
    body.writeTo(bytes);
    return call.withBody(bytes.toByteArray(), false);
  }

  private boolean appliesTo(int size) {
    return standing != Standing.REFUSED && size >= compressFrom;
  }

  /** Whether an answer to a compressed request may be about its compression. */
  boolean isDoubted(Answer answer) {
    if (answer.isSuccess()) {
      if (standing == Standing.UNKNOWN) {
        standing = Standing.ACCEPTED;
      }
      return false;
    }
    return answer.status() == UNSUPPORTED_MEDIA_TYPE
        || (answer.status() == BAD_REQUEST && standing == Standing.UNKNOWN);
  }

  /** The same request without compression was answered. */
  void repeatedPlain(int statusCompressed, Answer answer) {
    if (answer.status() != statusCompressed) {
      standing = Standing.REFUSED;
    }
  }

  /** The call without compression. */
  static Call plain(Call call) {
    try (var gzip = new GZIPInputStream(new ByteArrayInputStream(call.body()))) {
      return call.withBody(gzip.readAllBytes(), false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] gzip(int size, Body body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(size / 4 + 64);
    try (var gzip = new FastGzip(bytes)) {
      body.writeTo(gzip);
    }
    return bytes.toByteArray();
  }

  /** Gzip at its quickest: on a local network a harder squeeze costs more time than it saves. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(ByteArrayOutputStream out) throws IOException {
      super(out, 4096);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
