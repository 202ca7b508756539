package dev.carillon.formats;

import io.cloudevents.CloudEvent;
import java.io.IOException;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;

/** The tree of the JSON format as MessagePack. */
final class MessagePackCodec implements Codec {

  private static final EventTree TREE = new EventTree("data_binary");

  @Override
  public byte[] write(CloudEvent event) throws IOException {
    try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
      new TreePacker(packer).pack(TREE.write(event), 0);
      return packer.toByteArray();
    }
  }

  @Override
  public CloudEvent read(byte[] bytes) throws IOException {
    try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(bytes)) {
      TreeUnpacker tree = new TreeUnpacker(unpacker, bytes.length);
      CloudEvent event = TREE.read(tree.unpack(0));
      tree.requireEnd();
      return event;
    }
  }
}
