package dev.carillon.hub.bus;

/**
 * Keeps what passes through a bus. Called by one thread, the proxy's, which it must never hold up:
 * what takes time belongs on a thread of its own.
 */
@FunctionalInterface
public interface BusRecorder {

  /**
   * Takes an event, or refuses it for want of room.
   *
   * @param message the event
   * @param settlement to be told, once and from any thread, what became of the event
   * @return false if there is no room now; the settlement is then not to be told anything. The
   *     proxy offers the event again if it may drop nothing, and otherwise counts it as unrecorded
   */
  boolean offer(BusMessage message, Settlement settlement);

  /** Hears what became of an event. Thread-safe; only the first call counts. */
  interface Settlement {

    /** The event is on durable storage. */
    void stored();

    /**
     * The event is not kept.
     *
     * @param reason fit for the publisher's eyes
     * @param retryable whether the same event may be taken later
     */
    void refused(String reason, boolean retryable);
  }
}
