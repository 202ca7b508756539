package dev.carillon.core;

/** Where events come from. Thread-safe. */
public interface EventSource extends AutoCloseable {

  /**
   * Starts handing matching events to a handler, in the order the transport gives them.
   *
   * @param filter which events; {@link EventFilter#all()} for every one
   * @param handler called for one event at a time, on a thread of the source
   * @return the running subscription; closing it stops the calls
   * @throws SinkClosedException if the source is closed
   */
  Subscription subscribe(EventFilter filter, EventHandler handler);

  /** Ends every subscription and frees what the source created. Calling it again does nothing. */
  @Override
  void close();
}
