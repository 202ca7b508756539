package dev.carillon.hub.store;

import java.sql.SQLException;
import org.duckdb.DuckDBConnection;

/**
 * Has DuckDB use the room of removed rows again. It does so, for whole row groups, in a checkpoint
 * during which no other transaction is open, not even one that reads; and by itself it makes one
 * only when its own log is long, to which removed rows hardly add. So it is tried now and then.
 * Used by one thread.
 */
final class Vacuum {

  private static final int MAX_TRIES = 30;

  /** What DuckDB says where it does not even begin, beside certain writes of others. */
  private static final String NOT_NOW = "Cannot CHECKPOINT";

  private long removed; // rows that were not tried for
  private int tries;

  /** Notes that rows were removed; it is due when they are as many as a row group has. */
  void add(long rows) {
    removed += rows;
    if (removed >= Database.ROW_GROUP) {
      removed = 0;
      tries = MAX_TRIES;
    }
  }

  /** Whether it is to be tried, or tried once more. */
  boolean isDue() {
    return tries > 0;
  }

  /** Tries once if it is due, outside of a transaction. */
  void attempt(DuckDBConnection connection) throws SQLException {
    if (!isDue()) {
      return;
    }
    tries--;
    long used = usedBlocks(connection);
    try {
      Sql.execute(connection, "CHECKPOINT");
    } catch (SQLException e) {
      if (!String.valueOf(e.getMessage()).contains(NOT_NOW)) {
        tries = 0; // it may have ended the database, as on a full disk: not again and again
        throw e;
      }
    }
    if (usedBlocks(connection) < used) {
      tries = 0;
    }
  }

  private static long usedBlocks(DuckDBConnection connection) throws SQLException {
    return Sql.number(connection, "SELECT used_blocks FROM pragma_database_size()");
  }
}
