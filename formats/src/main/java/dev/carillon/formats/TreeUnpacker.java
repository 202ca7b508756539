package dev.carillon.formats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.msgpack.core.ExtensionTypeHeader;
import org.msgpack.core.MessageUnpacker;

/** Reads MessagePack as JSON trees, believing no length before the bytes are there. */
final class TreeUnpacker {

  /** As much as Jackson takes of a number in JSON. */
  private static final int MAX_DIGITS = 1000;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final MessageUnpacker unpacker;
  private final int size;

  /**
   * Creates a reader.
   *
   * @param size how many bytes there are
   */
  TreeUnpacker(MessageUnpacker unpacker, int size) {
    this.unpacker = unpacker;
    this.size = size;
  }

  /** Reads the next value, which is itself so many levels deep. */
  JsonNode unpack(int depth) throws IOException {
    if (depth > Codec.MAX_DEPTH) {
      throw new IOException("it is nested deeper than " + Codec.MAX_DEPTH + " levels");
    }
    if (!unpacker.hasNext()) {
      throw new EOFException("it ends too early");
    }
    return switch (unpacker.getNextFormat().getValueType()) {
      case MAP -> map(depth);
      case ARRAY -> array(depth);
      case STRING -> NODES.textNode(text(payload(unpacker.unpackRawStringHeader())));
      case BINARY -> NODES.binaryNode(payload(unpacker.unpackBinaryHeader()));
      case BOOLEAN -> NODES.booleanNode(unpacker.unpackBoolean());
      case INTEGER -> integer();
      case FLOAT -> decimal(unpacker.unpackDouble());
      case EXTENSION -> extension(unpacker.unpackExtensionTypeHeader());
      case NIL -> {
        unpacker.unpackNil();
        yield NODES.nullNode();
      }
    };
  }

  void requireEnd() throws IOException {
    if (unpacker.hasNext()) {
      throw new IOException("something follows the event");
    }
  }

  private JsonNode map(int depth) throws IOException {
    ObjectNode map = NODES.objectNode();
    for (int left = unpacker.unpackMapHeader(); left > 0; left--) {
      JsonNode key = unpack(depth + 1);
      if (!key.isTextual()) {
        throw new IOException("a key of a map is no string");
      }
      if (map.replace(key.asText(), unpack(depth + 1)) != null) {
        throw new IOException("a map has the key " + key + " twice");
      }
    }
    return map;
  }

  private JsonNode array(int depth) throws IOException {
    ArrayNode array = NODES.arrayNode();
    for (int left = unpacker.unpackArrayHeader(); left > 0; left--) {
      array.add(unpack(depth + 1));
    }
    return array;
  }

  private JsonNode integer() throws IOException {
    var value = unpacker.unpackBigInteger();
    if (value.bitLength() < Integer.SIZE) {
      return NODES.numberNode(value.intValue());
    }
    return value.bitLength() < Long.SIZE
        ? NODES.numberNode(value.longValue())
        : NODES.numberNode(value);
  }

  private static JsonNode decimal(double value) throws IOException {
    if (!Double.isFinite(value)) {
      throw new IOException("it holds a number that JSON does not have: " + value);
    }
    return NODES.numberNode(value);
  }

  private JsonNode extension(ExtensionTypeHeader header) throws IOException {
    if (header.isTimestampType()) {
      requireBytes(header.getLength());
      return NODES.textNode(unpacker.unpackTimestamp(header).toString());
    }
    if (header.getType() != TreePacker.DIGITS || header.getLength() > MAX_DIGITS) {
      throw new IOException("it holds an extension value of type " + header.getType());
    }
    String digits = text(payload(header.getLength()));
    try {
      BigDecimal value = new BigDecimal(digits);
      return digits.indexOf('.') < 0 && value.scale() == 0
          ? NODES.numberNode(value.unscaledValue())
          : NODES.numberNode(value);
    } catch (NumberFormatException e) {
      throw new IOException("it holds an extension value of type 1 that is no number", e);
    }
  }

  private byte[] payload(int length) throws IOException {
    requireBytes(length);
    return unpacker.readPayload(length);
  }

  private void requireBytes(int length) throws IOException {
    if (length > size - unpacker.getTotalReadBytes()) {
      throw new EOFException("it ends too early");
    }
  }

  private static String text(byte[] bytes) throws IOException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("it holds a string that is not UTF-8", e);
    }
  }
}
