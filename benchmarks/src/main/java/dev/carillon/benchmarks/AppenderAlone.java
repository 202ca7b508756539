package dev.carillon.benchmarks;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** The peer of the hub's batches: DuckDB's appender and nothing else, into the same columns. */
final class AppenderAlone implements AutoCloseable {

  private static final String SCHEMA =
      """
      CREATE TABLE events (position BIGINT, key BIGINT, id VARCHAR, source VARCHAR, type VARCHAR,
        subject VARCHAR, time TIMESTAMP, subjects VARCHAR, tags VARCHAR, trace_ids VARCHAR,
        organization_id VARCHAR, user_id VARCHAR, event VARCHAR)""";

  private final DuckDBConnection connection;
  private final String event = Bodies.event("sample.processed");
  private long position;

  AppenderAlone(Path file) throws SQLException {
    connection = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute(SCHEMA);
    }
    connection.setAutoCommit(false);
  }

  double rowsPerSecond(int rowsPerCommit, int seconds) throws SQLException {
    long before = position;
    long started = System.nanoTime();
    long deadline = started + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < deadline) {
      try (DuckDBAppender rows = connection.createAppender("events")) {
        for (int i = 0; i < rowsPerCommit; i++) {
          append(rows);
        }
      }
      connection.commit();
    }
    return (position - before) * 1e9 / (System.nanoTime() - started);
  }

  private void append(DuckDBAppender rows) throws SQLException {
    position++;
    rows.beginRow();
    rows.append(position).append(position * 0x9E3779B97F4A7C15L);
    rows.append(UUID.randomUUID().toString());
    rows.append("/api/v2.0/EventService");
    rows.append("sample.processed." + position % 20);
    rows.append("sample-123");
    rows.appendEpochMicros(1_772_439_300_000_000L + position);
    rows.appendNull();
    rows.append("\u001flaboratory\u001fprocessing\u001f").append("\u001fbatch-7\u001f");
    rows.appendNull().appendNull();
    rows.append(event);
    rows.endRow();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
