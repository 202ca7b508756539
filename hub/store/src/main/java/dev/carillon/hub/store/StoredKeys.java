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

  private final SeenKeys recent = new SeenKeys();
  private volatile @Nullable SeenKeys earlier;

  /** Reads which keys are there; until that is done, every key may be. */
  void load(Database database, String query, Key key) throws SQLException {
    SeenKeys loaded = new SeenKeys();
    try (DuckDBConnection connection = database.reader();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        loaded.add(key.of(rows));
      }
    }
    earlier = loaded;
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
