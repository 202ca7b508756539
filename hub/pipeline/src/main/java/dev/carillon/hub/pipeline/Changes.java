package dev.carillon.hub.pipeline;

import dev.carillon.hub.pipeline.EventRows.Placed;
import dev.carillon.hub.store.Batch;
import dev.carillon.hub.store.EventVersion.State;
import dev.carillon.hub.store.StateMachine;
import dev.carillon.hub.store.StateMachine.Effect;
import dev.carillon.hub.store.StateMachine.Step;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What batches make of their events in ClickHouse. Of an event that they change several times only
 * the last version remains, since nobody ever sees the others. Thread-safe: nothing changes any
 * more.
 */
final class Changes {

  private final Map<UUID, Placed> newest;
  private final Map<Effect, Integer> effects = new EnumMap<>(Effect.class);

  /**
   * Works out what batches change.
   *
   * @param stored the newest versions that are in ClickHouse of the events that the batches name
   * @param before what changes before these and may not be in ClickHouse yet
   */
  Changes(List<Batch> batches, Map<UUID, Placed> stored, List<Changes> before) {
    int operations = batches.stream().mapToInt(batch -> batch.operations().size()).sum();
    newest = new LinkedHashMap<>(operations * 2);
    for (Batch batch : batches) {
      add(batch, id -> known(id, stored, before));
    }
  }

  /** Another writer may have gone on meanwhile with what is under way here. */
  private static @Nullable Placed known(UUID id, Map<UUID, Placed> stored, List<Changes> before) {
    Placed known = stored.get(id);
    for (Changes changes : before) {
      Placed changed = changes.newest.get(id);
      if (changed != null
          && (known == null || changed.version().version() >= known.version().version())) {
        known = changed;
      }
    }
    return known;
  }

  private void add(Batch batch, Function<UUID, @Nullable Placed> known) {
    for (Batch.Placed operation : batch.operations()) {
      UUID id = operation.operation().eventId();
      Placed changed = newest.get(id);
      Placed base = changed == null ? known.apply(id) : changed;
      if (base != null && isIn(base, batch.source(), operation)) {
        continue;
      }
      Step step = StateMachine.apply(base == null ? null : base.version(), operation.operation());
      if (base == null || step.version().version() > base.version().version()) {
        newest.put(id, new Placed(step.version(), batch.source(), operation.position()));
      }
      effects.merge(step.effect(), 1, Integer::sum);
    }
  }

  /** Whether an event's newest version has an operation already. */
  private static boolean isIn(Placed base, String source, Batch.Placed operation) {
    return base.source().equals(source) && base.position() >= operation.position();
  }

  /** The new versions of live and deleted events. */
  List<Placed> events() {
    return newest.values().stream().filter(placed -> !isPending(placed)).toList();
  }

  /** The new versions of events that wait for their create. */
  List<Placed> orphans() {
    return newest.values().stream().filter(Changes::isPending).toList();
  }

  private static boolean isPending(Placed placed) {
    return placed.version().state() == State.PENDING;
  }

  /** How many operations did what, but for those that were in already. */
  Map<Effect, Integer> effects() {
    return effects;
  }
}
