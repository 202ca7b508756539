package dev.carillon.analytics;

import java.io.IOException;

/**
 * One operation in a spill.
 *
 * @param segment the file
 * @param begin where it begins
 * @param size its length without the line's end
 */
record SpillLine(SpillSegment segment, long begin, int size) implements Payload {

  @Override
  public byte[] bytes() throws IOException {
    return segment.read(begin, size);
  }

  /** Where the next one begins. */
  long end() {
    return begin + size + 1;
  }
}
