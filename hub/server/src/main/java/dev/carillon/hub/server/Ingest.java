package dev.carillon.hub.server;

import dev.carillon.hub.store.OperationsTooLargeException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The way of received events into the log. What one event loop receives in one turn goes to the log
 * together and comes back together, so that a small request costs no thread change of its own. One
 * for each event loop; may be called by workers too.
 *
 * @param <E> what the log takes
 */
final class Ingest<E> {

  /** Hears what became of a request's events, on the request's event loop. */
  interface Done {
    /**
     * Called once: with null when the events are durable, else with what failed; after {@link
     * OperationsTooLargeException} all are durable but those that it names.
     */
    void with(@Nullable Throwable failure);
  }

  private record Waiting<E>(List<E> entries, Done done) {}

  /** What went to the log in one turn, and whose it is. */
  private record Sent<E>(List<E> entries, List<Waiting<E>> group) {}

  /** A request of so many events goes to the log alone: what it fails by is its own. */
  private static final int LARGE = 100;

  private final Context loop;
  private final Function<List<E>, CompletableFuture<Void>> log;
  private final Consumer<List<E>> received;
  private List<Waiting<E>> turn = new ArrayList<>();
  private @Nullable CompletableFuture<Void> underWay;
  private List<Sent<E>> sent = List.of();

  /**
   * Creates an ingest.
   *
   * @param log appends, and completes when what was appended is durable
   * @param received hears what became durable
   */
  Ingest(Vertx vertx, Function<List<E>, CompletableFuture<Void>> log, Consumer<List<E>> received) {
    this.loop = vertx.getOrCreateContext();
    this.log = log;
    this.received = received;
  }

  void append(List<E> entries, Done done) {
    if (!Context.isOnEventLoopThread()) {
      loop.runOnContext(ignored -> append(entries, done));
      return;
    }
    Waiting<E> waiting = new Waiting<>(entries, done);
    if (entries.size() >= LARGE) {
      send(List.of(waiting), entries);
      return;
    }
    turn.add(waiting);
    if (turn.size() == 1) {
      loop.runOnContext(ignored -> endTurn());
    }
  }

  private void endTurn() {
    List<Waiting<E>> group = turn;
    turn = new ArrayList<>();
    List<E> entries = new ArrayList<>(group.size());
    group.forEach(waiting -> entries.addAll(waiting.entries));
    send(group, entries);
  }

  /** The log has one future for all that it makes durable together, which comes back in one. */
  private void send(List<Waiting<E>> group, List<E> entries) {
    CompletableFuture<Void> durable = log.apply(entries);
    if (durable != underWay) {
      List<Sent<E>> together = new ArrayList<>();
      underWay = durable;
      sent = together;
      durable.whenComplete(
          (nothing, failure) ->
              loop.runOnContext(
                  ignored -> {
                    forget(durable);
                    together.forEach(each -> settle(each, failure));
                  }));
    }
    sent.add(new Sent<>(entries, group));
  }

  /** Lets go of what has come back, which would else be kept until the next comes. */
  private void forget(CompletableFuture<Void> durable) {
    if (underWay == durable) {
      underWay = null;
      sent = List.of();
    }
  }

  private void settle(Sent<E> sent, @Nullable Throwable failure) {
    if (failure instanceof OperationsTooLargeException some) {
      settleSome(sent, some);
      return;
    }
    if (failure == null) {
      received.accept(sent.entries);
    }
    sent.group.forEach(waiting -> waiting.done.with(failure));
  }

  /** Only those whose events are too large hear of it: all else is durable. */
  private void settleSome(Sent<E> sent, OperationsTooLargeException failure) {
    Predicate<E> isTooLarge = entry -> failure.operations().contains(entry);
    received.accept(sent.entries.stream().filter(isTooLarge.negate()).toList());
    sent.group.forEach(
        waiting ->
            waiting.done.with(waiting.entries.stream().anyMatch(isTooLarge) ? failure : null));
  }
}
