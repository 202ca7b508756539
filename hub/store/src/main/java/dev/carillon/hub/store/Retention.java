package dev.carillon.hub.store;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes events that a log has had for long enough, a piece at a time. What counts is when they
 * arrived, as the {@link Marks} of the log tell, whatever date they bear: an event stays for the
 * retention and up to an hour longer. Used by the filler's thread, but for {@link #expired}.
 */
final class Retention {

  private static final Logger log = LoggerFactory.getLogger(Retention.class);

  /** More than comes in a transaction, after each of which a piece goes: so it keeps up. */
  private static final long PIECE = 4 * Database.ROW_GROUP;

  private final Database database;
  private final Duration retention;
  private final long periodNanos;
  private final Clock clock;
  private final LongConsumer removing;
  private final Vacuum vacuum = new Vacuum();
  private final LongAdder expired = new LongAdder();
  private long lookAt = System.nanoTime();
  private long firstLeft = 1; // what comes before this position is removed
  private long removeUpTo;
  private boolean failing;
  private boolean ahead;

  /**
   * Creates the retention of a log.
   *
   * @param retention how long events stay; zero keeps all
   * @param period how long it rests between two looks
   * @param removing hears up to which position events are about to go
   */
  Retention(
      Database database, Duration retention, Duration period, Clock clock, LongConsumer removing) {
    this.database = database;
    this.retention = retention;
    this.periodNanos = period.toNanos();
    this.clock = clock;
    this.removing = removing;
  }

  long expired() {
    return expired.sum();
  }

  /** How long there is nothing to do, in nanoseconds. */
  long idle() {
    return firstLeft <= removeUpTo ? 0 : Math.max(0, lookAt - System.nanoTime());
  }

  /**
   * Does a piece of what is to be done, while the writer has no transaction. What fails is tried
   * again with the next look.
   *
   * @throws SQLException if the database cannot be written any more
   */
  void tend() throws SQLException {
    try {
      if (firstLeft <= removeUpTo) {
        remove(database.writer());
      } else if (System.nanoTime() - lookAt >= 0) {
        lookAt = System.nanoTime() + periodNanos;
        look(database.writer());
      }
      failing = false;
    } catch (SQLException | RuntimeException e) {
      removeUpTo = Math.min(removeUpTo, firstLeft - 1);
      if (!database.isWritable()) {
        throw e;
      }
      if (!failing) {
        log.warn("removing old events failed, trying again: {}", e.toString());
      }
      failing = true;
    }
  }

  private void look(DuckDBConnection connection) throws SQLException {
    vacuum.attempt(connection);
    Instant now = clock.instant();
    warnWhereAhead(!retention.isZero() && EventTable.MARKS.areAhead(connection, now));
    long old = retention.isZero() ? 0 : EventTable.MARKS.last(connection, now.minus(retention));
    EventTable.MARKS.note(connection, now, old);
    if (old > removeUpTo) {
      removing.accept(old);
      String bound = " WHERE position <= " + old;
      Sql.execute(connection, "DELETE FROM dead_letters" + bound);
      firstLeft =
          Sql.number(
              connection,
              "SELECT coalesce(min(position), %d) FROM events".formatted(old + 1) + bound);
      removeUpTo = old;
    }
  }

  private void warnWhereAhead(boolean isAhead) {
    if (isAhead && !ahead) {
      log.warn("the clock was ahead when events came: they stay until it gets there");
    }
    ahead = isAhead;
  }

  private void remove(DuckDBConnection connection) throws SQLException {
    long end = Math.min(firstLeft + PIECE - 1, removeUpTo);
    String range = " BETWEEN " + firstLeft + " AND " + end;
    long count = Sql.number(connection, "SELECT count(*) FROM events WHERE position" + range);
    Sql.inTransaction(
        connection,
        "DELETE FROM events WHERE position" + range,
        "DELETE FROM chunks WHERE owner" + range);
    expired.add(count);
    vacuum.add(count);
    firstLeft = end + 1;
  }
}
