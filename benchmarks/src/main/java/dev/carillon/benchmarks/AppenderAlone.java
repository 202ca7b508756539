package dev.carillon.benchmarks;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** The peer of the hub's batches: DuckDB's appender and nothing else, into the same columns. */
final class AppenderAlone implements AutoCloseable {

  private static final String SCHEMA =
      """
      CREATE TABLE events (position BIGINT, key BIGINT, source VARCHAR, type VARCHAR,
        subject VARCHAR, time TIMESTAMP, labels VARCHAR, size INTEGER, event BLOB)""";

  private final DuckDBConnection connection;
  private final byte[] event = Bodies.event("sample.processed").getBytes(StandardCharsets.UTF_8);
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
    rows.append("/api/v2.0/EventService").append("sample.processed." + position % 20);
    rows.append("sample-123");
    rows.appendEpochMicros(1_772_439_300_000_000L + position);
    rows.append("\u001ftlaboratory\u001ftprocessing\u001frbatch-7\u001f");
    rows.append(event.length).append(event);
    rows.endRow();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
