package dev.carillon.formats;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.format.EventFormat;
import io.cloudevents.protobuf.ProtobufFormat;
import java.io.IOException;

/** The Protobuf format of CloudEvents 1.0.2, as its SDK has it. */
final class ProtobufCodec implements Codec {

  private final EventFormat format = new ProtobufFormat();

  @Override
  public byte[] write(CloudEvent event) {
    return format.serialize(CloudEventBuilder.v1(event).build());
  }

  @Override
  public CloudEvent read(byte[] bytes) throws IOException {
    if (bytes.length == 0) {
      throw new IOException("it is empty");
    }
    return format.deserialize(bytes);
  }
}
