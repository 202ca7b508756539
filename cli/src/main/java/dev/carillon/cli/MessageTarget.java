package dev.carillon.cli;

import dev.carillon.core.EventException;

/**
 * Lines that hold event messages of the Data Services.
 *
 * @param reader reads them
 * @param pump sends them
 */
record MessageTarget(MessageLineReader reader, BatchPump pump) implements LineTarget {

  @Override
  public void add(String place, byte[] line) throws BadMessageException {
    try {
      pump.add(new NumberedMessage(place, reader.read(line)), line.length);
    } catch (EventException e) {
      throw new BadMessageException(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void flush() {
    pump.flush();
  }

  @Override
  public void finish() {
    pump.finish();
  }
}
