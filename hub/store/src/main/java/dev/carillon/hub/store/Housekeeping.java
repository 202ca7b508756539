package dev.carillon.hub.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done to the versions in the background, by one thread, in pieces that are short beside
 * the writer's: it removes what is superseded, too old or without its create, and keeps the
 * prepared statistics up to date. Every piece is a transaction, so that it may end at any moment.
 */
final class Housekeeping implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);
  private static final int PIECE = 50_000;
  private static final String DELETE_VERSIONS =
      "DELETE FROM versions WHERE version IN (FROM doomed)";
  private static final String DELETE_CHUNKS = "DELETE FROM chunks WHERE owner IN (FROM doomed)";

  /** How many periods it rests when nothing was written, and only age can make something to do. */
  private static final int IDLE_PERIODS = 10;

  /** Nothing more comes when so many periods brought nothing: the writer gathers for a while. */
  private static final int QUIET_PERIODS = 6;

  /**
   * The share of the time that statistics may take while events keep coming: one part in twenty.
   */
  private static final int REST = 19;

  private final Database database;
  private final Duration retention;
  private final Duration patience;
  private final Duration period;
  private final Clock clock;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "carillon-housekeeping");
  private final Vacuum vacuum = new Vacuum();
  private final LongAdder compacted = new LongAdder();
  private final LongAdder expired = new LongAdder();
  private volatile long retired;
  private volatile long lag;
  private long lastEnd;
  private long grownAt = System.nanoTime();
  private long restUntil = System.nanoTime();
  private long lookAt = System.nanoTime();
  private volatile boolean due = true; // something was written, or left to do at the last look
  private boolean unprepared; // preparing the statistics failed
  private boolean failing;

  /**
   * Creates a housekeeping that stands still until {@link #start}.
   *
   * @param retention how old an event may get; zero keeps all
   * @param period how long it rests between two looks
   */
  Housekeeping(Database database, Duration retention, Duration period, Clock clock) {
    this.database = database;
    this.retention = retention;
    this.patience = AnalyticsStore.patience(retention);
    this.period = period;
    this.clock = clock;
    thread.setUncaughtExceptionHandler((t, e) -> log.error("the housekeeping's thread ended", e));
  }

  void start() {
    thread.start();
  }

  /** Notes that versions were written. */
  void noteWritten() {
    due = true;
  }

  long compacted() {
    return compacted.sum();
  }

  long expired() {
    return expired.sum();
  }

  /** How many superseded versions were there at the last look. */
  long retired() {
    return retired;
  }

  /** How many versions the statistics did not have at the last look. */
  long lag() {
    return lag;
  }

  private void run() {
    try {
      while (!closing.await(period.toMillis(), TimeUnit.MILLISECONDS)) {
        if (due || System.nanoTime() - lookAt >= 0) {
          due = false;
          lookAt = System.nanoTime() + IDLE_PERIODS * period.toNanos();
          if (!tidy()) {
            due = true;
          }
        }
      }
    } catch (InterruptedException e) {
      log.debug("interrupted", e);
    }
  }

  /** Whether nothing is left to do. */
  private boolean tidy() {
    try (DuckDBConnection connection = database.reader()) {
      expire(connection);
      while (compact(connection) == PIECE && closing.getCount() > 0) {
        log.debug("compacted {} versions", PIECE);
      }
      boolean stale = rollUp(connection);
      vacuum.attempt(connection);
      failing = unprepared;
      return !stale && retired == 0 && !vacuum.isDue();
    } catch (SQLException | RuntimeException e) {
      database.failed(e);
      if (!failing && closing.getCount() > 0) {
        log.warn("housekeeping failed, trying again: {}", e.toString());
      }
      failing = true;
      return false;
    }
  }

  /** Removes a piece of what is superseded; returns how many. */
  private long compact(DuckDBConnection connection) throws SQLException {
    retired = Sql.number(connection, "SELECT count(*) FROM retired");
    if (retired == 0) {
      return 0;
    }
    Sql.execute(
        connection,
        "CREATE OR REPLACE TEMP TABLE doomed AS SELECT version FROM retired ORDER BY version LIMIT "
            + PIECE);
    long count = Sql.number(connection, "SELECT count(*) FROM doomed");
    Sql.inTransaction(
        connection,
        DELETE_VERSIONS,
        DELETE_CHUNKS,
        "DELETE FROM retired WHERE version IN (FROM doomed)");
    compacted.add(count);
    retired = Sql.number(connection, "SELECT count(*) FROM retired");
    return count;
  }

  private void expire(DuckDBConnection connection) throws SQLException {
    Instant now = clock.instant();
    long orphans = VersionTable.MARKS.last(connection, now.minus(patience));
    VersionTable.MARKS.note(connection, now, orphans);
    expire(connection, "version <= ? AND state = 2", orphans);
    if (!retention.isZero()) {
      long old = Sql.micros(now.minus(retention));
      expire(connection, "created_at < make_timestamp(?) AND state <> 2", old);
    }
  }

  private void expire(DuckDBConnection connection, String condition, long bound)
      throws SQLException {
    long count = PIECE;
    while (count == PIECE && closing.getCount() > 0) {
      count = expirePiece(connection, condition, bound);
      expired.add(count);
      vacuum.add(count);
    }
  }

  private static long expirePiece(DuckDBConnection connection, String condition, long bound)
      throws SQLException {
    Sql.execute(connection, "CREATE OR REPLACE TEMP TABLE doomed (version BIGINT)");
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO doomed SELECT version FROM versions WHERE "
                + condition
                + " ORDER BY version LIMIT "
                + PIECE)) {
      insert.setLong(1, bound);
      insert.executeUpdate();
    }
    long count = Sql.number(connection, "SELECT count(*) FROM doomed");
    if (count > 0) {
      Sql.inTransaction(
          connection,
          "INSERT INTO moved SELECT 0, conversation_id, max(created_at) FROM versions"
              + " WHERE version IN (FROM doomed) AND conversation_id IS NOT NULL"
              + " GROUP BY conversation_id, CAST(created_at AS DATE)",
          DELETE_VERSIONS,
          DELETE_CHUNKS);
    }
    return count;
  }

  /**
   * Brings the statistics up to date: when nothing more comes, and before that, or where it failed,
   * for a share of the time.
   *
   * @return whether they are still to be brought up to date
   */
  private boolean rollUp(DuckDBConnection connection) throws SQLException {
    long end = RollUp.end(connection);
    long started = System.nanoTime();
    if (end != lastEnd) {
      lastEnd = end;
      grownAt = started;
    }
    boolean quiet = !unprepared && started - grownAt >= QUIET_PERIODS * period.toNanos();
    boolean stale = RollUp.isStale(connection);
    if (stale && (quiet || started - restUntil >= 0)) {
      unprepared = true;
      try {
        RollUp.refresh(connection);
        unprepared = false;
      } finally {
        long now = System.nanoTime();
        restUntil = now + REST * (now - started);
      }
      stale = false;
    }
    lag = RollUp.end(connection) - RollUp.position(connection);
    return stale || lag > 0;
  }

  /** Ends what it does at the next piece's end, or in two seconds. */
  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
