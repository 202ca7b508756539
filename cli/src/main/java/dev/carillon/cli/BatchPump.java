package dev.carillon.cli;

import dev.carillon.core.EventException;
import dev.carillon.core.Outcome;
import dev.carillon.dataservices.EventClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Sends events in batches, a few of them at a time: the caller waits when all are under way, so
 * memory stays bounded however long the input is. One thread adds; answers come on the client's.
 */
final class BatchPump {

  private static final int MAX_EVENTS = 500;
  private static final int MAX_BYTES = 4 << 20;
  private static final int MAX_IN_FLIGHT = 4;

  private final EventClient client;
  private final Tally tally;
  private final Semaphore free = new Semaphore(MAX_IN_FLIGHT);
  private List<NumberedMessage> batch = new ArrayList<>();
  private int bytes;

  BatchPump(EventClient client, Tally tally) {
    this.client = client;
    this.tally = tally;
  }

  /**
   * Adds an event to the batch and sends the batch when it is full.
   *
   * @param size of the event as it was read, in bytes
   */
  void add(NumberedMessage event, int size) throws InterruptedException {
    if (bytes + size > MAX_BYTES) {
      flush();
    }
    batch.add(event);
    bytes += size;
    if (batch.size() == MAX_EVENTS) {
      flush();
    }
  }

  /** Sends what has been added, without waiting for the answer. */
  void flush() throws InterruptedException {
    if (batch.isEmpty()) {
      return;
    }
    List<NumberedMessage> events = batch;
    batch = new ArrayList<>();
    bytes = 0;
    free.acquire();
    tally.sent(events.size());
    client
        .publishBatchAsync(events.stream().map(NumberedMessage::message).toList())
        .whenComplete(
            (outcomes, error) -> {
              try {
                count(events, outcomes, error);
              } finally {
                free.release();
              }
            });
  }

  /** Sends what is left and waits until everything is answered. */
  void finish() throws InterruptedException {
    flush();
    free.acquire(MAX_IN_FLIGHT);
  }

  private void count(
      List<NumberedMessage> events,
      @Nullable List<Outcome> outcomes,
      @Nullable Throwable error) {
    for (int i = 0; i < events.size(); i++) {
      if (outcomes != null && error == null) {
        tally.answered(events.get(i), outcomes.get(i));
      } else if (error != null) {
        tally.failed(events.get(i), EventException.of(error));
      }
    }
  }
}
