package dev.carillon.core;

/** What JSON must be to be carried as it is. */
public final class JsonData {

  private JsonData() {}

  /**
   * Refuses what begins like UTF-16, UTF-32 or a byte order mark: many parsers take these too, but
   * the formats here are in UTF-8 (RFC 8259, section 8.1). Whether it is JSON is not asked.
   *
   * @throws EventValidationException that names the field {@code data}
   */
  public static void requireUtf8(byte[] json) {
    if ((json.length > 0 && json[0] <= 0) || (json.length > 1 && json[1] == 0)) { // no ASCII
      throw new EventValidationException("data", "is not JSON in UTF-8 without a byte order mark");
    }
  }
}
