package dev.carillon.core;

import java.time.Instant;
import java.util.Objects;

/**
 * What is known of an event that was sent.
 *
 * @param eventId the event's id
 * @param guarantee how far it got, never more than is known
 * @param at when that was known: the other end's clock where it says so, else this machine's
 */
public record Receipt(String eventId, Guarantee guarantee, Instant at) {

  /** Checks that nothing is missing. */
  public Receipt {
    Objects.requireNonNull(eventId, "eventId");
    Objects.requireNonNull(guarantee, "guarantee");
    Objects.requireNonNull(at, "at");
  }
}
