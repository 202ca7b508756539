package dev.carillon.cli;

import dev.carillon.analytics.EventBuffer;
import java.util.concurrent.Semaphore;

/** Sends creates, updates and deletes through a buffer, so many at a time. */
final class OperationPump implements LineTarget {

  /** Three requests: one on its way, one that is full, and one that fills. */
  private static final int MAX_UNDER_WAY = 1_500;

  /** Half of what a buffer holds, since an event may be longer than its line. */
  private static final int MAX_BYTES = 32 << 20;

  private final OperationReader reader = new OperationReader();
  private final EventBuffer buffer;
  private final Tally tally;
  private final Semaphore free = new Semaphore(MAX_UNDER_WAY);
  private final Semaphore room = new Semaphore(MAX_BYTES);

  /**
   * @param buffer sends what it has by itself, soon
   */
  OperationPump(EventBuffer buffer, Tally tally) {
    this.buffer = buffer;
    this.tally = tally;
  }

  @Override
  public void add(String place, byte[] line) throws BadMessageException {
    add(place, reader.read(line), line.length);
  }

  /**
   * Adds an operation.
   *
   * @param size of it as it was read, in bytes
   */
  void add(String place, AnalyticsOperation operation, int size) {
    free.acquireUninterruptibly();
    room.acquireUninterruptibly(size);
    tally.sent(1);
    var unused =
        operation
            .sendBy(buffer)
            .whenComplete(
                (id, error) -> {
                  if (error == null) {
                    tally.acknowledged();
                  } else {
                    tally.failed(place, "event " + operation.eventId(), error);
                  }
                  room.release(size);
                  free.release();
                });
  }

  @Override
  public void flush() {}

  @Override
  public void finish() {
    free.acquireUninterruptibly(MAX_UNDER_WAY);
    free.release(MAX_UNDER_WAY);
  }
}
