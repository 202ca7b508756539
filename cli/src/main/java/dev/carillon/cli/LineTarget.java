package dev.carillon.cli;

/** Where the lines of an input go. Waits where it must, so that memory stays bounded. */
interface LineTarget {

  /**
   * Takes a line.
   *
   * @param place as a person finds it: {@code line 17}
   * @throws BadMessageException if it holds no event, saying what is wrong with it
   */
  void add(String place, byte[] line) throws BadMessageException;

  /** Sends what has been taken. */
  void flush();

  /** Sends what has been taken and waits until everything is answered; more may follow. */
  void finish();
}
