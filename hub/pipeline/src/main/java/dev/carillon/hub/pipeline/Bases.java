package dev.carillon.hub.pipeline;

import dev.carillon.hub.pipeline.EventRows.Placed;
import dev.carillon.hub.store.Batch;
import dev.carillon.hub.store.Operation.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * What ClickHouse has of the events that a writer is about to change, by few queries for all of
 * them. Most events that are created are not there yet. Where their ids begin with the time (UUIDs
 * of version 7), they lie close together where there is little else, and a look at that range of
 * the primary key spares looking up each; ids by chance are looked up.
 */
final class Bases {

  /** How many bytes of events that a batch changes may be in memory. */
  private static final long MAX_BYTES = 32L << 20;

  private static final int BY_TIME = 7;

  /** From so many creates on, a range is asked for. */
  private static final int MANY = 1_024;

  /**
   * One part in so many, at either end, is left out of the range: ids of long ago, or of chance.
   */
  private static final int OUTLIERS = 512;

  /** So many ids of a range are read sooner than one is looked up. */
  private static final int WORTH = 16;

  private final ClickHouse clickHouse;

  Bases(ClickHouse clickHouse) {
    this.clickHouse = clickHouse;
  }

  /** The newest versions of the events that batches name, of those that are there. */
  Map<UUID, Placed> of(List<Batch> batches) throws IOException {
    List<UUID> created = new ArrayList<>();
    Set<UUID> changed = new HashSet<>();
    for (Batch batch : batches) {
      for (Batch.Placed placed : batch.operations()) {
        UUID id = placed.operation().eventId();
        boolean byTime = placed.operation().kind() == Kind.CREATE && id.version() == BY_TIME;
        (byTime ? created : changed).add(id);
      }
    }
    changed.addAll(mayBeThere(created));
    return changed.isEmpty() ? new HashMap<>() : newest(changed);
  }

  /** All of these ids but those that are certainly not there. */
  private Collection<UUID> mayBeThere(List<UUID> ids) throws IOException {
    if (ids.size() < MANY) {
      return ids;
    }
    int limit = WORTH * ids.size();
    UUID first = Collections.min(ids, Bases::compareKeys);
    UUID last = Collections.max(ids, Bases::compareKeys);
    List<UUID> there = between(first, last, limit);
    if (there.size() < limit) {
      keep(there, ids);
      return there;
    }
    return mostly(ids, limit);
  }

  /** The same, where some ids at either end lie far from the rest. */
  private Collection<UUID> mostly(List<UUID> ids, int limit) throws IOException {
    List<UUID> sorted = new ArrayList<>(ids);
    sorted.sort(Bases::compareKeys);
    int from = sorted.size() / OUTLIERS;
    int to = sorted.size() - from;
    List<UUID> there = between(sorted.get(from), sorted.get(to - 1), limit);
    if (there.size() == limit) {
      return ids;
    }
    keep(there, ids);
    there.addAll(sorted.subList(0, from));
    there.addAll(sorted.subList(to, sorted.size()));
    return there;
  }

  /** The order of ids in ClickHouse's primary key. */
  private static int compareKeys(UUID one, UUID other) {
    int high = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
  }

  private static void keep(List<UUID> there, List<UUID> wanted) {
    if (!there.isEmpty()) {
      there.retainAll(new HashSet<>(wanted));
    }
  }

  /** The ids of a range that are there, or as many as the limit. */
  private List<UUID> between(UUID first, UUID last, int limit) throws IOException {
    String range =
        " WHERE toUInt128(id) BETWEEN toUInt128(toUUID('%s')) AND toUInt128(toUUID('%s'))"
            .formatted(first, last);
    return clickHouse.query(
        "SELECT id FROM (SELECT id FROM events%s UNION ALL SELECT id FROM orphans%s) LIMIT "
                .formatted(range, range)
            + limit,
        Map.of(),
        row -> row.getUUID("id"));
  }

  private Map<UUID, Placed> newest(Set<UUID> ids) throws IOException {
    String wanted = // one literal: a list of thousands takes longer to parse than to look up
        ids.stream()
            .map(UUID::toString)
            .collect(
                Collectors.joining(
                    ",",
                    "toUInt128(id) IN (SELECT toUInt128(toUUID(arrayJoin(splitByChar(',', '",
                    "')))))"));
    String query =
        "SELECT * FROM (SELECT "
            + EventRows.EVENT_SELECTION
            + " FROM events WHERE "
            + wanted
            + " UNION ALL SELECT "
            + EventRows.ORPHAN_SELECTION
            + " FROM orphans WHERE "
            + wanted
            + ") ORDER BY version DESC LIMIT 1 BY id";
    Map<UUID, Placed> newest = new HashMap<>();
    AtomicLong room = new AtomicLong(MAX_BYTES);
    clickHouse.query(
        query,
        Map.of(),
        row -> {
          Placed placed = EventRows.read(row);
          if (room.addAndGet(-placed.version().fields().json().length) < 0) {
            throw new IllegalStateException("too much to change at once"); // by half as many, then
          }
          return newest.put(placed.version().id(), placed);
        });
    return newest;
  }
}
