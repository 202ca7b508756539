package dev.carillon.hub.pipeline;

import com.clickhouse.client.api.data_formats.RowBinaryFormatWriter;
import com.clickhouse.client.api.metadata.TableSchema;
import com.clickhouse.data.ClickHouseColumn;
import com.clickhouse.data.ClickHouseFormat;
import dev.carillon.hub.pipeline.EventRows.Placed;
import dev.carillon.hub.store.Batch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/**
 * What a writer asks of ClickHouse and inserts. Each insert has a token that names its very rows,
 * by their source, range and checksum: when one that seemed to fail is done again, the server drops
 * the second. Used by one thread.
 */
final class Insertion {

  private static final TableSchema POSITIONS =
      new TableSchema(ClickHouseColumn.parse("source String, position UInt64"));
  private static final TableSchema DEAD_LETTERS =
      new TableSchema(
          ClickHouseColumn.parse(
              "source String, position UInt64, operation String, reason String"));
  private static final String NOBODY = "";

  /** How many bytes of events that a batch changes may be in memory. */
  private static final long MAX_BASES = 64L << 20;

  private final ClickHouse clickHouse;

  Insertion(ClickHouse clickHouse) {
    this.clickHouse = clickHouse;
  }

  /** The newest versions of events, by one query for all of them. */
  Map<UUID, Placed> newest(Set<UUID> ids) throws IOException {
    String wanted = // one literal: a list of thousands takes longer to parse than to look up
        ids.stream()
            .map(UUID::toString)
            .collect(
                Collectors.joining(
                    ",",
                    "toUInt128(id) IN" + " (SELECT toUInt128(toUUID(arrayJoin(splitByChar(',', '",
                    "')))))"));
    String query =
        "SELECT * FROM (SELECT "
            + EventRows.COLUMNS
            + " FROM events WHERE "
            + wanted
            + " UNION ALL SELECT "
            + EventRows.ORPHAN_COLUMNS
            + " FROM orphans WHERE "
            + wanted
            + ") ORDER BY version DESC LIMIT 1 BY id";
    Map<UUID, Placed> newest = new HashMap<>();
    AtomicLong room = new AtomicLong(MAX_BASES);
    clickHouse.query(
        query,
        Map.of(),
        row -> {
          Placed placed = EventRows.read(row);
          if (room.addAndGet(-placed.version().fields().json().length) < 0) {
            throw new IllegalStateException("too much to change at once"); // by half as many, then
          }
          return newest.put(placed.version().id(), placed);
        });
    return newest;
  }

  /** Inserts versions, and after them how far their sources are written. */
  void insert(List<Batch> batches, List<Placed> events, List<Placed> orphans) throws IOException {
    if (!orphans.isEmpty()) {
      byte[] rows = EventRows.ofOrphans(orphans);
      clickHouse.insert("orphans", EventRows.orphanColumns(), rows, token(batches, rows));
    }
    if (!events.isEmpty()) {
      byte[] rows = EventRows.ofEvents(events);
      clickHouse.insert("events", EventRows.eventColumns(), rows, token(batches, rows));
    }
    Map<String, Long> last = new LinkedHashMap<>();
    batches.forEach(batch -> last.put(batch.source(), batch.last()));
    note(last);
  }

  private static String token(List<Batch> batches, byte[] rows) {
    CRC32C sum = new CRC32C();
    sum.update(rows);
    return batches.stream()
        .filter(batch -> !batch.operations().isEmpty())
        .map(
            batch ->
                "%s:%d-%d"
                    .formatted(batch.source(), batch.operations().get(0).position(), batch.last()))
        .collect(Collectors.joining(",", "", ":%x".formatted(sum.getValue())));
  }

  private void note(Map<String, Long> positions) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RowBinaryFormatWriter row =
        new RowBinaryFormatWriter(out, POSITIONS, ClickHouseFormat.RowBinary);
    for (Map.Entry<String, Long> position : positions.entrySet()) {
      row.setString(1, position.getKey());
      row.setLong(2, position.getValue());
      row.commitRow();
    }
    clickHouse.insert(
        "positions", List.of("source", "position"), out.toByteArray(), positions.toString());
  }

  long position(String source) throws IOException {
    return clickHouse
        .query(
            "SELECT max(position) AS last FROM positions WHERE source = {source:String}",
            Map.of("source", source),
            row -> row.getLong("last"))
        .get(0);
  }

  /** Throws if nothing can be inserted. */
  void tryOut() throws IOException {
    note(Map.of(NOBODY, 0L));
  }

  void setAside(String source, Batch.Placed operation, String reason) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RowBinaryFormatWriter row =
        new RowBinaryFormatWriter(out, DEAD_LETTERS, ClickHouseFormat.RowBinary);
    row.setString(1, source);
    row.setLong(2, operation.position());
    row.setString(3, operation.operation().toJson());
    row.setString(4, reason.getBytes(StandardCharsets.UTF_8));
    row.commitRow();
    clickHouse.insert(
        "dead_letters",
        List.of("source", "position", "operation", "reason"),
        out.toByteArray(),
        "dead:" + source + ":" + operation.position());
  }
}
