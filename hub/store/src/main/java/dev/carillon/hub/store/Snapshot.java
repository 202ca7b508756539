package dev.carillon.hub.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.duckdb.DuckDBConnection;

/** The tables as they are at one moment, read on a connection of its own. Used by one thread. */
final class Snapshot {

  private final DuckDBConnection connection;

  private Snapshot(DuckDBConnection connection) {
    this.connection = connection;
  }

  /** Reads from a snapshot. */
  interface Reading<T> {
    T of(Snapshot snapshot) throws SQLException;
  }

  /** Reads a row. */
  interface Row<T> {
    T of(ResultSet row) throws SQLException;
  }

  /** Takes a snapshot, reads from it, and lets it go. */
  static <T> T read(Database database, Reading<T> reading) throws SQLException {
    try (DuckDBConnection connection = database.reader()) {
      connection.setAutoCommit(false);
      T answer = reading.of(new Snapshot(connection));
      connection.rollback();
      return answer;
    }
  }

  DuckDBConnection connection() {
    return connection;
  }

  /** What a query finds whose conditions bring the values of its question marks, in their order. */
  <T> List<T> rows(String sql, List<AnalyticsConditions> where, Row<T> row) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setQueryTimeout(Sql.TIMEOUT_SECONDS);
      int next = 1;
      for (AnalyticsConditions conditions : where) {
        next = conditions.fill(select, next);
      }
      List<T> found = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.add(row.of(rows));
        }
      }
      return found;
    }
  }

  <T> List<T> rows(String sql, AnalyticsConditions where, Row<T> row) throws SQLException {
    return rows(sql, List.of(where), row);
  }

  /** The versions that a query finds by their {@link VersionTable#COLUMNS}. */
  List<EventVersion> versions(String sql, List<AnalyticsConditions> where) throws SQLException {
    Chunks.Reader chunks = new Chunks.Reader();
    List<EventVersion> found = rows(sql, where, row -> VersionTable.read(row, chunks));
    chunks.finish(connection);
    return found;
  }
}
