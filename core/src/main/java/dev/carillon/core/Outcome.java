package dev.carillon.core;

import io.cloudevents.CloudEvent;
import java.util.Iterator;
import java.util.List;
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

  /**
   * The outcomes of a batch of which only a part was sent, in the order of the batch: what the sink
   * answered, in the places left open.
   *
   * <p>If the sink gave fewer outcomes than it was sent events, or more, nobody knows which belongs
   * to which: then none of them counts, and each event sent is one that failed and may have
   * arrived.
   *
   * @param known one for each event of the batch; null leaves its place open
   * @param sent the events of the open places, in order
   * @param answers what the sink answered
   */
  static List<Outcome> merged(
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
