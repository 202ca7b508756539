package dev.carillon.hub.store;

import dev.carillon.hub.store.EventVersion.State;
import java.sql.SQLException;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Appends versions to the table, and what they mean for others, within a transaction of a
 * connection. Used by one thread.
 */
final class VersionAppender implements AutoCloseable {

  private final DuckDBAppender rows;
  private final Chunks.Writer chunks;
  private final DuckDBAppender retired;
  private final DuckDBAppender moved;
  private long last;

  /**
   * Begins to append.
   *
   * @param last the number of the last version that is there
   */
  VersionAppender(DuckDBConnection connection, long last) throws SQLException {
    this.last = last;
    this.rows = connection.createAppender("versions");
    this.chunks = new Chunks.Writer(connection);
    this.retired = connection.createAppender("retired");
    this.moved = connection.createAppender("moved");
  }

  /** The number of the last version. */
  long last() {
    return last;
  }

  /**
   * Appends a version.
   *
   * @param base the one that it replaces; null if there is none
   */
  void append(@Nullable EventVersion base, EventVersion version) throws SQLException {
    last++;
    appendRow(last, version);
    if (base != null) {
      retired.beginRow();
      retired.append(base.version());
      retired.endRow();
      noteMove(base, version);
    }
  }

  private void appendRow(long number, EventVersion version) throws SQLException {
    EventFields fields = version.fields();
    boolean live = version.state() == State.LIVE;
    rows.beginRow();
    rows.append(number).append(version.id()).append(VersionTable.code(version.state()));
    rows.append(fields.conversationId()).append(fields.eventName());
    Boolean failed = fields.failed();
    if (failed != null || live) {
      rows.append(failed != null && failed);
    } else {
      rows.appendNull();
    }
    Double latency = fields.latency();
    if (latency != null || live) {
      rows.append(latency == null ? 0.0 : latency);
    } else {
      rows.appendNull();
    }
    rows.appendEpochMicros(Sql.micros(version.createdAt()));
    rows.appendEpochMicros(Sql.micros(version.updatedAt()));
    rows.append(fields.json().length).append(chunks.write(number, fields.json()));
    rows.endRow();
  }

  /** Notes the conversation that an event leaves, whose statistics change too. */
  private void noteMove(EventVersion base, EventVersion version) throws SQLException {
    String left = base.fields().conversationId();
    if (left != null && !left.equals(version.fields().conversationId())) {
      moved.beginRow();
      moved.append(last).append(left);
      moved.appendEpochMicros(Sql.micros(base.createdAt()));
      moved.endRow();
    }
  }

  /** Has the transaction see what was appended; {@link #close} would keep an error to itself. */
  void flush() throws SQLException {
    rows.flush();
    chunks.flush();
    retired.flush();
    moved.flush();
  }

  @Override
  public void close() throws SQLException {
    try (rows;
        chunks;
        retired) {
      moved.close();
    }
  }
}
