package dev.carillon.hub.store;

import java.time.Instant;
import java.util.UUID;

/**
 * What somebody wants done with one event of conversation analytics, checked and ready to be
 * carried out. Operations on one event are carried out in the order in which they were
 * acknowledged.
 *
 * @param kind what is to be done
 * @param eventId the event it is done to
 * @param at when it was received, in whole milliseconds
 * @param fields what is given: of a create everything, of an update what is to change, of a delete
 *     nothing
 */
public record Operation(Kind kind, UUID eventId, Instant at, EventFields fields) {

  /** What can be done with an event. */
  public enum Kind {
    CREATE,
    UPDATE,
    DELETE
  }

  /**
   * Reads an operation back from its JSON, as a journal or a topic holds it.
   *
   * @throws IllegalArgumentException if it is not the JSON of an operation
   */
  public static Operation of(byte[] json) {
    return OperationJson.read(json);
  }

  /**
   * The operation in JSON, on one line: {@code operation}, {@code event_id}, {@code timestamp}, and
   * {@code data} unless it is a delete.
   */
  public byte[] toJson() {
    return OperationJson.write(this);
  }
}
