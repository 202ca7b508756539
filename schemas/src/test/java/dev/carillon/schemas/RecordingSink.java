package dev.carillon.schemas;

import dev.carillon.core.Capabilities;
import dev.carillon.core.EventSink;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import io.cloudevents.CloudEvent;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** A sink that keeps what it is sent. */
final class RecordingSink implements EventSink {

  final List<CloudEvent> events = new CopyOnWriteArrayList<>();
  boolean closed;

  @Override
  public CompletableFuture<Receipt> send(CloudEvent event) {
    return CompletableFuture.completedFuture(keep(event));
  }

  @Override
  public CompletableFuture<List<Outcome>> sendAll(List<CloudEvent> batch) {
    return CompletableFuture.completedFuture(
        batch.stream().map(event -> Outcome.accepted(keep(event))).toList());
  }

  private Receipt keep(CloudEvent event) {
    events.add(event);
    return new Receipt(event.getId(), Guarantee.STORED, Instant.EPOCH);
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(Guarantee.STORED, true, 100, 1 << 20);
  }

  @Override
  public void close() {
    closed = true;
  }
}
