package dev.carillon.sinks;

import dev.carillon.core.Capabilities;
import dev.carillon.core.EventRejectedException;
import dev.carillon.core.EventSink;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import io.cloudevents.CloudEvent;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** A sink into memory; refuses events of the type {@code bad}, answers the first ones only. */
final class RecordingSink implements EventSink {

  final List<List<CloudEvent>> batches = new CopyOnWriteArrayList<>();
  final List<CloudEvent> events = new CopyOnWriteArrayList<>();
  volatile Runnable arrival = () -> {};
  volatile int answered = Integer.MAX_VALUE;
  volatile boolean closed;

  @Override
  public CompletableFuture<Receipt> send(CloudEvent event) {
    return sendAll(List.of(event))
        .thenCompose(
            outcomes ->
                outcomes.get(0) instanceof Outcome.Accepted accepted
                    ? CompletableFuture.completedFuture(accepted.receipt())
                    : CompletableFuture.failedFuture(((Outcome.Failed) outcomes.get(0)).error()));
  }

  @Override
  public CompletableFuture<List<Outcome>> sendAll(List<CloudEvent> batch) {
    if (batch == null) {
      return CompletableFuture.failedFuture(new EventValidationException("events", "is missing"));
    }
    arrival.run();
    batches.add(List.copyOf(batch));
    events.addAll(batch);
    return CompletableFuture.completedFuture(
        batch.stream().limit(answered).map(RecordingSink::outcome).toList());
  }

  private static Outcome outcome(CloudEvent event) {
    return event.getType().equals("bad")
        ? Outcome.failed(event.getId(), new EventRejectedException("bad", false, null))
        : Outcome.accepted(new Receipt(event.getId(), Guarantee.STORED, Instant.EPOCH));
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(Guarantee.STORED, true, 100, 1000);
  }

  @Override
  public void close() {
    closed = true;
  }
}
