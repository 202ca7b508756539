package dev.carillon.eventbus;

import static java.util.concurrent.CompletableFuture.failedFuture;

import dev.carillon.core.EventException;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import dev.carillon.core.SinkFullException;
import dev.carillon.eventbus.BoundedQueue.Added;
import dev.carillon.zeromq.Gzip;
import io.cloudevents.CloudEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Puts events in the queue to the I/O thread. Thread-safe. */
final class Publishing {

  private final BusSettings settings;
  private final BusLoop loop;
  private final Counters counters;
  private final String ids = UUID.randomUUID() + "-";
  private final AtomicLong made = new AtomicLong();

  Publishing(BusSettings settings, BusLoop loop, Counters counters) {
    this.settings = settings;
    this.loop = loop;
    this.counters = counters;
  }

  /** Queues an event, waiting for room if that is the policy. */
  void emit(String topic, byte[] payload) {
    Outgoing event = outgoing(null, Topics.encode(topic), payload, null);
    try {
      check(loop.queue().put(event, settings.sendTimeout().toNanos()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EventTimeoutException("interrupted while waiting for room", false, e);
    }
  }

  /** Queues an event if there is room; its receipt comes through the future. */
  CompletableFuture<Receipt> submit(@Nullable String id, String topic, byte[] payload) {
    CompletableFuture<Receipt> receipt = new CompletableFuture<>();
    Outgoing event = outgoing(id, Topics.encode(topic), payload, receipt);
    if (loop.settler().isFull()) {
      counters.droppedSending.increment();
      throw new SinkFullException(
          settings.sendCapacity() + " receipts wait for what is done with those before them");
    }
    check(loop.queue().offer(event));
    return receipt;
  }

  private Outgoing outgoing(
      @Nullable String id,
      byte[] topic,
      byte[] payload,
      @Nullable CompletableFuture<Receipt> receipt) {
    if (payload.length > settings.maxEventBytes()) {
      throw new EventValidationException(
          "event",
          "has "
              + payload.length
              + " bytes, more than the "
              + settings.maxEventBytes()
              + " allowed");
    }
    loop.requireStarted();
    if (!settings.publishes()) {
      throw new EventException("this client only receives", false, false, null, null);
    }
    boolean compress =
        settings.compresses() && payload.length >= settings.compressFrom() && loop.isCompressing();
    String wireId = receipt != null || settings.acknowledges() ? ids + made.incrementAndGet() : "";
    return new Outgoing(
        id == null ? wireId : id,
        wireId,
        topic,
        payload,
        compress ? Gzip.deflate(payload) : null,
        receipt,
        System.nanoTime() + settings.sendTimeout().toNanos());
  }

  private void check(Added added) {
    switch (added) {
      case QUEUED -> loop.wake();
      case CLOSED -> throw loop.closedException();
      case FULL -> {
        counters.droppedSending.increment();
        throw new SinkFullException(loop.full());
      }
      case DROPPED -> {} // counted, and its receipt failed, where the queue dropped it
    }
  }

  CompletableFuture<Receipt> send(@Nullable CloudEvent event) {
    try {
      if (event == null) {
        throw new EventValidationException("event", "is missing");
      }
      byte[] payload = CloudEventCodec.encode(event, settings.clock());
      return submit(event.getId(), settings.topicOfCloudEvents().apply(event), payload);
    } catch (RuntimeException | Error e) { // errors too: of the event's own code
      return failedFuture(EventException.unsent(e));
    }
  }

  CompletableFuture<List<Outcome>> sendAll(@Nullable List<CloudEvent> events) {
    if (events == null) {
      return failedFuture(new EventValidationException("events", "is missing"));
    }
    List<CompletableFuture<Outcome>> sent = new ArrayList<>(events.size());
    for (CloudEvent event : events) {
      String id = Outcome.idOf(event);
      sent.add(send(event).handle((receipt, error) -> Outcome.of(id, receipt, error)));
    }
    return CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new))
        .thenApply(all -> sent.stream().map(CompletableFuture::join).toList());
  }
}
