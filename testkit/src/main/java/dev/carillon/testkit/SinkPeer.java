package dev.carillon.testkit;

import dev.carillon.core.EventSink;
import io.cloudevents.CloudEvent;
import java.util.List;
import java.util.Optional;

/**
 * The other end of a sink, as a test sees it: a broker, a hub, a bus. It is up when it is handed to
 * a kit. Methods may block, but for a bounded time.
 */
public interface SinkPeer extends AutoCloseable {

  /**
   * A new sink that sends to this peer, made as an application makes one but with short timeouts
   * (about a second), no retries and room for 1,000 to 10,000 events under way. Does not fail when
   * the peer is down. Thread-safe: the kit opens several at once. It closes them.
   */
  EventSink openSink();

  /**
   * Every event that arrived since the peer was made, restarts included, in the order of arrival
   * and as often as it arrived. Read from the peer's own side, never from the sink.
   */
  List<CloudEvent> arrived();

  /** Goes on without taking anything in, connections and all, until {@link #resume}. */
  void stall();

  /** Takes in what waited, and goes on as before. Does nothing unless stalled. */
  void resume();

  /**
   * An event that this transport must refuse by itself; empty if the kit shall make one that is
   * larger than the sink's capabilities allow.
   */
  default Optional<CloudEvent> badEvent() {
    return Optional.empty();
  }

  /** Whether the peer keeps an event once even if it is sent twice. */
  default boolean keepsEachIdOnce() {
    return false;
  }

  @Override
  void close();
}
