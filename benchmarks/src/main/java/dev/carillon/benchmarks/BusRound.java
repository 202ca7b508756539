package dev.carillon.benchmarks;

/** A way to bring events from a publisher through a proxy to a subscriber, set up and ready. */
interface BusRound extends AutoCloseable {

  /** Publishes the event of a number, waiting for room. */
  void publish(long number) throws Exception;

  /** Receives the next event, waiting for it, and returns its number. */
  long receive() throws Exception;

  @Override
  void close() throws Exception;
}
