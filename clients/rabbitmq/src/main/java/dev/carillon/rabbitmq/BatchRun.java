package dev.carillon.rabbitmq;

import dev.carillon.core.EventException;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Sends a list of any length in its order, as much at a time as fits; holds no thread meanwhile.
 */
final class BatchRun<E> {

  private final List<E> events;
  private final int width;
  private final BooleanSupplier room;
  private final Function<E, String> id;
  private final Function<E, CompletableFuture<Receipt>> send;
  private final List<Outcome> outcomes;
  private final CompletableFuture<List<Outcome>> done = new CompletableFuture<>();

  /**
   * @param width how many to have under way at once
   * @param room whether to add another; the first at a time is sent in any case
   * @param id names an event's outcome
   * @param send starts an event; does not throw
   */
  BatchRun(
      List<E> events,
      int width,
      BooleanSupplier room,
      Function<E, String> id,
      Function<E, CompletableFuture<Receipt>> send) {
    this.events = events;
    this.width = width;
    this.room = room;
    this.id = id;
    this.send = send;
    outcomes = new ArrayList<>(events.size());
  }

  CompletableFuture<List<Outcome>> run() {
    advance(List.of());
    return done;
  }

  private void advance(List<CompletableFuture<Outcome>> before) {
    try {
      collect(before);
      while (outcomes.size() < events.size()) {
        List<CompletableFuture<Outcome>> sent = sendPart();
        CompletableFuture<Void> all =
            CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new));
        if (!all.isDone()) {
          CompletableFuture<Void> unused = all.whenComplete((nothing, error) -> advance(sent));
          return;
        }
        collect(sent);
      }
      done.complete(List.copyOf(outcomes));
    } catch (RuntimeException | Error e) { // whatever it is, somebody waits
      done.completeExceptionally(EventException.of(e));
    }
  }

  private List<CompletableFuture<Outcome>> sendPart() {
    List<E> part =
        events.subList(outcomes.size(), Math.min(events.size(), outcomes.size() + width));
    List<CompletableFuture<Outcome>> sent = new ArrayList<>(part.size());
    for (E event : part) {
      if (!sent.isEmpty() && !room.getAsBoolean()) {
        break;
      }
      sent.add(outcome(event));
    }
    return sent;
  }

  private CompletableFuture<Outcome> outcome(E event) {
    return send.apply(event)
        .handle((receipt, error) -> Outcome.of(id.apply(event), receipt, error));
  }

  private void collect(List<CompletableFuture<Outcome>> sent) {
    sent.forEach(outcome -> outcomes.add(outcome.join()));
  }
}
