package dev.carillon.formats;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.msgpack.core.MessagePacker;

/** Writes JSON trees as MessagePack, losing no digit of any number. */
final class TreePacker {

  /** The extension type for the digits of a number that MessagePack has no type for. */
  static final byte DIGITS = 1;

  private static final int MAX_UNSIGNED_BITS = 64;

  private final MessagePacker packer;

  TreePacker(MessagePacker packer) {
    this.packer = packer;
  }

  /** Writes a tree that is itself so many levels deep. */
  void pack(JsonNode node, int depth) throws IOException {
    if (depth > Codec.MAX_DEPTH) {
      throw new IOException("it is nested deeper than " + Codec.MAX_DEPTH + " levels");
    }
    switch (node.getNodeType()) {
      case OBJECT -> {
        packer.packMapHeader(node.size());
        for (Map.Entry<String, JsonNode> member : node.properties()) {
          packer.packString(member.getKey());
          pack(member.getValue(), depth + 1);
        }
      }
      case ARRAY -> {
        packer.packArrayHeader(node.size());
        for (JsonNode item : node) {
          pack(item, depth + 1);
        }
      }
      case STRING -> packer.packString(node.textValue());
      case BOOLEAN -> packer.packBoolean(node.booleanValue());
      case NULL -> packer.packNil();
      case NUMBER -> packNumber(node);
      case BINARY -> {
        byte[] bytes = node.binaryValue();
        packer.packBinaryHeader(bytes.length);
        packer.writePayload(bytes);
      }
      default -> throw new IOException("it holds what is no JSON: " + node.getNodeType());
    }
  }

  private void packNumber(JsonNode node) throws IOException {
    switch (node.numberType()) {
      case INT, LONG -> packer.packLong(node.longValue());
      case BIG_INTEGER -> packInteger(node.bigIntegerValue());
      case FLOAT, DOUBLE -> packer.packDouble(node.doubleValue());
      case BIG_DECIMAL -> packDecimal(node.decimalValue());
    }
  }

  private void packInteger(BigInteger value) throws IOException {
    int bits = value.signum() < 0 ? MAX_UNSIGNED_BITS - 1 : MAX_UNSIGNED_BITS;
    if (value.bitLength() <= bits) {
      packer.packBigInteger(value);
    } else {
      packDigits(value.toString());
    }
  }

  private void packDecimal(BigDecimal value) throws IOException {
    double rounded = value.doubleValue();
    if (Double.isFinite(rounded) && BigDecimal.valueOf(rounded).compareTo(value) == 0) {
      packer.packDouble(rounded);
    } else {
      packDigits(value.toString());
    }
  }

  private void packDigits(String digits) throws IOException {
    byte[] text = digits.getBytes(StandardCharsets.US_ASCII);
    packer.packExtensionTypeHeader(DIGITS, text.length);
    packer.writePayload(text);
  }
}
