package dev.carillon.hub.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.duckdb.DuckDBConnection;

/**
 * Statistics by conversation and name, and by day and name, prepared for all versions up to a
 * number. What later versions touch counts as stale, and is worked out anew by whoever asks: so an
 * answer is exact at every moment, and quick when little is stale. Used on connections that are
 * handed in.
 */
final class RollUp {

  static final String SCHEMA =
      """
      CREATE TABLE IF NOT EXISTS sessions (
        conversation_id VARCHAR NOT NULL, event_name VARCHAR NOT NULL, events BIGINT NOT NULL,
        errors BIGINT NOT NULL, p95 DOUBLE NOT NULL);
      CREATE TABLE IF NOT EXISTS days (
        day DATE NOT NULL, event_name VARCHAR NOT NULL, events BIGINT NOT NULL,
        errors BIGINT NOT NULL);
      CREATE TABLE IF NOT EXISTS moved (
        version BIGINT NOT NULL, conversation_id VARCHAR NOT NULL, created_at TIMESTAMP NOT NULL);
      CREATE TABLE IF NOT EXISTS rolled_up (position BIGINT NOT NULL);
      INSERT INTO rolled_up SELECT 0 WHERE NOT EXISTS (FROM rolled_up);
      CREATE TABLE IF NOT EXISTS rolled_up_days (position BIGINT NOT NULL);
      INSERT INTO rolled_up_days SELECT 0 WHERE NOT EXISTS (FROM rolled_up_days);
      """;

  /** The live events: what is neither superseded nor deleted nor without its create. */
  static final String LIVE = " FROM versions ANTI JOIN retired USING (version) WHERE state = 0";

  /** How many events are worked on at once: a percentile holds all its values in memory. */
  static final long PIECE = 1_000_000;

  private static final String STALE_CONVERSATIONS = // since the version whose number follows
      "SELECT conversation_id FROM moved UNION SELECT conversation_id FROM versions"
          + " WHERE conversation_id IS NOT NULL AND version > ";

  private static final String STALE_DAYS = // likewise
      "SELECT CAST(created_at AS DATE) AS day FROM moved"
          + " UNION SELECT CAST(created_at AS DATE) FROM versions WHERE version > ";

  private RollUp() {}

  /**
   * Puts the stale conversations into the connection's table {@code stale}.
   *
   * @return in how many pieces their events should be worked on; 0 if none is stale
   */
  static long findStaleConversations(DuckDBConnection connection) throws SQLException {
    long position = position(connection);
    Sql.execute(
        connection, "CREATE OR REPLACE TEMP TABLE stale AS " + STALE_CONVERSATIONS + position);
    if (Sql.number(connection, "SELECT count(*) FROM stale") == 0) {
      return 0;
    }
    long events =
        Sql.number(
            connection,
            "SELECT coalesce(sum(events), 0)::BIGINT FROM sessions SEMI JOIN stale"
                + " USING (conversation_id)");
    return 1 + (events + end(connection) - position) / PIECE;
  }

  /** Puts the stale days into the connection's table {@code stale_days}; false if there is none. */
  static boolean findStaleDays(DuckDBConnection connection) throws SQLException {
    Sql.execute(
        connection,
        "CREATE OR REPLACE TEMP TABLE stale_days AS " + STALE_DAYS + daysPosition(connection));
    return Sql.number(connection, "SELECT count(*) FROM stale_days") > 0;
  }

  /** The condition that only stale days meet, with the bounds that spare reading the others. */
  static String inStaleDays(DuckDBConnection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet bounds =
            statement.executeQuery("SELECT min(day)::VARCHAR, max(day)::VARCHAR FROM stale_days")) {
      bounds.next();
      return " AND created_at >= DATE '%s' AND created_at < DATE '%s' + 1"
              .formatted(bounds.getString(1), bounds.getString(2))
          + " AND CAST(created_at AS DATE) IN (FROM stale_days)";
    }
  }

  /** The number of the last version that all statistics have. */
  static long position(DuckDBConnection connection) throws SQLException {
    return Sql.number(connection, "SELECT max(position) FROM rolled_up");
  }

  /** The number of the last version that those by day have, which never have less than the rest. */
  private static long daysPosition(DuckDBConnection connection) throws SQLException {
    return Sql.number(
        connection, "SELECT max(position) FROM (FROM rolled_up UNION ALL FROM rolled_up_days)");
  }

  /** The number of the last version that is there. */
  static long end(DuckDBConnection connection) throws SQLException {
    long position = position(connection);
    return Sql.number(
        connection,
        "SELECT coalesce(max(version), "
            + position
            + ") FROM versions WHERE version > "
            + position);
  }

  /** Whether anything is stale. */
  static boolean isStale(DuckDBConnection connection) throws SQLException {
    return end(connection) > position(connection)
        || Sql.number(connection, "SELECT count(*) FROM moved") > 0;
  }

  /**
   * Works out anew what is stale, a piece a transaction, and then says so; the days first, which
   * never need much memory, so that a conversation that needs more than there is does not keep them
   * from being prepared. A day from which something was taken stays stale until all are done.
   */
  static void refresh(DuckDBConnection connection) throws SQLException {
    long end = end(connection);
    if (findStaleDays(connection)) {
      refreshDays(connection, end);
    }
    long pieces = findStaleConversations(connection);
    for (long piece = 0; piece < pieces; piece++) {
      refreshSessions(connection, pieces, piece);
    }
    Sql.inTransaction(
        connection,
        "UPDATE rolled_up SET position = " + end,
        "DELETE FROM moved WHERE version <= " + end);
  }

  private static void refreshSessions(DuckDBConnection connection, long pieces, long piece)
      throws SQLException {
    Sql.execute(
        connection,
        "CREATE OR REPLACE TEMP TABLE piece AS FROM stale WHERE hash(conversation_id) % "
            + pieces
            + " = "
            + piece);
    Sql.inTransaction(
        connection,
        "DELETE FROM sessions WHERE conversation_id IN (FROM piece)",
        "INSERT INTO sessions SELECT conversation_id, event_name, count(*),"
            + " count(*) FILTER (failed), quantile_cont(latency, 0.95)"
            + LIVE
            + " AND conversation_id IN (FROM piece) GROUP BY ALL");
  }

  private static void refreshDays(DuckDBConnection connection, long end) throws SQLException {
    Sql.inTransaction(
        connection,
        "DELETE FROM days WHERE day IN (FROM stale_days)",
        "INSERT INTO days SELECT CAST(created_at AS DATE), event_name, count(*),"
            + " count(*) FILTER (failed)"
            + LIVE
            + inStaleDays(connection)
            + " GROUP BY ALL",
        "UPDATE rolled_up_days SET position = " + end);
  }
}
