package dev.carillon.hub.pipeline;

import dev.carillon.hub.pipeline.EventRows.Placed;
import dev.carillon.hub.store.Batch;
import dev.carillon.hub.store.EventFields;
import dev.carillon.hub.store.EventVersion;
import dev.carillon.hub.store.EventVersion.State;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/**
 * What a writer inserts into ClickHouse, and how far it has got. Each insert has a token that names
 * its very rows, by their source, range and checksum: when one that seemed to fail is done again,
 * the server drops the second. Thread-safe.
 */
final class Insertion {

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

  /** Inserts the versions that batches make; {@link #note} comes after it. */
  void insert(List<Batch> batches, List<Placed> events, List<Placed> orphans) throws IOException {
    if (!orphans.isEmpty()) {
      clickHouse.insert(
          "orphans",
          EventRows.ORPHAN_COLUMNS,
          rows -> EventRows.writeOrphans(rows, orphans),
          token(batches, orphans));
    }
    if (!events.isEmpty()) {
      clickHouse.insert(
          "events",
          EventRows.EVENT_COLUMNS,
          rows -> EventRows.writeEvents(rows, events),
          token(batches, events));
    }
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

  /** Notes up to where the sources of batches are written. */
  void note(List<Batch> batches) throws IOException {
    Map<String, Long> positions = new LinkedHashMap<>();
    batches.forEach(batch -> positions.put(batch.source(), batch.last()));
    clickHouse.insert(
        "positions",
        List.of("source", "position"),
        rows -> {
          for (Map.Entry<String, Long> position : positions.entrySet()) {
            rows.string(position.getKey()).int64(position.getValue());
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
    insert(List.of(nobodys), List.of(NOTHING), List.of(NOTHING));
    note(List.of(nobodys));
  }

  void setAside(String source, Batch.Placed operation, String reason) throws IOException {
    clickHouse.insert(
        "dead_letters",
        List.of("source", "position", "operation", "reason"),
        rows ->
            rows.string(source)
                .int64(operation.position())
                .string(operation.operation().toJson())
                .string(reason),
        "dead:" + source + ":" + operation.position());
  }
}
