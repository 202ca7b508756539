package dev.carillon.hub.bus;

import java.util.List;
import org.zeromq.ZMQ;

/**
 * The way to subscribers. XPUB is told to drop nothing, so that a full queue is seen; whoever may
 * drop then has it drop that once.
 */
final class Outlet {

  private final ZMQ.Socket subscribers;
  private final boolean noDrop;
  private final Figures figures;

  Outlet(ZMQ.Socket subscribers, boolean noDrop, Figures figures) {
    this.subscribers = subscribers;
    this.noDrop = noDrop;
    this.figures = figures;
  }

  /**
   * Sends a message to whoever subscribed.
   *
   * @return false if a subscriber's queue is full and nothing may be dropped; it has then waited a
   *     moment for room
   */
  boolean send(byte[] topic, byte[] payload) {
    int wait = noDrop ? 0 : ZMQ.DONTWAIT;
    if (subscribers.send(topic, ZMQ.SNDMORE | wait)) {
      subscribers.send(payload, wait); // there is room for the rest of what has begun
      return true;
    }
    if (noDrop) {
      return false;
    }
    figures.overflows.increment();
    subscribers.setXpubNoDrop(false);
    subscribers.send(topic, ZMQ.SNDMORE | wait);
    subscribers.send(payload, wait);
    subscribers.setXpubNoDrop(true);
    return true;
  }

  /** Sends frames that are no event, to whoever subscribed to their beginning. */
  boolean send(List<byte[]> frames) {
    int last = frames.size() - 1;
    for (int i = 0; i <= last; i++) {
      boolean taken = subscribers.send(frames.get(i), ZMQ.DONTWAIT | (i < last ? ZMQ.SNDMORE : 0));
      if (!taken && i == 0) {
        return !noDrop; // what is no event may get lost beside a full queue
      }
    }
    return true;
  }
}
