package dev.carillon.analytics;

import dev.carillon.http.Answer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Compresses large request bodies until a server minds. Servers that cannot read them say 415, or
 * 400 because gzip is no JSON. Each request that is answered so is repeated plain: others may have
 * been taken, but by another server behind the same address. If the plain one is taken, nothing is
 * compressed any more; else its answer counts.
 */
final class Compression {

  private static final int BAD_REQUEST = 400;
  private static final int UNSUPPORTED_MEDIA_TYPE = 415;

  private final int compressFrom;
  private volatile boolean refused;

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
    return !refused && size > 0 && size >= compressFrom;
  }

  /** Whether an answer to a compressed request may be about its compression. */
  static boolean isDoubted(Answer answer) {
    return answer.status() == UNSUPPORTED_MEDIA_TYPE || answer.status() == BAD_REQUEST;
  }

  /** A request was taken that had been doubted when it was compressed. */
  void refuse() {
    refused = true;
  }

  boolean isRefused() {
    return refused;
  }

  /** The call without compression. */
  static Call plain(Call call) {
    if (!call.isCompressed()) {
      return call;
    }
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
