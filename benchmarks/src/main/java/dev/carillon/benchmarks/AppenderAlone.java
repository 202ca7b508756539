package dev.carillon.benchmarks;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * The peer of the hub's batches: DuckDB's appender and nothing else, into the hub's own columns.
 */
final class AppenderAlone implements AutoCloseable {

  private static final String EVENTS =
      """
      CREATE TABLE rows (
        position BIGINT NOT NULL, key BIGINT NOT NULL, source VARCHAR NOT NULL,
        type VARCHAR NOT NULL, subject VARCHAR, time TIMESTAMP NOT NULL, labels VARCHAR,
        size INTEGER NOT NULL, event BLOB NOT NULL USING COMPRESSION zstd)""";

  private static final String VERSIONS =
      """
      CREATE TABLE rows (
        version BIGINT NOT NULL, id UUID NOT NULL, state TINYINT NOT NULL,
        conversation_id VARCHAR, event_name VARCHAR, failed BOOLEAN, latency DOUBLE,
        created_at TIMESTAMP NOT NULL, updated_at TIMESTAMP NOT NULL,
        size INTEGER NOT NULL, data BLOB NOT NULL USING COMPRESSION zstd)""";

  private static final long MICROS = 1_772_439_300_000_000L;
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  /** Appends the values of a row. */
  private interface Row {
    void append(DuckDBAppender rows, long number) throws SQLException;
  }

  private final DuckDBConnection connection;
  private final Row row;
  private long appended;

  private AppenderAlone(Path file, String table, Row row) throws SQLException {
    this.row = row;
    connection = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute(table);
    }
    connection.setAutoCommit(false);
  }

  /** The peer of batches of events. */
  static AppenderAlone ofEvents(Path file) throws SQLException {
    byte[] event = Bodies.event("sample.processed").getBytes(StandardCharsets.UTF_8);
    return new AppenderAlone(
        file,
        EVENTS,
        (rows, position) -> {
          rows.append(position).append(position * SPREAD);
          rows.append("/api/v2.0/EventService").append("sample.processed." + position % 20);
          rows.append("sample-123");
          rows.appendEpochMicros(MICROS + position);
          rows.append("\u001ftlaboratory\u001ftprocessing\u001frbatch-7\u001f");
          rows.append(event.length).append(event);
        });
  }

  /** The peer of batches of conversation analytics. */
  static AppenderAlone ofVersions(Path file) throws SQLException {
    byte[] event = AnalyticsBodies.batch(1).getBytes(StandardCharsets.UTF_8);
    return new AppenderAlone(
        file,
        VERSIONS,
        (rows, version) -> {
          long micros = MICROS + version;
          rows.append(version).appendUUID(micros << 12 | 0x7000, version * SPREAD);
          rows.append((byte) 0).append("conversation_" + version % 20).append("event_a");
          rows.append(false).append(230.0);
          rows.appendEpochMicros(micros).appendEpochMicros(micros);
          rows.append(event.length).append(event);
        });
  }

  double rowsPerSecond(int rowsPerCommit, int seconds) throws SQLException {
    long before = appended;
    long started = System.nanoTime();
    long deadline = started + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < deadline) {
      try (DuckDBAppender rows = connection.createAppender("rows")) {
        for (int i = 0; i < rowsPerCommit; i++) {
          rows.beginRow();
          row.append(rows, ++appended);
          rows.endRow();
        }
      }
      connection.commit();
    }
    return (appended - before) * 1e9 / (System.nanoTime() - started);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
