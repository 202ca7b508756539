package dev.carillon.eventgrid;

import com.azure.core.util.BinaryData;
import dev.carillon.core.Capabilities;
import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventException;
import dev.carillon.core.EventSink;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import dev.carillon.core.SinkClosedException;
import io.cloudevents.CloudEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Sends events to one Event Grid topic, one attempt each. A receipt says {@link
 * Guarantee#ACKNOWLEDGED}, or {@link Guarantee#STORED} where the topic says so, as the hub's do.
 *
 * <p>An event may be 1 MiB, a request holds 1 MiB and 5,000 events at most; {@link #sendAll} cuts
 * accordingly. Made by {@link EventGridClient}, which may have it send elsewhere while it runs.
 * Thread-safe; holds no thread while it waits.
 */
final class EventGridSink implements EventSink {

  private final SinkSettings settings;
  private volatile Target target;
  private volatile boolean closed;

  /** Where events go. */
  private record Target(EventEncoder encoder, TopicRequests requests, Window window) {
    static Target of(EventGridTopicConfig topic, EventGridCredential shown, SinkSettings settings) {
      return new Target(
          new EventEncoder(topic.schema(), SinkSettings.MAX_BYTES),
          new TopicRequests(topic, shown, settings),
          new Window(settings));
    }
  }

  EventGridSink(EventGridTopicConfig topic, EventGridCredential credential, SinkSettings settings) {
    this.settings = settings;
    target = Target.of(topic, credential, settings);
  }

  /**
   * Sends elsewhere from now on. Waits, for a bounded time, for what is on its way to where events
   * went before, and fails the rest of it.
   */
  void redirect(EventGridTopicConfig topic, EventGridCredential credential) {
    Target next = Target.of(topic, credential, settings);
    Target before;
    synchronized (this) {
      before = target;
      target = next;
    }
    if (closed) {
      next.window.close();
    }
    String message = "the topic was replaced before an answer came from its old endpoint";
    before.window.close(arrived -> new EventConnectionException(message, arrived, null));
  }

  @Override
  public CompletableFuture<Receipt> send(CloudEvent event) {
    return trying(() -> sendTo(target, event));
  }

  private CompletableFuture<Receipt> sendTo(Target to, CloudEvent event) {
    BinaryData body = to.encoder.encode(event);
    CompletableFuture<Guarantee> posted =
        to.window.submit(body.getLength().intValue(), () -> to.requests.post(List.of(body)));
    Target now = target;
    if (!to.equals(now) && isTurnedAway(posted)) {
      return sendTo(now, event);
    }
    CompletableFuture<Receipt> receipt =
        posted.thenApply(guarantee -> receipt(event.getId(), guarantee));
    receipt.whenComplete(
        (is, error) -> posted.cancel(false)); // then it is not sent when its turn comes
    return receipt;
  }

  private static boolean isTurnedAway(CompletableFuture<Guarantee> posted) {
    return posted.isCompletedExceptionally()
        && posted
            .handle(
                (guarantee, error) ->
                    error instanceof SinkClosedException away && !away.mayHaveArrived())
            .join();
  }

  @Override
  public CompletableFuture<List<Outcome>> sendAll(List<CloudEvent> events) {
    return trying(
        () -> {
          if (events == null) {
            throw new EventValidationException("events", "is missing");
          }
          return sendAllTo(target, new ArrayList<>(events)); // a caller may use its list again
        });
  }

  private CompletableFuture<List<Outcome>> sendAllTo(Target to, List<CloudEvent> events) {
    Window.ListDoor door = to.window.list();
    Target now = target;
    if (!to.equals(now) && !door.isOpen()) {
      return sendAllTo(now, events);
    }
    return new BatchRun(
            events,
            to.encoder,
            bodies -> door.submit(size(bodies), () -> to.requests.post(bodies)),
            id -> guarantee -> receipt(id, guarantee),
            door::end)
        .run();
  }

  private static int size(List<BinaryData> bodies) {
    return bodies.stream().mapToInt(body -> body.getLength().intValue()).sum();
  }

  private Receipt receipt(String id, Guarantee guarantee) {
    return new Receipt(id, guarantee, settings.clock().instant());
  }

  private static <T> CompletableFuture<T> trying(Supplier<CompletableFuture<T>> attempt) {
    try {
      return attempt.get();
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(EventException.unsent(e));
    }
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(
        Guarantee.STORED,
        settings.maxInFlight() == 1,
        SinkSettings.MAX_EVENTS,
        SinkSettings.MAX_BYTES - 2);
  }

  @Override
  public void close() {
    closed = true;
    target.window.close();
  }
}
