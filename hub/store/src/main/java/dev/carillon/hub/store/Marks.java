package dev.carillon.hub.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.duckdb.DuckDBConnection;

/**
 * Up to which row of a table was written at what time, noted once an hour: it tells how long a row
 * has been there, by this machine's clock, whatever times its event bears. Used on connections that
 * are handed in.
 */
final class Marks {

  private static final Duration PERIOD = Duration.ofHours(1);

  private final String table;
  private final String number;

  /**
   * Creates the marks of a table.
   *
   * @param table the table, in a database that has marks of no other
   * @param number the column by which its rows come in the order in which they are written
   */
  Marks(String table, String number) {
    this.table = table;
    this.number = number;
  }

  /** Creates the table of the marks, if it is not there. */
  void create(DuckDBConnection connection) throws SQLException {
    Sql.execute(
        connection,
        "CREATE TABLE IF NOT EXISTS marks (%s BIGINT NOT NULL, time TIMESTAMP NOT NULL)"
            .formatted(number));
  }

  /** The last row that is known to have been there at a time; 0 if none is. */
  long last(DuckDBConnection connection, Instant time) throws SQLException {
    return Sql.number(
        connection,
        "SELECT coalesce(max(%s), 0) FROM marks WHERE time <= %s"
            .formatted(number, timestamp(time)));
  }

  /**
   * Notes what is there now, if that is more than there was an hour ago. While the clock is behind
   * the newest mark, that one takes what is new: a row must not seem older than it is. After a
   * clock that was far ahead nothing seems old until it gets there.
   *
   * @param needed marks of rows before this one are not needed any more
   */
  void note(DuckDBConnection connection, Instant now, long needed) throws SQLException {
    if (has(connection, "time > " + timestamp(now))) {
      Sql.inTransaction(
          connection,
          "UPDATE marks SET %1$s = newest FROM (SELECT max(%1$s) AS newest FROM %2$s)"
                  .formatted(number, table)
              + " WHERE time = (SELECT max(time) FROM marks) AND newest > "
              + number);
    } else if (!has(connection, "time > " + timestamp(now.minus(PERIOD)))) {
      Sql.inTransaction(
          connection,
          "INSERT INTO marks SELECT max(%1$s), %3$s FROM %2$s"
                  .formatted(number, table, timestamp(now))
              + " HAVING max(%1$s) > (SELECT coalesce(max(%1$s), 0) FROM marks)".formatted(number),
          "DELETE FROM marks WHERE " + number + " < " + needed);
    }
  }

  /** Whether the clock was far ahead of now when a mark was made. */
  boolean areAhead(DuckDBConnection connection, Instant now) throws SQLException {
    return has(connection, "time > " + timestamp(now.plus(PERIOD)));
  }

  private static boolean has(DuckDBConnection connection, String condition) throws SQLException {
    return Sql.number(connection, "SELECT count(*) FROM marks WHERE " + condition) > 0;
  }

  private static String timestamp(Instant time) {
    return "make_timestamp(" + Sql.micros(time) + ")";
  }
}
