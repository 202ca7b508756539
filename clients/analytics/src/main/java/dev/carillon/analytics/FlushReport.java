package dev.carillon.analytics;

import java.util.List;

/**
 * What became of a buffer's events.
 *
 * @param accepted how many the service has accepted since the buffer was opened
 * @param failed how many have failed since then, each with the reason in its future
 * @param unsent the ids of those that were to be sent and were not in time, in order; after a flush
 *     they are still in the buffer, after a close only in the spill folder, if there is one
 */
public record FlushReport(long accepted, long failed, List<String> unsent) {

  /** Copies. */
  public FlushReport {
    unsent = List.copyOf(unsent);
  }

  /** Whether everything was sent. */
  public boolean isComplete() {
    return unsent.isEmpty();
  }
}
