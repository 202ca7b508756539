package dev.carillon.eventgrid;

import com.azure.core.util.BinaryData;
import com.azure.core.util.serializer.ObjectSerializer;
import com.azure.core.util.serializer.TypeReference;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import reactor.core.publisher.Mono;

/**
 * Lets the SDK write JSON as it is. The SDK writes data made of bytes in base64 and data made of a
 * text in quotes; only what came from an object with a serializer of its own goes out unchanged.
 */
final class RawJson implements ObjectSerializer {

  private static final RawJson INSTANCE = new RawJson();

  private RawJson() {}

  static BinaryData of(byte[] json) {
    return BinaryData.fromObject(json, INSTANCE);
  }

  @Override
  public void serialize(OutputStream out, Object json) {
    try {
      out.write((byte[]) json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public byte[] serializeToBytes(Object json) {
    return (byte[]) json;
  }

  @Override
  public Mono<Void> serializeAsync(OutputStream out, Object json) {
    return Mono.fromRunnable(() -> serialize(out, json));
  }

  @Override
  public <T> T deserialize(InputStream in, TypeReference<T> type) {
    throw new UnsupportedOperationException("events are only written");
  }

  @Override
  public <T> Mono<T> deserializeAsync(InputStream in, TypeReference<T> type) {
    return Mono.error(() -> new UnsupportedOperationException("events are only written"));
  }
}
