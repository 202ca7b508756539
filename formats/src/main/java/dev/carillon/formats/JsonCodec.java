package dev.carillon.formats;

import io.cloudevents.CloudEvent;
import java.io.IOException;

/** The JSON format of CloudEvents 1.0.2. */
final class JsonCodec implements Codec {

  private static final EventTree TREE = new EventTree("data_base64");

  @Override
  public byte[] write(CloudEvent event) throws IOException {
    return EventTree.MAPPER.writeValueAsBytes(TREE.write(event));
  }

  @Override
  public CloudEvent read(byte[] bytes) throws IOException {
    return TREE.read(EventTree.MAPPER.readTree(bytes));
  }
}
