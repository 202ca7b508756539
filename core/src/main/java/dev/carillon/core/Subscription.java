package dev.carillon.core;

/** A running subscription of an {@link EventSource}. Thread-safe. */
public interface Subscription extends AutoCloseable {

  /** Whether events still come: true until this subscription or its source is closed. */
  boolean isActive();

  /** How many events the handler has taken without an error. */
  long handled();

  /** How many events the handler has thrown on. */
  long failed();

  /**
   * Stops the calls. What the handler's thread has taken up before may still be on its way into the
   * handler, or in it, when this returns; no other event gets there. Safe to call from the handler
   * itself. Calling it again does nothing.
   */
  @Override
  void close();
}
