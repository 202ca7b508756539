package dev.carillon.hub.store;

import java.sql.SQLException;
import org.duckdb.DuckDBConnection;

/**
 * Has DuckDB use the room of removed rows again. It does so, for whole row groups, in a checkpoint
 * during which no other transaction is open, be it but a read; and by itself it makes one only when
 * its own log is long, which removed rows hardly add to. Used by one thread.
 */
final class Vacuum {

  private static final int MAX_TRIES = 8;

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

  /** Whether to try now, or once more. */
  boolean isDue() {
    return tries > 0;
  }

  /** Tries once, outside of a transaction. */
  void attempt(DuckDBConnection connection) throws SQLException {
    tries--;
    long used = usedBlocks(connection);
    Sql.execute(connection, "CHECKPOINT");
    if (usedBlocks(connection) < used) {
      tries = 0;
    }
  }

  private static long usedBlocks(DuckDBConnection connection) throws SQLException {
    return Sql.number(connection, "SELECT used_blocks FROM pragma_database_size()");
  }
}
