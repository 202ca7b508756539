package dev.carillon.hub.pipeline;

import com.clickhouse.client.api.data_formats.RowBinaryFormatWriter;
import com.clickhouse.client.api.metadata.TableSchema;
import com.clickhouse.data.ClickHouseColumn;
import com.clickhouse.data.ClickHouseFormat;
import dev.carillon.hub.pipeline.EventRows.Placed;
import dev.carillon.hub.store.Batch;
import dev.carillon.hub.store.EventFields;
import dev.carillon.hub.store.EventVersion;
import dev.carillon.hub.store.EventVersion.State;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.apache.commons.io.output.UnsynchronizedByteArrayOutputStream;

/**
 * What a writer inserts into ClickHouse, and how far it has got. Each insert has a token that names
 * its very rows, by their source, range and checksum: when one that seemed to fail is done again,
 * the server drops the second. Thread-safe.
 */
final class Insertion {

  // Unsigned positions have the same bytes as signed ones, which need no BigInteger.
  private static final TableSchema POSITIONS =
      new TableSchema(ClickHouseColumn.parse("source String, position Int64"));
  private static final TableSchema DEAD_LETTERS =
      new TableSchema(
          ClickHouseColumn.parse("source String, position Int64, operation String, reason String"));
  private static final String NOBODY = "";

  /** An event that never was and was deleted: nobody ever sees it, wherever it is inserted. */
  private static final Placed NOTHING =
      new Placed(
          new EventVersion(
              UUID.nameUUIDFromBytes("carillon".getBytes(StandardCharsets.US_ASCII)),
              1,
              State.DELETED,
              EventFields.NONE,
              Instant.EPOCH,
              Instant.EPOCH),
          NOBODY,
          0);

  private final ClickHouse clickHouse;

  Insertion(ClickHouse clickHouse) {
    this.clickHouse = clickHouse;
  }

  /** Versions as rows, ready to be inserted. */
  interface Rows {
    /** Inserts them. */
    void insert() throws IOException;
  }

  private interface Encoding {
    void write(OutputStream out, List<Placed> versions) throws IOException;
  }

  /** Encodes versions; after all of them goes in how far their sources are written. */
  Rows rows(List<Batch> batches, List<Placed> events, List<Placed> orphans) throws IOException {
    Rows orphanRows =
        encoded("orphans", EventRows.orphanColumns(), EventRows::writeOrphans, batches, orphans);
    Rows eventRows =
        encoded("events", EventRows.eventColumns(), EventRows::writeEvents, batches, events);
    Map<String, Long> last = new LinkedHashMap<>();
    batches.forEach(batch -> last.put(batch.source(), batch.last()));
    return () -> {
      orphanRows.insert();
      eventRows.insert();
      note(last);
    };
  }

  private Rows encoded(
      String table,
      List<String> columns,
      Encoding encoding,
      List<Batch> batches,
      List<Placed> versions)
      throws IOException {
    if (versions.isEmpty()) {
      return () -> {};
    }
    UnsynchronizedByteArrayOutputStream encoded = // a row is many small writes
        UnsynchronizedByteArrayOutputStream.builder().setBufferSize(EventRows.size(versions)).get();
    encoding.write(encoded, versions);
    String token = token(batches, versions);
    return () -> clickHouse.insert(table, columns, encoded::writeTo, token);
  }

  /** A version's event, number and operation are what makes its row: all else follows. */
  private static String token(List<Batch> batches, List<Placed> rows) {
    CRC32C sum = new CRC32C();
    ByteBuffer row = ByteBuffer.allocate(4 * Long.BYTES);
    for (Placed placed : rows) {
      row.clear()
          .putLong(placed.version().id().getMostSignificantBits())
          .putLong(placed.version().id().getLeastSignificantBits())
          .putLong(placed.version().version())
          .putLong(placed.position());
      sum.update(row.flip());
    }
    return batches.stream()
        .filter(batch -> !batch.operations().isEmpty())
        .map(
            batch ->
                batch.source() + ":" + batch.operations().get(0).position() + "-" + batch.last())
        .collect(Collectors.joining(",", "", ":%x".formatted(sum.getValue())));
  }

  private void note(Map<String, Long> positions) throws IOException {
    clickHouse.insert(
        "positions",
        List.of("source", "position"),
        out -> {
          RowBinaryFormatWriter row =
              new RowBinaryFormatWriter(out, POSITIONS, ClickHouseFormat.RowBinary);
          for (Map.Entry<String, Long> position : positions.entrySet()) {
            row.setString(1, position.getKey());
            row.setLong(2, position.getValue());
            row.commitRow();
          }
        },
        positions.toString());
  }

  long position(String source) throws IOException {
    return clickHouse
        .query(
            "SELECT max(position) AS last FROM positions WHERE source = {source:String}",
            Map.of("source", source),
            row -> row.getLong("last"))
        .get(0);
  }

  /** Throws if any table refuses what has nothing wrong with it. */
  void tryOut() throws IOException {
    Batch nobodys = new Batch(NOBODY, List.of(), 0);
    rows(List.of(nobodys), List.of(NOTHING), List.of(NOTHING)).insert();
  }

  void setAside(String source, Batch.Placed operation, String reason) throws IOException {
    clickHouse.insert(
        "dead_letters",
        List.of("source", "position", "operation", "reason"),
        out -> {
          RowBinaryFormatWriter row =
              new RowBinaryFormatWriter(out, DEAD_LETTERS, ClickHouseFormat.RowBinary);
          row.setString(1, source);
          row.setLong(2, operation.position());
          row.setString(3, operation.operation().toJson());
          row.setString(4, reason.getBytes(StandardCharsets.UTF_8));
          row.commitRow();
        },
        "dead:" + source + ":" + operation.position());
  }
}
