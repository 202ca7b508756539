package dev.carillon.hub.pipeline;

import com.clickhouse.client.api.data_formats.ClickHouseBinaryFormatReader;
import dev.carillon.hub.store.EventFields;
import dev.carillon.hub.store.EventVersion;
import dev.carillon.hub.store.EventVersion.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Versions of events as rows of ClickHouse, and back. */
final class EventRows {

  /**
   * A version, and the operation that it is up to.
   *
   * @param source where the operations of this event come from
   * @param position the last operation of that source that is in it
   */
  record Placed(EventVersion version, String source, long position) {}

  /** What {@link #read} needs of the table {@code events}. */
  static final String EVENT_SELECTION =
      "id, version, toString(state) AS state_name, conversation_id, toString(event_name) AS name,"
          + " failed, latency, fields, toUnixTimestamp64Milli(created_at) AS created,"
          + " toUnixTimestamp64Milli(updated_at) AS updated, toString(source) AS origin, position";

  /** The same of {@code orphans}, events that wait for their create. */
  static final String ORPHAN_SELECTION =
      "id, version, 'PENDING' AS state_name, '' AS conversation_id, '' AS name, false AS failed,"
          + " 0. AS latency, fields, toUnixTimestamp64Milli(created_at) AS created,"
          + " toUnixTimestamp64Milli(updated_at) AS updated, toString(source) AS origin, position";

  /** The columns of {@link #writeEvents}. */
  static final List<String> EVENT_COLUMNS =
      List.of(
          "id",
          "version",
          "state",
          "conversation_id",
          "event_name",
          "failed",
          "latency",
          "fields",
          "created_at",
          "updated_at",
          "source",
          "position");

  /** The columns of {@link #writeOrphans}. */
  static final List<String> ORPHAN_COLUMNS =
      List.of("id", "version", "fields", "created_at", "updated_at", "source", "position");

  private EventRows() {}

  /** Writes live and deleted events; times and states by the numbers that stand for them. */
  static void writeEvents(RowBinary rows, List<Placed> versions) throws IOException {
    for (Placed placed : versions) {
      EventVersion version = placed.version;
      EventFields fields = version.fields();
      rows.uuid(version.id())
          .int64(version.version())
          .int8(version.state() == State.LIVE ? 1 : 2)
          .string(fields.conversationId() == null ? "" : fields.conversationId())
          .string(fields.eventName() == null ? "" : fields.eventName())
          .bool(Boolean.TRUE.equals(fields.failed()))
          .float64(fields.latency() == null ? 0 : fields.latency())
          .string(fields.json())
          .int64(version.createdAt().toEpochMilli())
          .int64(version.updatedAt().toEpochMilli())
          .string(placed.source)
          .int64(placed.position);
    }
  }

  /** Writes events that wait for their create. */
  static void writeOrphans(RowBinary rows, List<Placed> versions) throws IOException {
    for (Placed placed : versions) {
      rows.uuid(placed.version.id())
          .int64(placed.version.version())
          .string(placed.version.fields().json())
          .int64(placed.version.createdAt().toEpochMilli())
          .int64(placed.version.updatedAt().toEpochMilli())
          .string(placed.source)
          .int64(placed.position);
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
