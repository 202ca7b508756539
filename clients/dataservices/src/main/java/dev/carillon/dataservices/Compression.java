package dev.carillon.dataservices;

import dev.carillon.http.Answer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compresses large request bodies for as long as no server minds. Servers that cannot read them say
 * 415, or 400 because gzip is no JSON; the request is then repeated plain, and if the plain one is
 * taken, nothing is compressed any more. That holds after a compressed one was taken as well:
 * behind one address there may be another server by now. Only a 400 that lists an event's bad
 * fields is believed at once, since whoever gave it has read the event.
 */
final class Compression {

  private static final Logger log = LoggerFactory.getLogger(Compression.class);
  private static final int BAD_REQUEST = 400;
  private static final int UNSUPPORTED_MEDIA_TYPE = 415;

  private final int compressFrom;
  private volatile boolean refused;

  Compression(int compressFrom) {
    this.compressFrom = compressFrom;
  }

  /** The call as it should go out. */
  Call apply(Call call) {
    return refused || call.body().length < compressFrom
        ? call
        : call.withBody(gzip(call.body()), true);
  }

  /** Whether an answer to a compressed request may be about its compression. */
  static boolean isDoubted(Answer answer) {
    return answer.status() == UNSUPPORTED_MEDIA_TYPE
        || (answer.status() == BAD_REQUEST && !Refusals.listsFields(answer));
  }

  /** The call without compression. */
  static Call plain(Call call) {
    return call.withBody(gunzip(call.body(), Integer.MAX_VALUE - 8), false);
  }

  /** Takes note of how the repeated, plain request fared. */
  synchronized void repeated(int statusCompressed, Answer plain) {
    if (plain.isSuccess() && !refused) {
      refused = true;
      log.warn(
          "the server answered {} to a gzip request body and {} without: compression is off",
          statusCompressed,
          plain.status());
    }
  }

  /**
   * An answer with its body as it was before the server compressed it; cut and empty if that cannot
   * be told.
   */
  static Answer decoded(Answer answer, int bound) {
    if (!"gzip".equalsIgnoreCase(answer.header("Content-Encoding")) || answer.body().length == 0) {
      return answer;
    }
    try (var gzip = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
      byte[] plain = gzip.readNBytes(bound);
      return answer.withBody(plain, answer.cut() || gzip.read() >= 0);
    } catch (IOException e) {
      return answer.withBody(new byte[0], true);
    }
  }

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length / 4 + 64);
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] gunzip(byte[] compressed, int bound) {
    try (var gzip = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
      return gzip.readNBytes(bound);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
