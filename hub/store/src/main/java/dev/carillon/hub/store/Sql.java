package dev.carillon.hub.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.duckdb.DuckDBConnection;

/** Runs SQL without parameters on connections that are handed in. */
final class Sql {

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
}
