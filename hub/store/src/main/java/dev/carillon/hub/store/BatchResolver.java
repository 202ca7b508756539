package dev.carillon.hub.store;

import dev.carillon.hub.store.StateMachine.Effect;
import dev.carillon.hub.store.StateMachine.Step;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Works out what a batch makes of its events in DuckDB, with one look-up for all of them. Of an
 * event that a batch changes several times only the last version remains, since nobody ever sees
 * the others.
 */
final class BatchResolver {

  /** Finds the newest versions of events, pending and deleted ones included. */
  interface Bases {
    /** The newest version of each of these events that has one. */
    Map<UUID, EventVersion> of(Set<UUID> ids) throws SQLException;
  }

  /**
   * What a batch does to one event.
   *
   * @param base the version before the batch; null if there was none
   * @param version the version after it
   */
  record Change(@Nullable EventVersion base, EventVersion version) {}

  /**
   * What a batch does.
   *
   * @param changes the events that it changes, in the order in which it first names them
   * @param effects how many operations did what
   */
  record Resolution(List<Change> changes, Map<Effect, Integer> effects) {}

  /** What is known of an event while a batch is worked out. */
  private static final class Event {
    private @Nullable EventVersion base;
    private @Nullable EventVersion newest;
  }

  private BatchResolver() {}

  /** Works out what operations do, given what is there. */
  static Resolution resolve(List<Batch.Placed> operations, Bases bases) throws SQLException {
    Map<UUID, Event> events = new LinkedHashMap<>(operations.size() * 2);
    List<Event> named = new ArrayList<>(operations.size());
    for (Batch.Placed placed : operations) {
      named.add(events.computeIfAbsent(placed.operation().eventId(), id -> new Event()));
    }
    bases
        .of(events.keySet())
        .forEach(
            (id, base) -> {
              Event event = events.get(id);
              if (event != null) {
                event.base = base;
                event.newest = base;
              }
            });
    Map<Effect, Integer> effects = new EnumMap<>(Effect.class);
    for (int i = 0; i < operations.size(); i++) {
      Event event = named.get(i);
      Step step = StateMachine.apply(event.newest, operations.get(i).operation());
      event.newest = step.version();
      effects.merge(step.effect(), 1, Integer::sum);
    }
    List<Change> changes = new ArrayList<>(events.size());
    for (Event event : events.values()) {
      EventVersion base = event.base;
      EventVersion newest = event.newest;
      if (newest != null && (base == null || newest.version() > base.version())) {
        changes.add(new Change(base, newest));
      }
    }
    return new Resolution(changes, effects);
  }
}
