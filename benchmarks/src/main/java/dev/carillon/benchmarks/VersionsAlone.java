package dev.carillon.benchmarks;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** The peer of analytics batches: DuckDB's appender and nothing else, into the same columns. */
final class VersionsAlone implements AutoCloseable {

  private static final String SCHEMA =
      """
      CREATE TABLE versions (version BIGINT, id UUID, state TINYINT, conversation_id VARCHAR,
        event_name VARCHAR, failed BOOLEAN, latency DOUBLE, created_at TIMESTAMP,
        updated_at TIMESTAMP, size INTEGER, data BLOB)""";

  private final DuckDBConnection connection;
  private final byte[] event = AnalyticsBodies.batch(1).getBytes(StandardCharsets.UTF_8);
  private long version;

  VersionsAlone(Path file) throws SQLException {
    connection = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute(SCHEMA);
    }
    connection.setAutoCommit(false);
  }

  double rowsPerSecond(int rowsPerCommit, int seconds) throws SQLException {
    long before = version;
    long started = System.nanoTime();
    long deadline = started + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < deadline) {
      try (DuckDBAppender rows = connection.createAppender("versions")) {
        for (int i = 0; i < rowsPerCommit; i++) {
          append(rows);
        }
        rows.flush();
      }
      connection.commit();
    }
    return (version - before) * 1e9 / (System.nanoTime() - started);
  }

  private void append(DuckDBAppender rows) throws SQLException {
    version++;
    long micros = 1_772_439_300_000_000L + version;
    rows.beginRow();
    rows.append(version).appendUUID(micros << 12 | 0x7000, version * 0x9E3779B97F4A7C15L);
    rows.append((byte) 0).append("conversation_" + version % 20).append("event_a");
    rows.append(false).append(230.0);
    rows.appendEpochMicros(micros).appendEpochMicros(micros);
    rows.append(event.length).append(event);
    rows.endRow();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
