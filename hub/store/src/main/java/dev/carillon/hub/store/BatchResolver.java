package dev.carillon.hub.store;

import dev.carillon.hub.store.StateMachine.Effect;
import dev.carillon.hub.store.StateMachine.Step;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Works out what a batch makes of its events in DuckDB, with one look-up for all of them. Of an
 * event that a batch changes several times only the last version remains, since nobody ever sees
 * the others. What an event was, and is after the batch, is handed on at once, so that not all of
 * them are in memory together.
 */
final class BatchResolver {

  /** Finds the newest versions of events, pending and deleted ones included. */
  interface Bases {
    /**
     * Hands over the newest version of each event that has one.
     *
     * @param events what is to be done to each, in order; loses those that are handed over
     */
    void each(Map<UUID, List<Operation>> events, VersionTaker taker) throws SQLException;
  }

  /** Takes a version. */
  interface VersionTaker {
    void take(EventVersion version) throws SQLException;
  }

  /** Takes what becomes of an event. */
  interface ChangeTaker {
    /**
     * Takes it.
     *
     * @param base the version before the batch; null if there was none
     * @param version the version after it
     */
    void take(@Nullable EventVersion base, EventVersion version) throws SQLException;
  }

  private final ChangeTaker changes;
  private final Map<Effect, Integer> effects = new EnumMap<>(Effect.class);

  private BatchResolver(ChangeTaker changes) {
    this.changes = changes;
  }

  /**
   * Works out what operations do, given what is there.
   *
   * @param changes takes the events that change: first those that are there, then the others in the
   *     order in which they are first named
   * @return how many operations did what
   */
  static Map<Effect, Integer> resolve(
      List<Batch.Placed> operations, Bases bases, ChangeTaker changes) throws SQLException {
    BatchResolver resolver = new BatchResolver(changes);
    Map<UUID, List<Operation>> events = new LinkedHashMap<>(operations.size() * 2);
    for (Batch.Placed placed : operations) {
      Operation operation = placed.operation();
      events.computeIfAbsent(operation.eventId(), id -> new ArrayList<>(1)).add(operation);
    }
    bases.each(
        Collections.unmodifiableMap(events),
        base -> {
          List<Operation> named = events.remove(base.id());
          if (named != null) {
            resolver.apply(base, named);
          }
        });
    for (List<Operation> named : events.values()) {
      resolver.apply(null, named);
    }
    return resolver.effects;
  }

  private void apply(@Nullable EventVersion base, List<Operation> operations) throws SQLException {
    EventVersion newest = base;
    for (Operation operation : operations) {
      Step step = StateMachine.apply(newest, operation);
      newest = step.version();
      effects.merge(step.effect(), 1, Integer::sum);
    }
    if (newest != null && (base == null || newest.version() > base.version())) {
      changes.take(base, newest);
    }
  }
}
