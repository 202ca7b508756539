package dev.carillon.cli;

/** Shows a person how publishing goes. Thread-safe. */
interface Progress extends AutoCloseable {

  /** How far the input has been read, in bytes. */
  void read(long bytes);

  /** How many events have their answer. */
  void answered(long events);

  /** Shows a line above the progress, and leaves it there. */
  void note(String line);

  @Override
  void close();
}
