package dev.carillon.cli;

import dev.carillon.core.EventException;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import dev.carillon.dataservices.EventMessage;
import dev.carillon.dataservices.PublishConfirmation;
import java.time.Instant;

/** Turns the answer to a single event into the outcome that batches have. */
final class Answers {

  private Answers() {}

  static Outcome accepted(EventMessage event, PublishConfirmation confirmation) {
    return Outcome.accepted(new Receipt(idOf(event), confirmation.guarantee(), Instant.now()));
  }

  static Outcome failed(EventMessage event, Throwable error) {
    return Outcome.failed(idOf(event), EventException.of(error));
  }

  private static String idOf(EventMessage event) {
    return String.valueOf(event.id());
  }
}
