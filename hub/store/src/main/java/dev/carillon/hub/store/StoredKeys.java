package dev.carillon.hub.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Tells which keys are certainly not in a table, so that only the others need be looked up: what
 * was there before is loaded beside the work, and what comes is added. Used by one thread, but for
 * {@link #load}.
 */
final class StoredKeys {

  /** Makes a key of a row. */
  interface Key {
    long of(ResultSet row) throws SQLException;
  }

  /** So many rows are read at once: DuckDB's driver holds an answer in memory as a whole. */
  private static final long RANGE = 1_000_000;

  private final SeenKeys recent = new SeenKeys();
  private volatile @Nullable SeenKeys earlier;

  /**
   * Reads which keys are there; until that is done, every key may be. All of one moment: a row that
   * is replaced by one of a later range, and removed, would be missed.
   *
   * @param number the table's column by which its rows come in order
   * @param column what a key is made of
   */
  void load(Database database, String table, String number, String column, Key key)
      throws SQLException {
    String bound = "(" + number + "), 0) FROM " + table;
    String rows = "SELECT " + column + " FROM " + table + " WHERE " + number + " BETWEEN ";
    earlier =
        Snapshot.read(
            database,
            snapshot -> {
              SeenKeys loaded = new SeenKeys();
              long first = Sql.number(snapshot.connection(), "SELECT coalesce(min" + bound);
              long last = Sql.number(snapshot.connection(), "SELECT coalesce(max" + bound);
              for (long next = first; next <= last; next += RANGE) {
                String range = rows + next + " AND " + (next + RANGE - 1);
                addAll(loaded, snapshot.connection(), range, key);
              }
              return loaded;
            });
  }

  private static void addAll(SeenKeys keys, DuckDBConnection connection, String query, Key key)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        keys.add(key.of(rows));
      }
    }
  }

  boolean mightContain(long key) {
    return recent.mightContain(key) || mightBeEarlier(key);
  }

  void add(long key) {
    recent.add(key);
  }

  /** Adds a key; returns whether it may have been there. */
  boolean note(long key) {
    boolean recently = recent.mightContain(key);
    if (!recently) {
      recent.add(key);
    }
    return recently || mightBeEarlier(key);
  }

  private boolean mightBeEarlier(long key) {
    SeenKeys loaded = earlier;
    return loaded == null || loaded.mightContain(key);
  }
}
