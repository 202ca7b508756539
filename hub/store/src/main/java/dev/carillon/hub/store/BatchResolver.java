package dev.carillon.hub.store;

import dev.carillon.hub.store.StateMachine.Effect;
import dev.carillon.hub.store.StateMachine.Step;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Works out what a batch makes of its events, with one look-up for all of them. Of an event that a
 * batch changes several times only the last version remains, since nobody ever sees the others.
 */
public final class BatchResolver {

  /**
   * Finds the newest versions of events, pending and deleted ones included.
   *
   * @param <E> what it throws when it cannot
   */
  public interface Bases<E extends Exception> {
    /** The newest version of each of these events that has one. */
    Map<UUID, EventVersion> of(Set<UUID> ids) throws E;
  }

  /**
   * What a batch does to one event.
   *
   * @param base the version before the batch; null if there was none
   * @param version the version after it
   */
  public record Change(@Nullable EventVersion base, EventVersion version) {}

  /**
   * What a batch does.
   *
   * @param changes the events that it changes, in the order in which it first names them
   * @param effects how many operations did what
   */
  public record Resolution(List<Change> changes, Map<Effect, Integer> effects) {}

  private BatchResolver() {}

  /** Works out what operations do, given what is there. */
  public static <E extends Exception> Resolution resolve(
      List<Batch.Placed> operations, Bases<E> bases) throws E {
    Map<UUID, @Nullable EventVersion> newest = new LinkedHashMap<>(operations.size() * 2);
    for (Batch.Placed placed : operations) {
      newest.put(placed.operation().eventId(), null);
    }
    Map<UUID, EventVersion> found = bases.of(newest.keySet());
    Map<Effect, Integer> effects = new EnumMap<>(Effect.class);
    for (Batch.Placed placed : operations) {
      UUID id = placed.operation().eventId();
      EventVersion base = newest.get(id);
      Step step = StateMachine.apply(base == null ? found.get(id) : base, placed.operation());
      newest.put(id, step.version());
      effects.merge(step.effect(), 1, Integer::sum);
    }
    List<Change> changes = new ArrayList<>(newest.size());
    newest.forEach(
        (id, version) -> {
          EventVersion base = found.get(id);
          if (version != null && (base == null || version.version() > base.version())) {
            changes.add(new Change(base, version));
          }
        });
    return new Resolution(changes, effects);
  }
}
