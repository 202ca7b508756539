package dev.carillon.resilience;

import dev.carillon.core.EventException;
import dev.carillon.core.EventSink;
import dev.carillon.core.Outcome;
import io.cloudevents.CloudEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A batch on its way: what is known of each event, and which of them still are to be sent. */
final class PendingBatch {

  private final EventSink sink;
  private final List<CloudEvent> events;
  private final @Nullable Outcome[] outcomes;
  private final boolean[] mayHaveArrived;
  private List<Integer> open;
  private boolean unanswered;
  private int attempts;

  PendingBatch(EventSink sink, List<CloudEvent> events) {
    this.sink = sink;
    this.events = Collections.unmodifiableList(new ArrayList<>(events)); // a null among them too
    outcomes = new @Nullable Outcome[this.events.size()];
    mayHaveArrived = new boolean[this.events.size()];
    open = IntStream.range(0, this.events.size()).boxed().toList();
  }

  /** Sends what is open; fails with {@link PartialBatchException} unless all was accepted. */
  CompletableFuture<Void> attempt() {
    List<CloudEvent> next;
    int attempt;
    synchronized (this) {
      if (unanswered) {
        open.forEach(index -> mayHaveArrived[index] = true);
      }
      unanswered = true;
      attempt = ++attempts;
      next = open.size() == events.size() ? events : open.stream().map(events::get).toList();
    }
    return sink.sendAll(next).thenAccept(answered -> answer(attempt, answered));
  }

  private void answer(int attempt, List<Outcome> answered) {
    synchronized (this) {
      if (attempt != attempts) {
        return; // Timed out before; a later attempt speaks for these events.
      }
      if (answered.size() != open.size()) {
        throw new IllegalStateException(
            answered.size() + " outcomes for " + open.size() + " events");
      }
      unanswered = false;
      List<Integer> again = new ArrayList<>();
      for (int i = 0; i < answered.size(); i++) {
        int index = open.get(i);
        outcomes[index] = honest(index, answered.get(i));
        if (answered.get(i) instanceof Outcome.Failed failed && failed.error().isRetryable()) {
          again.add(index);
        }
      }
      open = again;
    }
    if (!answered.stream().allMatch(Outcome::isAccepted)) {
      throw PartialBatchException.of(answered);
    }
  }

  private Outcome honest(int index, Outcome outcome) {
    if (!(outcome instanceof Outcome.Failed failed)) {
      return outcome;
    }
    EventException error = UncertainArrivalException.after(mayHaveArrived[index], failed.error());
    mayHaveArrived[index] |= error.mayHaveArrived();
    return error == failed.error() ? failed : Outcome.failed(failed.eventId(), error);
  }

  /**
   * An outcome for each event once the trying is over.
   *
   * @param error what ended it: for events still open, what they failed with themselves if the last
   *     attempt was answered, else this
   */
  synchronized List<Outcome> outcomes(@Nullable Throwable error) {
    if (error != null && !(EventException.of(error) instanceof PartialBatchException)) {
      EventException last = EventException.of(error);
      for (int index : open) {
        outcomes[index] = honest(index, Outcome.failed(Outcome.idOf(events.get(index)), last));
      }
    }
    attempts++; // Whatever is answered from now on is too late.
    return List.of(outcomes.clone());
  }
}
