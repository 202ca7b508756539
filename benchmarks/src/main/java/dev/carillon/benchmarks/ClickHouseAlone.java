package dev.carillon.benchmarks;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.data_formats.RowBinaryFormatWriter;
import com.clickhouse.client.api.insert.InsertResponse;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.metadata.TableSchema;
import com.clickhouse.data.ClickHouseColumn;
import com.clickhouse.data.ClickHouseFormat;
import dev.carillon.hub.store.Operation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The peer of the writer: ready blocks into a table like the pipeline's, and nothing else. */
final class ClickHouseAlone implements AutoCloseable {

  /** With as many rows a batch of the writer is full. */
  static final int BLOCK = 50_000;

  private static final String TABLE =
      """
      CREATE OR REPLACE TABLE alone (
        id UUID, version UInt64, state Int8, conversation_id String,
        event_name LowCardinality(String), failed Bool, latency Float64,
        fields String CODEC(ZSTD(1)), created_at DateTime64(3, 'UTC'),
        updated_at DateTime64(3, 'UTC'), source LowCardinality(String), position UInt64,
        INDEX created created_at TYPE minmax GRANULARITY 1
      )
      ENGINE = ReplacingMergeTree(version)
      PARTITION BY toYYYYMM(created_at)
      ORDER BY toUInt128(id)""";

  private static final TableSchema ROWS =
      new TableSchema(
          ClickHouseColumn.parse(
              "id UUID, version UInt64, state Int8, conversation_id String, event_name String,"
                  + " failed Bool, latency Float64, fields String, created_at Int64,"
                  + " updated_at Int64, source String, position UInt64"));

  private static final List<String> COLUMNS =
      ROWS.getColumns().stream().map(ClickHouseColumn::getColumnName).toList();

  private final Client client;
  private final List<byte[]> blocks = new ArrayList<>();

  ClickHouseAlone(URI url) {
    client =
        new Client.Builder()
            .addEndpoint(url.toString())
            .setUsername("default")
            .setPassword("")
            .compressServerResponse(false)
            .build();
  }

  /** Inserts so many rows in ready blocks, so many blocks at a time, into an empty table. */
  double rowsPerSecond(int rows, int atATime) throws Exception {
    while (blocks.size() < rows / BLOCK) {
      blocks.add(block(blocks.size() * BLOCK));
    }
    execute(TABLE);
    ExecutorService hands = Executors.newFixedThreadPool(atATime);
    try {
      long started = System.nanoTime();
      List<Callable<Void>> inserts = new ArrayList<>();
      for (int i = 0; i < rows / BLOCK; i++) {
        int block = i;
        inserts.add(() -> insert(block));
      }
      for (Future<Void> insert : hands.invokeAll(inserts)) {
        insert.get();
      }
      return rows / BLOCK * BLOCK * 1e9 / (System.nanoTime() - started);
    } finally {
      hands.shutdown();
    }
  }

  private @Nullable Void insert(int block) throws Exception {
    try (InsertResponse done =
        client
            .insert(
                "alone",
                COLUMNS,
                new ByteArrayInputStream(blocks.get(block)),
                ClickHouseFormat.RowBinary,
                new InsertSettings().setDeduplicationToken("block-" + block))
            .get(60, TimeUnit.SECONDS)) {
      done.getMetrics();
      return null;
    }
  }

  private static byte[] block(int first) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RowBinaryFormatWriter row = new RowBinaryFormatWriter(out, ROWS, ClickHouseFormat.RowBinary);
    for (int i = first; i < first + BLOCK; i++) {
      Operation create = AnalyticsWriting.create(i);
      row.setValue(1, create.eventId());
      row.setLong(2, 1);
      row.setByte(3, (byte) 1);
      row.setString(4, "conversation_" + i % 50_000);
      row.setString(5, "event_a");
      row.setBoolean(6, false);
      row.setDouble(7, 230.0);
      row.setString(8, create.fields().json());
      row.setLong(9, create.at().toEpochMilli());
      row.setLong(10, create.at().toEpochMilli());
      row.setString(11, "bench/0");
      row.setLong(12, i);
      row.commitRow();
    }
    return out.toByteArray();
  }

  void execute(String statement) throws Exception {
    client.execute(statement).get(60, TimeUnit.SECONDS).close();
  }

  @Override
  public void close() {
    client.close();
  }
}
