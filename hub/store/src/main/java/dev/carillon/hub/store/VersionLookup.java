package dev.carillon.hub.store;

import static java.util.stream.Collectors.toSet;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
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

  private final Database database;
  private final SeenKeys recent = new SeenKeys();
  private volatile @Nullable SeenKeys earlier;

  VersionLookup(Database database) {
    this.database = database;
  }

  /**
   * Reads which events are there into the memory that spares look-ups; until that is done, every
   * event is looked up.
   */
  void loadKeys() throws SQLException {
    SeenKeys loaded = new SeenKeys();
    try (DuckDBConnection connection = database.reader();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id FROM versions")) {
      while (rows.next()) {
        loaded.add(keyOf((UUID) rows.getObject(1)));
      }
    }
    earlier = loaded;
  }

  /** Remembers that an event is there. */
  void add(UUID id) {
    recent.add(keyOf(id));
  }

  private static long keyOf(UUID id) {
    return id.getMostSignificantBits() * 0x9E3779B97F4A7C15L ^ id.getLeastSignificantBits();
  }

  /** Cuts a batch in parts, so that what is there of a part's events is in memory at once. */
  List<Batch> parts(Batch batch) throws SQLException {
    List<Batch.Placed> operations = batch.operations();
    Map<UUID, Long> sizes = sizes(operations);
    List<Batch> parts = new ArrayList<>();
    int from = 0;
    long bytes = 0;
    for (int i = 0; i < operations.size(); i++) {
      long size = sizes.getOrDefault(operations.get(i).operation().eventId(), 0L);
      if (bytes + size > MAX_BYTES && i > from) {
        long end = operations.get(i - 1).position();
        parts.add(new Batch(batch.source(), operations.subList(from, i), end));
        from = i;
        bytes = 0;
      }
      bytes += size;
    }
    List<Batch.Placed> rest = operations.subList(from, operations.size());
    parts.add(new Batch(batch.source(), rest, batch.last()));
    return parts;
  }

  /** How much room all versions of an event take, where there are any. */
  private Map<UUID, Long> sizes(List<Batch.Placed> operations) throws SQLException {
    Map<UUID, Long> sizes = new HashMap<>();
    if (want(operations.stream().map(placed -> placed.operation().eventId()).collect(toSet()))) {
      try (Statement select = database.writer().createStatement();
          ResultSet rows =
              select.executeQuery(
                  "SELECT id, sum(size)::BIGINT FROM versions SEMI JOIN wanted USING (id)"
                      + " GROUP BY id")) {
        while (rows.next()) {
          sizes.put((UUID) rows.getObject(1), rows.getLong(2));
        }
      }
    }
    return sizes;
  }

  @Override
  public Map<UUID, EventVersion> of(Set<UUID> ids) throws SQLException {
    if (!want(ids)) {
      return Map.of();
    }
    DuckDBConnection writer = database.writer();
    Map<UUID, EventVersion> found = new HashMap<>();
    Pieces.Reader pieces = new Pieces.Reader();
    try (Statement select = writer.createStatement();
        ResultSet rows =
            select.executeQuery(
                "SELECT " + VersionTable.COLUMNS + " FROM versions SEMI JOIN wanted USING (id)")) {
      while (rows.next()) {
        EventVersion version = VersionTable.read(rows, pieces);
        found.merge(version.id(), version, (a, b) -> a.version() > b.version() ? a : b);
      }
    }
    pieces.finish(writer);
    return found;
  }

  /** Puts those events that may be there into the table {@code wanted}; false if there is none. */
  private boolean want(Set<UUID> ids) throws SQLException {
    DuckDBConnection writer = database.writer();
    RollUp.execute(writer, "CREATE OR REPLACE TEMP TABLE wanted (id UUID)");
    boolean any = false;
    SeenKeys loaded = earlier;
    try (DuckDBAppender wanted = writer.createAppender("temp", "main", "wanted")) {
      for (UUID id : ids) {
        long key = keyOf(id);
        if (loaded == null || loaded.mightContain(key) || recent.mightContain(key)) {
          wanted.beginRow();
          wanted.append(id);
          wanted.endRow();
          any = true;
        }
      }
      wanted.flush();
    }
    return any;
  }
}
