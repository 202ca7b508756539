package dev.carillon.cli;

import dev.carillon.core.EventException;
import dev.carillon.core.Outcome;
import dev.carillon.dataservices.EventClient;
import dev.carillon.dataservices.EventMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sends event messages of the Data Services in batches, a few of them at a time: the caller waits
 * when all are under way, so memory stays bounded however long the input is. One thread adds;
 * answers come on the client's.
 */
final class BatchPump implements LineTarget {

  private static final int MAX_EVENTS = 500;
  private static final int MAX_BYTES = 4 << 20;
  private static final int MAX_UNDER_WAY = 4;

  private final EventClient client;
  private final MessageLineReader reader;
  private final Tally tally;
  private final Queue<CompletableFuture<?>> underWay = new ArrayDeque<>();
  private List<Placed> batch = new ArrayList<>();
  private int bytes;

  /** An event and where it came from. */
  private record Placed(String place, EventMessage message) {
    String text() {
      return message.topic() + (message.id() == null ? "" : " (id " + message.id() + ")");
    }
  }

  BatchPump(EventClient client, MessageLineReader reader, Tally tally) {
    this.client = client;
    this.reader = reader;
    this.tally = tally;
  }

  @Override
  public void add(String place, byte[] line) throws BadMessageException {
    EventMessage message;
    try {
      message = reader.read(line);
    } catch (EventException e) {
      throw new BadMessageException(String.valueOf(e.getMessage()));
    }
    add(place, message, line.length);
  }

  /**
   * Adds an event to the batch and sends the batch when it is full.
   *
   * @param size of the event as it was read, in bytes
   */
  void add(String place, EventMessage message, int size) {
    if (bytes + size > MAX_BYTES) {
      flush();
    }
    batch.add(new Placed(place, message));
    bytes += size;
    if (batch.size() == MAX_EVENTS) {
      flush();
    }
  }

  /** Sends what has been added; waits for an older answer only if too many are under way. */
  @Override
  public void flush() {
    if (batch.isEmpty()) {
      return;
    }
    if (underWay.size() == MAX_UNDER_WAY) {
      underWay.remove().join();
    }
    List<Placed> events = batch;
    batch = new ArrayList<>();
    bytes = 0;
    tally.sent(events.size());
    underWay.add(
        client
            .publishBatchAsync(events.stream().map(Placed::message).toList())
            .handle((outcomes, error) -> count(events, outcomes, error)));
  }

  @Override
  public void finish() {
    flush();
    while (!underWay.isEmpty()) {
      underWay.remove().join();
    }
  }

  private boolean count(
      List<Placed> events, @Nullable List<Outcome> outcomes, @Nullable Throwable error) {
    for (int i = 0; i < events.size(); i++) {
      if (error != null) {
        failed(events.get(i), EventException.of(error));
      } else if (outcomes != null && outcomes.get(i) instanceof Outcome.Failed failure) {
        failed(events.get(i), failure.error());
      } else {
        tally.acknowledged();
      }
    }
    return error == null;
  }

  private void failed(Placed event, EventException error) {
    tally.failed(event.place, event.text(), error);
  }
}
