package dev.carillon.hub.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * Writes JSON texts, each thread with a generator of its own that it uses again and again: making
 * one costs more than writing a small event. Thread-safe.
 */
public final class JsonBytes {

  /** Writes one JSON value. */
  @FunctionalInterface
  public interface Writing {
    /**
     * Writes it.
     *
     * @param json not to be kept, closed or set up otherwise
     */
    void to(JsonGenerator json) throws IOException;
  }

  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .rootValueSeparator((String) null)
          .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
          .build();

  private static final ThreadLocal<JsonBytes> OWN = ThreadLocal.withInitial(JsonBytes::new);

  private final ByteArrayBuilder out = new ByteArrayBuilder(512);
  private final JsonGenerator json;
  private boolean busy;

  private JsonBytes() {
    try {
      json = JSON.createGenerator(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // nothing is written yet
    }
  }

  /**
   * What was written, in UTF-8, on one line.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  public static byte[] of(Writing writing) {
    JsonBytes own = OWN.get();
    return own.busy ? new JsonBytes().write(writing) : own.write(writing);
  }

  /** Writes a value that is encoded already, in UTF-8 and on one line. */
  static void writeEncoded(JsonGenerator json, byte[] value) throws IOException {
    json.writeRawValue(""); // what comes before a value
    json.flush();
    ((OutputStream) json.getOutputTarget()).write(value);
  }

  private byte[] write(Writing writing) {
    busy = true;
    boolean whole = false;
    try {
      writing.to(json);
      json.flush();
      whole = json.getOutputContext().inRoot();
      if (!whole) {
        throw new IllegalStateException("the JSON value is not ended");
      }
      byte[] text = out.toByteArray();
      out.reset();
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      busy = false;
      if (!whole) {
        OWN.remove(); // what stands in the middle of a text is not used again
      }
    }
  }
}
