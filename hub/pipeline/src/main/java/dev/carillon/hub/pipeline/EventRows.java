package dev.carillon.hub.pipeline;

import com.clickhouse.client.api.data_formats.ClickHouseBinaryFormatReader;
import com.clickhouse.client.api.data_formats.RowBinaryFormatWriter;
import com.clickhouse.client.api.metadata.TableSchema;
import com.clickhouse.data.ClickHouseColumn;
import com.clickhouse.data.ClickHouseFormat;
import dev.carillon.hub.store.EventFields;
import dev.carillon.hub.store.EventVersion;
import dev.carillon.hub.store.EventVersion.State;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Versions of events as rows of ClickHouse, and back. */
final class EventRows {

  /**
   * A version, and the operation that it is up to.
   *
   * @param source where the operations of this event come from
   * @param position the last operation of that source that is in it
   */
  record Placed(EventVersion version, String source, long position) {}

  /** What makes a version out of a row, beside those that are inserted. */
  static final String COLUMNS =
      "id, version, toString(state) AS state_name, conversation_id, toString(event_name) AS name,"
          + " failed, latency, fields, toUnixTimestamp64Milli(created_at) AS created,"
          + " toUnixTimestamp64Milli(updated_at) AS updated, toString(source) AS origin, position";

  /** The same of an event that waits for its create. */
  static final String ORPHAN_COLUMNS =
      "id, version, 'PENDING' AS state_name, '' AS conversation_id, '' AS name, false AS failed,"
          + " 0. AS latency, fields, toUnixTimestamp64Milli(created_at) AS created,"
          + " toUnixTimestamp64Milli(updated_at) AS updated, toString(source) AS origin, position";

  // Times and states by the numbers that they are stored as; unsigned ones, which have the same
  // bytes, as signed ones, since those need no BigInteger.
  private static final TableSchema EVENTS =
      new TableSchema(
          ClickHouseColumn.parse(
              "id UUID, version Int64, state Int8, conversation_id String, event_name String,"
                  + " failed Bool, latency Float64, fields String, created_at Int64,"
                  + " updated_at Int64, source String, position Int64"));
  private static final TableSchema ORPHANS =
      new TableSchema(
          ClickHouseColumn.parse(
              "id UUID, version Int64, fields String, created_at Int64, updated_at Int64,"
                  + " source String, position Int64"));

  private static final int REST_OF_ROW = 80;

  private EventRows() {}

  static List<String> eventColumns() {
    return names(EVENTS);
  }

  static List<String> orphanColumns() {
    return names(ORPHANS);
  }

  private static List<String> names(TableSchema schema) {
    return schema.getColumns().stream().map(ClickHouseColumn::getColumnName).toList();
  }

  /** About how many bytes rows of versions take. */
  static int size(List<Placed> versions) {
    int size = 0;
    for (Placed placed : versions) {
      EventFields fields = placed.version.fields();
      size += REST_OF_ROW + fields.json().length + placed.source.length();
      size += length(fields.conversationId()) + length(fields.eventName());
    }
    return size;
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : 3 * text.length(); // a character takes three bytes at most
  }

  /** Writes rows of live and deleted events. */
  static void writeEvents(OutputStream out, List<Placed> versions) throws IOException {
    RowBinaryFormatWriter row = new RowBinaryFormatWriter(out, EVENTS, ClickHouseFormat.RowBinary);
    for (Placed placed : versions) {
      EventVersion version = placed.version;
      EventFields fields = version.fields();
      row.setValue(1, version.id());
      row.setLong(2, version.version());
      row.setByte(3, (byte) (version.state() == State.LIVE ? 1 : 2));
      row.setString(4, fields.conversationId() == null ? "" : fields.conversationId());
      row.setString(5, fields.eventName() == null ? "" : fields.eventName());
      row.setBoolean(6, Boolean.TRUE.equals(fields.failed()));
      row.setDouble(7, fields.latency() == null ? 0 : fields.latency());
      row.setString(8, fields.json());
      row.setLong(9, version.createdAt().toEpochMilli());
      row.setLong(10, version.updatedAt().toEpochMilli());
      row.setString(11, placed.source);
      row.setLong(12, placed.position);
      row.commitRow();
    }
  }

  /** Writes rows of events that wait for their create. */
  static void writeOrphans(OutputStream out, List<Placed> versions) throws IOException {
    RowBinaryFormatWriter row = new RowBinaryFormatWriter(out, ORPHANS, ClickHouseFormat.RowBinary);
    for (Placed placed : versions) {
      row.setValue(1, placed.version.id());
      row.setLong(2, placed.version.version());
      row.setString(3, placed.version.fields().json());
      row.setLong(4, placed.version.createdAt().toEpochMilli());
      row.setLong(5, placed.version.updatedAt().toEpochMilli());
      row.setString(6, placed.source);
      row.setLong(7, placed.position);
      row.commitRow();
    }
  }

  static Placed read(ClickHouseBinaryFormatReader row) {
    State state = State.valueOf(row.getString("state_name").toUpperCase(Locale.ROOT));
    byte[] json = row.getString("fields").getBytes(StandardCharsets.UTF_8);
    EventFields fields =
        state == State.PENDING
            ? EventFields.of(json) // which fields were given matters here
            : new EventFields(
                row.getString("conversation_id"),
                row.getString("name"),
                row.getBoolean("failed"),
                row.getDouble("latency"),
                json);
    EventVersion version =
        new EventVersion(
            row.getUUID("id"),
            row.getLong("version"),
            state,
            fields,
            Instant.ofEpochMilli(row.getLong("created")),
            Instant.ofEpochMilli(row.getLong("updated")));
    return new Placed(version, row.getString("origin"), row.getLong("position"));
  }
}
