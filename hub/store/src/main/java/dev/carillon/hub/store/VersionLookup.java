package dev.carillon.hub.store;

import static java.util.stream.Collectors.toSet;

import dev.carillon.hub.store.BatchResolver.VersionTaker;
import dev.carillon.hub.store.Operation.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Finds the versions that operations change, on the writer's connection. Remembers which events are
 * there, so that new ones need no look-up. Used by one thread, but for {@link #loadKeys}.
 */
final class VersionLookup implements BatchResolver.Bases {

  private static final long MAX_BYTES = 64L << 20;

  /** The newest version of each event that is wanted. */
  private static final String WANTED =
      " FROM versions SEMI JOIN wanted USING (id) ANTI JOIN retired USING (version)";

  private final Database database;
  private final StoredKeys keys = new StoredKeys();
  private long largest = -1;

  VersionLookup(Database database) {
    this.database = database;
  }

  /** Until that is done, every event is looked up. */
  void loadKeys() throws SQLException {
    keys.load(database, "versions", "version", "id", row -> keyOf((UUID) row.getObject(1)));
  }

  private boolean mayBeThere(UUID id) {
    return keys.mightContain(keyOf(id));
  }

  /**
   * Remembers a version.
   *
   * @param base the one that it replaces; null if there is none
   */
  void add(@Nullable EventVersion base, EventVersion version) {
    if (base == null) {
      keys.add(keyOf(version.id()));
    }
    largest = Math.max(largest, version.fields().json().length);
  }

  private static long keyOf(UUID id) {
    return id.getMostSignificantBits() * 0x9E3779B97F4A7C15L ^ id.getLeastSignificantBits();
  }

  /** Cuts a batch in parts, so that what is there of a part's events is in memory at once. */
  List<Batch> parts(Batch batch) throws SQLException {
    List<Batch.Placed> operations = batch.operations();
    if (operations.size() * largest() <= MAX_BYTES) {
      return List.of(batch);
    }
    long there = operations.stream().filter(each -> mayBeThere(each.operation().eventId())).count();
    if (there * largest() <= MAX_BYTES) {
      return List.of(batch);
    }
    Map<UUID, Integer> sizes = sizes(operations);
    List<Batch> parts = new ArrayList<>();
    Set<UUID> named = new HashSet<>();
    int from = 0;
    long bytes = 0;
    for (int i = 0; i < operations.size(); i++) {
      UUID id = operations.get(i).operation().eventId();
      int size = sizes.getOrDefault(id, 0);
      if (bytes + size > MAX_BYTES && !named.contains(id) && i > from) {
        long end = operations.get(i - 1).position();
        parts.add(new Batch(batch.source(), operations.subList(from, i), end));
        from = i;
        bytes = 0;
        named.clear();
      }
      bytes += named.add(id) ? size : 0;
    }
    List<Batch.Placed> rest = operations.subList(from, operations.size());
    parts.add(new Batch(batch.source(), rest, batch.last()));
    return parts;
  }

  /** How large the largest version is, or was. */
  private long largest() throws SQLException {
    if (largest < 0) {
      largest = Sql.number(database.writer(), "SELECT coalesce(max(size), 0) FROM versions");
    }
    return largest;
  }

  private Map<UUID, Integer> sizes(List<Batch.Placed> operations) throws SQLException {
    want(
        operations.stream()
            .map(placed -> placed.operation().eventId())
            .filter(this::mayBeThere)
            .collect(toSet()));
    Map<UUID, Integer> sizes = new HashMap<>();
    try (Statement select = database.writer().createStatement();
        ResultSet rows = select.executeQuery("SELECT id, size" + WANTED)) {
      while (rows.next()) {
        sizes.put((UUID) rows.getObject(1), rows.getInt(2));
      }
    }
    return sizes;
  }

  /** Looks for what is changed or deleted, and for what is created only if it may be there. */
  @Override
  public void each(Map<UUID, List<Operation>> events, VersionTaker taker) throws SQLException {
    List<UUID> wanted = new ArrayList<>(events.size());
    events.forEach(
        (id, operations) -> {
          if (operations.get(0).kind() != Kind.CREATE || mayBeThere(id)) {
            wanted.add(id);
          }
        });
    if (wanted.isEmpty()) {
      return;
    }
    want(wanted);
    DuckDBConnection writer = database.writer();
    Chunks.Reader chunks = new Chunks.Reader();
    List<EventVersion> unfinished = new ArrayList<>();
    try (Statement select = writer.createStatement();
        ResultSet rows = select.executeQuery("SELECT " + VersionTable.COLUMNS + WANTED)) {
      while (rows.next()) {
        EventVersion version = VersionTable.read(rows, chunks);
        if (chunks.isUnfinished(version.version())) {
          unfinished.add(version);
        } else {
          taker.take(version);
        }
      }
    }
    chunks.finish(writer);
    for (EventVersion version : unfinished) {
      taker.take(version);
    }
  }

  /** Puts events into the table {@code wanted}. */
  private void want(Collection<UUID> ids) throws SQLException {
    DuckDBConnection writer = database.writer();
    Sql.execute(writer, "CREATE OR REPLACE TEMP TABLE wanted (id UUID)");
    try (DuckDBAppender rows = writer.createAppender("temp", "main", "wanted")) {
      for (UUID id : ids) {
        rows.beginRow();
        rows.append(id);
        rows.endRow();
      }
      rows.flush();
    }
  }
}
