package dev.carillon.core;

import io.cloudevents.CloudEvent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What became of one event of a batch: {@link Accepted} with its receipt, or {@link Failed}. */
public sealed interface Outcome {

  /** The event's id. */
  String eventId();

  /** Whether the event was accepted. */
  default boolean isAccepted() {
    return this instanceof Accepted;
  }

  /** The outcome of an event that got as far as its receipt says. */
  static Outcome accepted(Receipt receipt) {
    return new Accepted(receipt);
  }

  /** The outcome of an event that failed. */
  static Outcome failed(String eventId, EventException error) {
    return new Failed(eventId, error);
  }

  /**
   * What the future of a send came to: accepted if there is a receipt and no error. If there is
   * neither, it failed and may have arrived.
   *
   * @param eventId the event's id, for an outcome that failed
   * @param receipt null if the send failed
   * @param error null if it did not
   */
  static Outcome of(String eventId, @Nullable Receipt receipt, @Nullable Throwable error) {
    if (error == null && receipt != null) {
      return accepted(receipt);
    }
    return failed(
        eventId,
        error == null
            ? new EventException("no receipt", false, true, null, null)
            : EventException.of(error));
  }

  /** The id by which an outcome names an event: empty if there is no event. */
  static String idOf(@Nullable CloudEvent event) {
    return event == null ? "" : event.getId();
  }

  /**
   * Sends a batch of which some may be unfit: prepares each, sends those that could be prepared,
   * and gives the outcomes of all, in the order of the batch.
   *
   * <p>If fewer outcomes come back than events were sent, or more, nobody knows which belongs to
   * which: then none of them counts, and each event sent is one that failed and may have arrived.
   *
   * @param batch what is to be sent
   * @param prepare makes an event of it, or throws why it is not sent
   * @param id its id, for the outcome of what is not sent
   * @param send sends events; not called if all of a batch are unfit
   * @param <E> what the batch consists of
   * @return the future of {@code send}, with an outcome for each of the batch
   */
  static <E extends @Nullable Object> CompletableFuture<List<Outcome>> ofEach(
      List<E> batch,
      Function<E, CloudEvent> prepare,
      Function<E, String> id,
      Function<List<CloudEvent>, CompletableFuture<List<Outcome>>> send) {
    List<CloudEvent> fit = new ArrayList<>(batch.size());
    List<@Nullable Outcome> unfit = new ArrayList<>(batch.size());
    for (E each : batch) {
      try {
        fit.add(prepare.apply(each));
        unfit.add(null);
      } catch (RuntimeException | Error e) { // of others' code too, such as data that fails
        unfit.add(failed(id.apply(each), EventException.unsent(e)));
      }
    }
    CompletableFuture<List<Outcome>> sent =
        fit.isEmpty() && !batch.isEmpty()
            ? CompletableFuture.completedFuture(List.of())
            : send.apply(fit);
    return sent.thenApply(answers -> merged(unfit, fit, answers));
  }

  /** The known outcomes of a batch with, in the places left open, those of what was sent. */
  private static List<Outcome> merged(
      List<@Nullable Outcome> known, List<CloudEvent> sent, List<Outcome> answers) {
    Iterator<Outcome> answer =
        (answers.size() == sent.size() ? answers : unanswered(sent, answers.size())).iterator();
    return known.stream().map(outcome -> outcome == null ? answer.next() : outcome).toList();
  }

  private static List<Outcome> unanswered(List<CloudEvent> sent, int answers) {
    EventException error =
        new EventException(
            answers + " outcomes for " + sent.size() + " events", false, true, null, null);
    return sent.stream().map(event -> failed(event.getId(), error)).toList();
  }

  /**
   * The event was accepted.
   *
   * @param receipt how far it got
   */
  record Accepted(Receipt receipt) implements Outcome {
    @Override
    public String eventId() {
      return receipt.eventId();
    }
  }

  /**
   * The event failed.
   *
   * @param eventId the event's id
   * @param error why, and whether trying again can help
   */
  record Failed(String eventId, EventException error) implements Outcome {}
}
