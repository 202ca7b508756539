package dev.carillon.hub.store;

import com.fasterxml.jackson.core.JsonLocation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A JSON text in memory, beside a parser that reads it. */
final class JsonText {

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long EACH = 0x0101_0101_0101_0101L;

  private final byte[] bytes;
  private final int from;
  private final int to;
  private final long offset;

  /**
   * Stands for the rest of a buffer.
   *
   * @param offset how many bytes its parser has read before it
   */
  JsonText(ByteBuffer json, long offset) {
    if (json.hasArray()) {
      this.bytes = json.array();
      this.from = json.arrayOffset() + json.position();
    } else {
      this.bytes = new byte[json.remaining()];
      json.duplicate().get(bytes);
      this.from = 0;
    }
    this.to = from + json.remaining();
    this.offset = offset;
  }

  /** Where in the text its parser is; negative if that cannot be told, as it is not in UTF-8. */
  int at(JsonLocation location) {
    return location.getByteOffset() < 0 ? -1 : (int) (location.getByteOffset() - offset);
  }

  /** Whether nothing but white space follows; not if where is not known. */
  boolean isBlank(int start) {
    if (start < 0) {
      return false;
    }
    int i = from + start;
    while (i < to
        && (bytes[i] == ' ' || bytes[i] == '\n' || bytes[i] == '\r' || bytes[i] == '\t')) {
      i++;
    }
    return i == to;
  }

  /** A copy of some of it. */
  byte[] copy(int start, int end) {
    return Arrays.copyOfRange(bytes, from + start, from + end);
  }

  /** Whether the rest of it is on one line and in ASCII, without characters by number. */
  boolean isPlain(int start) {
    int i = from + start;
    while (i < to) {
      if (i <= to - Long.BYTES && areLetters((long) EIGHT_BYTES.get(bytes, i))) {
        i += Long.BYTES;
      } else if (bytes[i] < ' ' || (bytes[i] == '\\' && (++i == to || bytes[i] == 'u'))) {
        return false;
      } else {
        i++;
      }
    }
    return true;
  }

  /**
   * Whether all of eight bytes are ASCII but no control characters and no backslashes. A byte that
   * is less than what is taken from it borrows, and has its highest bit set.
   */
  private static boolean areLetters(long bytes) {
    long fromSpace = bytes - EACH * ' ';
    long backslashes = (bytes ^ EACH * '\\') - EACH;
    return ((bytes | fromSpace | backslashes) & (EACH << 7)) == 0;
  }
}
