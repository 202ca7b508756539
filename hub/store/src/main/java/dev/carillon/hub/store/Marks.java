package dev.carillon.hub.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.duckdb.DuckDBConnection;

/**
 * Up to which version was written at what time, noted once an hour: it tells how long a version is
 * there, whatever the times that its operations bear. Used on connections that are handed in.
 */
final class Marks {

  static final String SCHEMA =
      "CREATE TABLE IF NOT EXISTS marks (version BIGINT NOT NULL, time TIMESTAMP NOT NULL);";

  private static final Duration PERIOD = Duration.ofHours(1);

  private Marks() {}

  /** The last version that is known to have been there at a time; 0 if none is. */
  static long last(DuckDBConnection connection, Instant time) throws SQLException {
    return Sql.number(
        connection, "SELECT coalesce(max(version), 0) FROM marks WHERE time <= " + timestamp(time));
  }

  /**
   * Notes what is there now, if that is more than there was an hour ago. While the clock is behind
   * the newest mark, that one takes what is new: a version must not seem older than it is. After a
   * clock that was far ahead nothing seems old until it gets there.
   *
   * @param needed the version before whose mark none is needed any more
   */
  static void note(DuckDBConnection connection, Instant now, long needed) throws SQLException {
    if (has(connection, "time > " + timestamp(now))) {
      Sql.inTransaction(
          connection,
          "UPDATE marks SET version = newest FROM (SELECT max(version) AS newest FROM versions)"
              + " WHERE time = (SELECT max(time) FROM marks) AND newest > version");
    } else if (!has(connection, "time > " + timestamp(now.minus(PERIOD)))) {
      Sql.inTransaction(
          connection,
          "INSERT INTO marks SELECT max(version), "
              + timestamp(now)
              + " FROM versions HAVING max(version) > (SELECT coalesce(max(version), 0) FROM marks)",
          "DELETE FROM marks WHERE version < " + needed);
    }
  }

  private static boolean has(DuckDBConnection connection, String condition) throws SQLException {
    return Sql.number(connection, "SELECT count(*) FROM marks WHERE " + condition) > 0;
  }

  private static String timestamp(Instant time) {
    return "make_timestamp(" + Sql.micros(time) + ")";
  }
}
