package dev.carillon.hub.store;

import java.time.Instant;
import java.util.UUID;

/**
 * The whole state of one analytics event after an operation. Versions are only ever added; the one
 * with the highest number is the event.
 *
 * @param id the event
 * @param version grows with each change: in ClickHouse how many operations changed the event up to
 *     here, from 1; in DuckDB the version's place in the order of writing
 * @param state whether the event can be seen
 * @param fields the event's fields; of a pending version only those that updates gave, of a deleted
 *     one those that it had
 * @param createdAt when it was created, which no later operation changes; of a pending or never
 *     created event when the first operation came
 * @param updatedAt when the last operation came that changed it
 */
public record EventVersion(
    UUID id, long version, State state, EventFields fields, Instant createdAt, Instant updatedAt) {

  /** Whether an event can be seen. */
  public enum State {
    /** It is there. */
    LIVE,
    /** It was deleted, and its id is never used again. */
    DELETED,
    /** It was updated before it was created, and cannot be seen yet. */
    PENDING
  }
}
