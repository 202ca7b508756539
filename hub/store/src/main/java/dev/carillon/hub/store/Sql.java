package dev.carillon.hub.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import org.duckdb.DuckDBConnection;

/**
 * Runs SQL without parameters on connections that are handed in, and holds what statements with
 * parameters share.
 */
final class Sql {

  /** How long a read may take. */
  static final int TIMEOUT_SECONDS = 30;

  private Sql() {}

  static void execute(DuckDBConnection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Executes all statements or, where one fails, none. */
  static void inTransaction(DuckDBConnection connection, String... statements) throws SQLException {
    execute(connection, "BEGIN TRANSACTION");
    try {
      for (String sql : statements) {
        execute(connection, sql);
      }
      execute(connection, "COMMIT");
    } catch (SQLException e) {
      execute(connection, "ROLLBACK");
      throw e;
    }
  }

  /** The one number that a query finds. */
  static long number(DuckDBConnection connection, String query) throws SQLException {
    try (Statement select = connection.createStatement();
        ResultSet rows = select.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** A time as {@code make_timestamp} and appenders take it: microseconds since 1970. */
  static long micros(Instant time) {
    return Math.addExact(
        Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1000);
  }
}
