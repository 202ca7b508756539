package dev.carillon.hub.pipeline;

import com.clickhouse.client.api.metadata.TableSchema;
import com.clickhouse.data.ClickHouseColumn;
import dev.carillon.hub.pipeline.ClickHouse.RowWriting;
import dev.carillon.hub.pipeline.EventRows.Placed;
import dev.carillon.hub.store.Batch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a writer inserts into ClickHouse, and how far it has got. Each insert has a token that names
 * its very rows, by their source, range and checksum: when one that seemed to fail is done again,
 * the server drops the second. Thread-safe.
 */
final class Insertion implements AutoCloseable {

  private static final TableSchema POSITIONS =
      new TableSchema(ClickHouseColumn.parse("source String, position UInt64"));
  private static final TableSchema DEAD_LETTERS =
      new TableSchema(
          ClickHouseColumn.parse(
              "source String, position UInt64, operation String, reason String"));
  private static final String NOBODY = "";

  /** So many rows go in two inserts side by side: the server works on each with one processor. */
  private static final int MANY = 10_000;

  private final ClickHouse clickHouse;
  private final ExecutorService inserters =
      Executors.newCachedThreadPool(task -> new Thread(task, "carillon-clickhouse-inserter"));

  Insertion(ClickHouse clickHouse) {
    this.clickHouse = clickHouse;
  }

  /**
   * Inserts versions, in any order since they are of different events; and after all of them how
   * far their sources are written. When it fails nothing is under way any more.
   */
  void insert(List<Batch> batches, List<Placed> events, List<Placed> orphans) throws IOException {
    List<Callable<Void>> inserts = new ArrayList<>();
    for (List<Placed> part : parts(events)) {
      inserts.add(() -> insert("events", EventRows.EVENTS, part, EventRows::writeEvent, batches));
    }
    for (List<Placed> part : parts(orphans)) {
      inserts.add(
          () -> insert("orphans", EventRows.ORPHANS, part, EventRows::writeOrphan, batches));
    }
    try {
      for (Future<Void> done : inserters.invokeAll(inserts)) {
        done.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while inserting", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
    }
    Map<String, Long> last = new LinkedHashMap<>();
    batches.forEach(batch -> last.put(batch.source(), batch.last()));
    note(last);
  }

  private static List<List<Placed>> parts(List<Placed> versions) {
    int size = versions.size();
    if (size < MANY) {
      return versions.isEmpty() ? List.of() : List.of(versions);
    }
    return List.of(versions.subList(0, size / 2), versions.subList(size / 2, size));
  }

  private @Nullable Void insert(
      String table,
      TableSchema columns,
      List<Placed> versions,
      RowWriting<Placed> writing,
      List<Batch> batches)
      throws IOException {
    clickHouse.insert(table, columns, versions, writing, token(batches, versions));
    return null;
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
                "%s:%d-%d"
                    .formatted(batch.source(), batch.operations().get(0).position(), batch.last()))
        .collect(Collectors.joining(",", "", ":%x".formatted(sum.getValue())));
  }

  private void note(Map<String, Long> positions) throws IOException {
    clickHouse.insert(
        "positions",
        POSITIONS,
        positions.entrySet(),
        (row, position) -> {
          row.setString(1, position.getKey());
          row.setLong(2, position.getValue());
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

  /** Throws if nothing can be inserted. */
  void tryOut() throws IOException {
    note(Map.of(NOBODY, 0L));
  }

  void setAside(String source, Batch.Placed operation, String reason) throws IOException {
    clickHouse.insert(
        "dead_letters",
        DEAD_LETTERS,
        List.of(operation),
        (row, placed) -> {
          row.setString(1, source);
          row.setLong(2, placed.position());
          row.setString(3, placed.operation().toJson());
          row.setString(4, reason.getBytes(StandardCharsets.UTF_8));
        },
        "dead:" + source + ":" + operation.position());
  }

  /** Ends the threads; what they are inserting fails. */
  @Override
  public void close() {
    inserters.shutdownNow();
  }
}
