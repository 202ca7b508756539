package dev.carillon.formats;

import io.cloudevents.CloudEvent;
import java.io.IOException;

/** The JSON format of CloudEvents 1.0.2. */
final class JsonCodec implements Codec {

  private static final Envelope ENVELOPE = new Envelope("data_base64");

  @Override
  public byte[] write(CloudEvent event) throws IOException {
    return Envelope.MAPPER.writeValueAsBytes(ENVELOPE.write(event));
  }

  @Override
  public CloudEvent read(byte[] bytes) throws IOException {
    return ENVELOPE.read(Envelope.MAPPER.readTree(bytes));
  }
}
