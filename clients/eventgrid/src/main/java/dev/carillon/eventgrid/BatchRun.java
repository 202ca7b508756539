package dev.carillon.eventgrid;

import com.azure.core.util.BinaryData;
import dev.carillon.core.EventException;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import io.cloudevents.CloudEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Publishes a list of events in as few requests as the limits allow, one after another, so that
 * their order is kept and only one request's bytes are held at a time. A topic takes all events of
 * a request or none, so a request that is refused for what is in it is cut in halves until the bad
 * events stand alone. Where nothing but refusals comes, it is the topic that takes no such events,
 * and the rest is not sent.
 */
final class BatchRun {

  private static final int BAD_REQUEST = 400;
  private static final int TOO_LARGE = 413;
  private static final int MOST_REFUSED = 16;

  /** An event and its place in the list. */
  private record Encoded(int index, BinaryData body) {}

  private final List<CloudEvent> events;
  private final EventEncoder encoder;
  private final Function<List<BinaryData>, CompletableFuture<Guarantee>> post;
  private final Function<String, Function<Guarantee, Receipt>> receipts;
  private final Consumer<Runnable> end;
  private final @Nullable Outcome[] outcomes;
  private int next;
  private @Nullable Encoded carried;
  private boolean takesSome;
  private int refusedAlone;
  private @Nullable EventException hopeless;

  /**
   * @param events not changed any more
   * @param post sends events in one request
   * @param receipts makes the receipt of an event by its id and how far it got
   * @param end has the outcomes delivered, once
   */
  BatchRun(
      List<CloudEvent> events,
      EventEncoder encoder,
      Function<List<BinaryData>, CompletableFuture<Guarantee>> post,
      Function<String, Function<Guarantee, Receipt>> receipts,
      Consumer<Runnable> end) {
    this.events = events;
    this.encoder = encoder;
    this.post = post;
    this.receipts = receipts;
    this.end = end;
    this.outcomes = new Outcome[events.size()];
  }

  CompletableFuture<List<Outcome>> run() {
    CompletableFuture<List<Outcome>> done = new CompletableFuture<>();
    advance(done);
    return done;
  }

  private void advance(CompletableFuture<List<Outcome>> done) {
    try {
      for (List<Encoded> chunk = cut(); !chunk.isEmpty(); chunk = cut()) {
        CompletableFuture<Void> sent = send(chunk);
        if (!sent.isDone()) {
          sent.whenComplete(
              (nothing, error) -> {
                if (error == null) {
                  advance(done);
                } else {
                  end.accept(() -> done.completeExceptionally(EventException.of(error)));
                }
              });
          return;
        }
        sent.join();
      }
    } catch (RuntimeException | Error e) { // whatever it is, somebody waits
      end.accept(() -> done.completeExceptionally(EventException.of(e)));
      return;
    }
    List<Outcome> all = List.copyOf(Arrays.asList(outcomes));
    end.accept(() -> done.complete(all));
  }

  /** The next events that fit into one request; those that are not valid have their outcome. */
  private List<Encoded> cut() {
    List<Encoded> chunk = new ArrayList<>();
    long bytes = 2;
    while ((carried != null || next < events.size()) && chunk.size() < SinkSettings.MAX_EVENTS) {
      Encoded event = carried != null ? carried : encodeNext();
      carried = null;
      if (event == null) {
        continue;
      }
      bytes += event.body.getLength() + 1;
      if (bytes > SinkSettings.MAX_BYTES && !chunk.isEmpty()) {
        carried = event;
        break;
      }
      chunk.add(event);
    }
    return chunk;
  }

  private @Nullable Encoded encodeNext() {
    int index = next++;
    try {
      return new Encoded(index, encoder.encode(events.get(index)));
    } catch (RuntimeException | Error e) {
      fail(index, EventException.unsent(e));
      return null;
    }
  }

  private CompletableFuture<Void> send(List<Encoded> chunk) {
    EventException refusal = hopeless;
    if (refusal != null) {
      chunk.forEach(event -> fail(event.index, refusal));
      return nothing();
    }
    return post.apply(chunk.stream().map(Encoded::body).toList())
        .handle((guarantee, error) -> settle(chunk, guarantee, error))
        .thenCompose(halves -> halves.isEmpty() ? nothing() : sendHalves(halves));
  }

  private static CompletableFuture<Void> nothing() {
    return CompletableFuture.completedFuture(null);
  }

  private CompletableFuture<Void> sendHalves(List<Encoded> refused) {
    int middle = refused.size() / 2;
    return send(refused.subList(0, middle))
        .thenCompose(ignored -> send(refused.subList(middle, refused.size())));
  }

  /** Notes what became of these events; returns them if they are to be sent in halves. */
  private List<Encoded> settle(
      List<Encoded> chunk, @Nullable Guarantee guarantee, @Nullable Throwable error) {
    if (guarantee != null) {
      takesSome = true;
      for (Encoded event : chunk) {
        String id = events.get(event.index).getId();
        outcomes[event.index] = Outcome.accepted(receipts.apply(id).apply(guarantee));
      }
      return List.of();
    }
    EventException failure =
        EventException.of(error == null ? new IllegalStateException("no answer") : error);
    boolean forWhatIsInIt =
        failure instanceof EventGridHttpException refused
            && (refused.status() == BAD_REQUEST || refused.status() == TOO_LARGE);
    if (forWhatIsInIt && chunk.size() > 1) {
      return chunk;
    }
    if (forWhatIsInIt && !takesSome && ++refusedAlone == MOST_REFUSED) {
      hopeless = failure;
    }
    chunk.forEach(event -> fail(event.index, failure));
    return List.of();
  }

  private void fail(int index, EventException error) {
    outcomes[index] = Outcome.failed(Outcome.idOf(events.get(index)), error);
  }
}
