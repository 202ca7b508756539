package dev.carillon.eventgrid;

import com.azure.core.util.BinaryData;
import dev.carillon.core.Capabilities;
import dev.carillon.core.EventException;
import dev.carillon.core.EventSink;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
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
 * accordingly. Made by {@link EventGridClient}. Thread-safe; holds no thread while it waits.
 */
final class EventGridSink implements EventSink {

  private final EventEncoder encoder;
  private final TopicRequests requests;
  private final Window window;
  private final SinkSettings settings;

  EventGridSink(EventGridTopicConfig topic, EventGridCredential credential, SinkSettings settings) {
    this.settings = settings;
    encoder = new EventEncoder(topic.schema(), SinkSettings.MAX_BYTES);
    requests = new TopicRequests(topic, credential, settings);
    window = new Window(settings);
  }

  @Override
  public CompletableFuture<Receipt> send(CloudEvent event) {
    return trying(
        () -> {
          BinaryData body = encoder.encode(event);
          CompletableFuture<Guarantee> posted =
              window.submit(body.getLength().intValue(), () -> requests.post(List.of(body)));
          CompletableFuture<Receipt> receipt =
              posted.thenApply(guarantee -> receipt(event.getId(), guarantee));
          receipt.whenComplete(
              (is, error) -> posted.cancel(false)); // then it is not sent when its turn comes
          return receipt;
        });
  }

  @Override
  public CompletableFuture<List<Outcome>> sendAll(List<CloudEvent> events) {
    return trying(
        () -> {
          if (events == null) {
            throw new EventValidationException("events", "is missing");
          }
          List<CloudEvent> own = new ArrayList<>(events); // a caller may use its list again
          Window.ListDoor door = window.list();
          return new BatchRun(
                  own,
                  encoder,
                  bodies -> door.submit(size(bodies), () -> requests.post(bodies)),
                  id -> guarantee -> receipt(id, guarantee),
                  door::end)
              .run();
        });
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
    window.close();
  }
}
