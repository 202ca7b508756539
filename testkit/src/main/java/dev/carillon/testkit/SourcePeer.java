package dev.carillon.testkit;

import dev.carillon.core.EventSource;
import io.cloudevents.CloudEvent;

/** The other end of a source, as a test sees it. Methods may block, but for a bounded time. */
public interface SourcePeer extends AutoCloseable {

  /** A new source that receives from this peer. The kit closes it. */
  EventSource openSource();

  /**
   * Publishes an event from the peer's own side, after every subscription made before has taken
   * effect.
   */
  void publish(CloudEvent event);

  /**
   * Publishes messages that are no events of this transport, in every way that it can be wrong.
   *
   * @return how many; 0 if this transport cannot carry such a thing
   */
  long publishMalformed();

  /**
   * How many messages the sources of this peer have skipped and counted, as they say themselves.
   */
  long skipped();

  @Override
  void close();
}
