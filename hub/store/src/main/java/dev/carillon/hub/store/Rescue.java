package dev.carillon.hub.store;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores events that failed to be stored: in halves, and halves of halves, so that one event which
 * the table does not take is set aside as a dead letter and stops nobody. Used by one thread at a
 * time.
 */
final class Rescue {

  private static final Logger log = LoggerFactory.getLogger(Rescue.class);

  private final EventTable table;
  private final Database database;
  private final Tail tail;
  private final LongConsumer done;
  private final LongAdder deadLetters = new LongAdder();

  /**
   * Creates a rescue.
   *
   * @param done hears up to which position events are stored or set aside
   */
  Rescue(EventTable table, Database database, Tail tail, LongConsumer done) {
    this.table = table;
    this.database = database;
    this.tail = tail;
    this.done = done;
  }

  long deadLetters() {
    return deadLetters.sum();
  }

  void storeOrThrow(long first, List<LogEntry> entries) throws IOException {
    if (!store(first, entries)) {
      throw new IOException("the database cannot be written");
    }
  }

  /** Stores events; false if the database can no longer be written, or lacks memory or room. */
  boolean store(long first, List<LogEntry> entries) {
    try {
      table.store(first, entries, tail);
      done(first + entries.size() - 1);
      return true;
    } catch (SQLException | RuntimeException e) {
      log.warn("storing {} events failed: {}", entries.size(), e.toString());
      database.reset();
      if (!database.isWritable()) {
        return false;
      }
      if (entries.size() == 1) {
        return !Database.isShort(e) && setAside(first, entries.get(0), e);
      }
    }
    int half = entries.size() / 2;
    return store(first, entries.subList(0, half))
        && store(first + half, entries.subList(half, entries.size()));
  }

  private boolean setAside(long position, LogEntry entry, Exception reason) {
    try {
      table.setAside(position, entry, String.valueOf(reason.getMessage()));
    } catch (SQLException e) {
      log.warn("event {} cannot even be set aside: {}", entry.id(), e.toString());
      return false;
    }
    log.error("event {} is set aside as a dead letter", entry.id(), reason);
    deadLetters.increment();
    done(position);
    return true;
  }

  /** Some may have been stored before, and are not in the tail: it begins anew behind them. */
  private void done(long position) {
    tail.restart(position);
    done.accept(position);
  }
}
