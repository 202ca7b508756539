package dev.carillon.hub.store;

import dev.carillon.hub.store.Tail.Placed;
import java.sql.SQLException;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** Appends events to the table within a transaction of a connection. Used by one thread. */
final class EventAppender implements AutoCloseable {

  private final DuckDBAppender rows;
  private final Chunks.Writer chunks;
  private int count;

  EventAppender(DuckDBConnection connection) throws SQLException {
    rows = connection.createAppender("events");
    chunks = new Chunks.Writer(connection);
  }

  /** How many events were appended. */
  int count() {
    return count;
  }

  void append(Placed event) throws SQLException {
    LogEntry entry = event.entry();
    rows.beginRow();
    rows.append(event.position())
        .append(SeenKeys.keyOf(entry.id()))
        .append(entry.source())
        .append(entry.type())
        .append(entry.subject())
        .appendEpochMicros(Sql.micros(entry.time()))
        .append(entry.labels())
        .append(entry.json().length)
        .append(chunks.write(event.position(), entry.json()));
    rows.endRow();
    count++;
  }

  /** Has the transaction see what was appended; {@link #close} would keep an error to itself. */
  void flush() throws SQLException {
    rows.flush();
    chunks.flush();
  }

  @Override
  public void close() throws SQLException {
    try (chunks) {
      rows.close();
    }
  }
}
