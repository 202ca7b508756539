package dev.carillon.hub.store;

import java.sql.SQLException;
import java.util.List;

/**
 * The transaction that stays open while events are added to the event table, if there is one. Used
 * by one thread.
 */
final class OpenTransaction {

  private static final long MAX_BYTES = 64L << 20;

  private final EventTable table;
  private final Database database;
  private final Tail tail;
  private boolean open;
  private long openedAt;
  private long bytes;
  private long last;

  OpenTransaction(EventTable table, Database database, Tail tail) {
    this.table = table;
    this.database = database;
    this.tail = tail;
  }

  boolean isOpen() {
    return open;
  }

  /** For how long it has been open, in nanoseconds. */
  long age() {
    return System.nanoTime() - openedAt;
  }

  /** Whether it has as many bytes as it should. */
  boolean isLarge() {
    return bytes >= MAX_BYTES;
  }

  /** The position of the last event that was added. */
  long last() {
    return last;
  }

  /**
   * Adds events, and opens it if it is not.
   *
   * @param bytesEach how many bytes an entry has on average
   * @return how many it has dealt with: all, or fewer if it has no more rows, and is to be
   *     committed
   */
  int add(long first, List<LogEntry> entries, long bytesEach) throws SQLException {
    if (!open) {
      table.begin();
      open = true;
      openedAt = System.nanoTime();
      bytes = 0;
    }
    int done = table.add(first, entries, tail);
    last = first + done - 1;
    bytes += bytesEach * done;
    return done;
  }

  /** Commits what was added up to {@link #last}. */
  void commit() throws SQLException {
    database.requireInPlace();
    table.commit(tail);
    open = false;
  }

  /** Ends it without a trace. */
  void abandon() {
    table.abandon();
    open = false;
  }
}
