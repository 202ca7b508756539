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
 * arrived, as the {@link Marks} of the log tell, whatever date they bear: so an event stays up to
 * an hour longer, and never less. Used by the thread that writes, but for {@link #expired}.
 */
final class Retention {

  private static final Logger log = LoggerFactory.getLogger(Retention.class);

  /** More than comes in a transaction, after each of which a piece goes: so it keeps up. */
  private static final long PIECE = 4 * Database.ROW_GROUP;

  private final Database database;
  private final Duration retention;
  private final long periodNanos;
  private final Clock clock;
  private final LongConsumer forgotten;
  private final Vacuum vacuum = new Vacuum();
  private final LongAdder expired = new LongAdder();
  private long lookAt = System.nanoTime();
  private long next = 1; // the first position from which on events may be left
  private long last; // the position up to which they are to go
  private boolean failing;

  /**
   * Creates the retention of a log.
   *
   * @param retention how long events stay; zero keeps all
   * @param period how long it rests between two looks
   * @param forgotten hears up to which position events are about to go
   */
  Retention(
      Database database, Duration retention, Duration period, Clock clock, LongConsumer forgotten) {
    this.database = database;
    this.retention = retention;
    this.periodNanos = period.toNanos();
    this.clock = clock;
    this.forgotten = forgotten;
  }

  long expired() {
    return expired.sum();
  }

  /** How long there is nothing to do, in nanoseconds. */
  long rest() {
    return next <= last ? 0 : Math.max(0, lookAt - System.nanoTime());
  }

  /** Does a piece of what is to be done; while the writer has no transaction. */
  void tend() {
    try {
      if (next <= last) {
        remove(database.writer());
      } else if (vacuum.isDue()) {
        vacuum.attempt(database.writer());
      } else if (System.nanoTime() - lookAt >= 0) {
        lookAt = System.nanoTime() + periodNanos;
        look(database.writer());
      }
      failing = false;
    } catch (SQLException | RuntimeException e) {
      last = Math.min(last, next - 1); // what is left shows at the next look
      if (!failing) {
        log.warn("removing old events failed, trying again: {}", e.toString());
      }
      failing = true;
    }
  }

  private void look(DuckDBConnection connection) throws SQLException {
    Instant now = clock.instant();
    long old = retention.isZero() ? 0 : EventTable.MARKS.last(connection, now.minus(retention));
    EventTable.MARKS.note(connection, now, old);
    if (old > last) {
      forgotten.accept(old);
      String bound = " WHERE position <= " + old;
      Sql.execute(connection, "DELETE FROM dead_letters" + bound);
      next =
          Sql.number(
              connection,
              "SELECT coalesce(min(position), %d) FROM events".formatted(old + 1) + bound);
      last = old;
    }
  }

  private void remove(DuckDBConnection connection) throws SQLException {
    long end = Math.min(next + PIECE - 1, last);
    String range = " BETWEEN " + next + " AND " + end;
    long count = Sql.number(connection, "SELECT count(*) FROM events WHERE position" + range);
    Sql.inTransaction(
        connection,
        "DELETE FROM events WHERE position" + range,
        "DELETE FROM chunks WHERE owner" + range);
    expired.add(count);
    vacuum.add(count);
    next = end + 1;
  }
}
