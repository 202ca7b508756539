package dev.carillon.cli;

import dev.carillon.core.EventException;
import dev.carillon.core.Outcome;
import dev.carillon.dataservices.EventClient;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sends events in batches, a few of them at a time: the caller waits when all are under way, so
 * memory stays bounded however long the input is. One thread adds; answers come on the client's.
 */
final class BatchPump {

  private static final int MAX_EVENTS = 500;
  private static final int MAX_BYTES = 4 << 20;
  private static final int MAX_UNDER_WAY = 4;

  private final EventClient client;
  private final Tally tally;
  private final Queue<CompletableFuture<?>> underWay = new ArrayDeque<>();
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
  void add(NumberedMessage event, int size) {
    if (bytes + size > MAX_BYTES) {
      flush();
    }
    batch.add(event);
    bytes += size;
    if (batch.size() == MAX_EVENTS) {
      flush();
    }
  }

  /** Sends what has been added; waits for an older answer only if too many are under way. */
  void flush() {
    if (batch.isEmpty()) {
      return;
    }
    if (underWay.size() == MAX_UNDER_WAY) {
      underWay.remove().join();
    }
    List<NumberedMessage> events = batch;
    batch = new ArrayList<>();
    bytes = 0;
    tally.sent(events.size());
    underWay.add(
        client
            .publishBatchAsync(events.stream().map(NumberedMessage::message).toList())
            .handle((outcomes, error) -> count(events, outcomes, error)));
  }

  /** Sends what is left and waits until everything is answered. */
  void finish() {
    flush();
    while (!underWay.isEmpty()) {
      underWay.remove().join();
    }
  }

  private boolean count(
      List<NumberedMessage> events, @Nullable List<Outcome> outcomes, @Nullable Throwable error) {
    for (int i = 0; i < events.size(); i++) {
      if (error != null) {
        tally.failed(events.get(i), EventException.of(error));
      } else if (outcomes != null) {
        tally.answered(events.get(i), outcomes.get(i));
      }
    }
    return error == null;
  }
}
