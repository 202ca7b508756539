package dev.carillon.dataservices;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.core.EventException;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import dev.carillon.http.Answer;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Publishes a list of events in as few requests as the limits allow, one after another, so that the
 * list's order is kept and only one request's bytes are held at a time. Goes on one by one, and
 * without an order, where the server has no batch endpoint, or refuses a batch as a whole.
 */
final class BatchRun {

  private static final int BAD_REQUEST = 400;
  private static final int TOO_LARGE = 413;
  private static final int UNPROCESSABLE = 422;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;

  /**
   * One event.
   *
   * @param encode writes it for the wire; throws if it is not valid
   * @param alone publishes it in a request of its own
   */
  record Item(
      String id, Supplier<byte[]> encode, Function<Door, CompletableFuture<Receipt>> alone) {}

  private final Publisher publisher;
  private final Requests.ListDoor door;
  private final ClientSettings settings;
  private final List<Item> items;
  private final Supplier<@Nullable String> traceparent;
  private final Outcome[] outcomes;
  private final CompletableFuture<List<Outcome>> done = new CompletableFuture<>();
  private int next;
  private byte @Nullable [] carried;
  private boolean hopeless; // all of a batch that was refused were refused alone too
  private boolean together;

  BatchRun(
      Publisher publisher,
      Requests.ListDoor door,
      ClientSettings settings,
      List<Item> items,
      Supplier<@Nullable String> traceparent) {
    this.publisher = publisher;
    this.door = door;
    this.settings = settings;
    this.items = items;
    this.traceparent = traceparent;
    this.outcomes = new Outcome[items.size()];
  }

  CompletableFuture<List<Outcome>> run() {
    together = publisher.takesBatches();
    advance(null);
    return done;
  }

  private void advance(@Nullable Throwable unexpected) {
    Throwable end = unexpected;
    try {
      while (end == null && next < items.size()) {
        CompletableFuture<Void> sent = together ? sendChunk(cut()) : sendRest();
        if (!sent.isDone()) {
          var unused = sent.whenComplete((nothing, error) -> advance(error));
          return;
        }
      }
    } catch (RuntimeException | Error e) {
      end = e;
    }
    for (int i = 0; i < outcomes.length; i++) {
      if (outcomes[i] == null) {
        fail(i, end);
      }
    }
    List<Outcome> all = List.copyOf(Arrays.asList(outcomes));
    door.end(() -> done.complete(all));
  }

  private record Chunk(List<Integer> members, ByteArrayOutputStream body) {}

  /** The next events that fit into one request; those that are not valid have their outcome. */
  private Chunk cut() {
    List<Integer> members = new ArrayList<>();
    ByteArrayOutputStream body = new ByteArrayOutputStream(1024);
    body.write('[');
    for (; next < items.size() && members.size() < settings.maxBatchEvents(); next++) {
      byte[] event = carried != null ? carried : encodeOrFail(next);
      carried = null;
      if (event == null) {
        continue;
      }
      if (!members.isEmpty() && body.size() + event.length + 2 > settings.maxBatchBytes()) {
        carried = event;
        break;
      }
      if (!members.isEmpty()) {
        body.write(',');
      }
      body.write(event, 0, event.length);
      members.add(next);
    }
    body.write(']');
    return new Chunk(members, body);
  }

  private byte @Nullable [] encodeOrFail(int index) {
    try {
      return items.get(index).encode().get();
    } catch (RuntimeException | Error e) {
      fail(index, EventException.unsent(e));
      return null;
    }
  }

  private CompletableFuture<Void> sendChunk(Chunk chunk) {
    List<Integer> members = chunk.members();
    if (members.size() <= 1) {
      return sendAlone(members);
    }
    return publisher
        .sendBatch(door, chunk.body().toByteArray(), traceparent)
        .handle((answer, error) -> settle(members, answer, error))
        .thenCompose(alone -> sendAlone(alone).thenRun(() -> learnFrom(alone)));
  }

  /**
   * Where all of those that were refused together are refused alone, the next need not try; and
   * where a server that has no batch endpoint takes one alone, it is not merely away.
   */
  private void learnFrom(List<Integer> alone) {
    hopeless |= !alone.isEmpty() && alone.stream().allMatch(i -> isRefused(outcomes[i]));
    if (!together && alone.stream().anyMatch(i -> outcomes[i] instanceof Outcome.Accepted)) {
      publisher.rememberNoBatches();
    }
  }

  private static boolean isRefused(Outcome outcome) {
    return outcome instanceof Outcome.Failed failed
        && failed.error() instanceof EventHttpException refused
        && isRefusedWhole(refused);
  }

  /** Notes what became of these events; returns those that have to be sent one by one. */
  private List<Integer> settle(
      List<Integer> members, @Nullable Answer answer, @Nullable Throwable error) {
    if (error instanceof EventHttpException refused && isNoBatchEndpoint(refused)) {
      together = false;
      return members;
    }
    if (error instanceof EventHttpException refused && isRefusedWhole(refused) && !hopeless) {
      return members; // one of them may be what the server cannot even read
    }
    if (answer != null) {
      read(members, answer);
    } else {
      members.forEach(index -> fail(index, error));
    }
    return List.of();
  }

  private static boolean isNoBatchEndpoint(EventHttpException refused) {
    return refused.status() == NOT_FOUND || refused.status() == METHOD_NOT_ALLOWED;
  }

  private static boolean isRefusedWhole(EventHttpException refused) {
    return refused.status() == BAD_REQUEST
        || refused.status() == TOO_LARGE
        || refused.status() == UNPROCESSABLE;
  }

  private CompletableFuture<Void> sendRest() {
    List<Integer> members = new ArrayList<>();
    for (; next < items.size(); next++) {
      members.add(next);
    }
    carried = null;
    return sendAlone(members);
  }

  private CompletableFuture<Void> sendAlone(List<Integer> members) {
    return Lanes.run(
        members.size(),
        settings.maxInFlight(),
        i -> {
          int index = members.get(i);
          return items
              .get(index)
              .alone()
              .apply(door)
              .handle(
                  (receipt, error) -> {
                    if (error != null) {
                      fail(index, error);
                    } else {
                      outcomes[index] = Outcome.accepted(receipt);
                    }
                    return null;
                  });
        });
  }

  private void read(List<Integer> members, Answer answer) {
    JsonNode entries = answer.cut() ? null : Json.readOrNull(answer.body());
    boolean readable = entries != null && entries.isArray() && entries.size() == members.size();
    for (int i = 0; i < members.size(); i++) {
      int index = members.get(i);
      String id = items.get(index).id();
      if (entries == null || !readable) {
        String message = "the batch was answered with no list of " + members.size() + " outcomes";
        fail(index, new EventException(message, false, true, null, null));
      } else if (Json.member(entries.get(i), "errors") != null) {
        fail(index, Refusals.ofEntry(entries.get(i)));
      } else {
        outcomes[index] = Outcome.accepted(publisher.receipt(id, answer));
      }
    }
  }

  private void fail(int index, @Nullable Throwable error) {
    Throwable known = error == null ? new IllegalStateException("no answer") : error;
    outcomes[index] = Outcome.failed(items.get(index).id(), EventException.of(known));
  }
}
