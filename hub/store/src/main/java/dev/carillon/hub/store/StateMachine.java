package dev.carillon.hub.store;

import dev.carillon.hub.store.EventVersion.State;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an operation makes of an event, the same for every store. A create of what exists is
 * ignored, so that clients which make the ids may send again; an update that comes before its
 * create waits for it; a deleted event stays deleted, whatever comes late.
 */
public final class StateMachine {

  /** What an operation did. */
  public enum Effect {
    /** The event was created. */
    CREATED,
    /** The event was changed. */
    UPDATED,
    /** The event, or one that never was, is deleted from now on. */
    DELETED,
    /** An update waits for its event's create. */
    ORPHANED,
    /** A create of an event that exists: nothing changed. */
    DUPLICATE,
    /** An operation on a deleted event: nothing changed. */
    IGNORED
  }

  /**
   * What an operation did, and the event after it.
   *
   * @param effect what it did
   * @param version the event's newest version: the base itself if nothing changed
   */
  public record Step(Effect effect, EventVersion version) {}

  private StateMachine() {}

  /**
   * Carries out an operation.
   *
   * @param base the event's newest version; null if there is none
   */
  public static Step apply(@Nullable EventVersion base, Operation operation) {
    if (base == null) {
      return begin(operation);
    }
    if (base.state() == State.DELETED) {
      return new Step(Effect.IGNORED, base);
    }
    boolean pending = base.state() == State.PENDING;
    return switch (operation.kind()) {
      case CREATE ->
          pending
              ? new Step(
                  Effect.CREATED,
                  new EventVersion(
                      base.id(),
                      base.version() + 1,
                      State.LIVE,
                      base.fields().over(operation.fields()),
                      operation.at(),
                      later(base.updatedAt(), operation.at())))
              : new Step(Effect.DUPLICATE, base);
      case UPDATE ->
          new Step(
              pending ? Effect.ORPHANED : Effect.UPDATED,
              next(base, base.state(), operation.fields().over(base.fields()), operation));
      case DELETE -> new Step(Effect.DELETED, next(base, State.DELETED, base.fields(), operation));
    };
  }

  private static Step begin(Operation operation) {
    return switch (operation.kind()) {
      case CREATE -> new Step(Effect.CREATED, first(State.LIVE, operation));
      case UPDATE -> new Step(Effect.ORPHANED, first(State.PENDING, operation));
      case DELETE -> new Step(Effect.DELETED, first(State.DELETED, operation));
    };
  }

  private static EventVersion first(State state, Operation operation) {
    return new EventVersion(
        operation.eventId(), 1, state, operation.fields(), operation.at(), operation.at());
  }

  private static EventVersion next(
      EventVersion base, State state, EventFields fields, Operation operation) {
    return new EventVersion(
        base.id(),
        base.version() + 1,
        state,
        fields,
        base.createdAt(),
        later(base.updatedAt(), operation.at()));
  }

  /** Clocks of several machines may disagree; an event's time does not run backwards. */
  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
