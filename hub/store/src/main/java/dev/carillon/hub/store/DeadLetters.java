package dev.carillon.hub.store;

import java.io.IOException;

/** Takes operations that a store does not take, with the reason, so that they stop nobody. */
public interface DeadLetters {

  /**
   * Keeps an operation.
   *
   * @throws IOException if it could not be kept; it comes again
   */
  void add(String source, Batch.Placed operation, String reason) throws IOException;
}
