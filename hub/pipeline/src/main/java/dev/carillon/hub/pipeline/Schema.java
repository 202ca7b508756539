package dev.carillon.hub.pipeline;

import dev.carillon.hub.store.AnalyticsStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables, made and brought up to date before their first use. Several processes may do so at
 * once: each step can be taken again. Not thread-safe.
 *
 * <p>All versions of an event must meet in one place to become one: in the same partition, under
 * the same ordering key. Neither holds anything that an operation can change: the key is the id and
 * the partition the month of the creation. Updates that came before their create have no creation
 * yet, so they wait in a table of their own, from where they vanish after a week, or the retention
 * where that is shorter.
 */
final class Schema {

  private static final Logger log = LoggerFactory.getLogger(Schema.class);

  private static final String EVENTS =
      """
      CREATE TABLE IF NOT EXISTS events (
        id UUID,
        version UInt64,
        state Enum8('LIVE' = 1, 'DELETED' = 2),
        conversation_id String,
        event_name LowCardinality(String),
        failed Bool,
        latency Float64,
        fields String CODEC(ZSTD(1)),
        created_at DateTime64(3, 'UTC'),
        updated_at DateTime64(3, 'UTC'),
        source LowCardinality(String),
        position UInt64,
        conversation_metadata String ALIAS JSONExtractString(fields, 'conversation_metadata'),
        error String ALIAS JSONExtractString(fields, 'error'),
        input String ALIAS JSONExtractString(fields, 'input'),
        input_embeddings Array(Float64)
          ALIAS JSONExtract(fields, 'input_embeddings', 'Array(Float64)'),
        output String ALIAS JSONExtractString(fields, 'output'),
        output_embeddings Array(Float64)
          ALIAS JSONExtract(fields, 'output_embeddings', 'Array(Float64)'),
        INDEX created created_at TYPE minmax GRANULARITY 1
      )
      ENGINE = ReplacingMergeTree(version)
      PARTITION BY toYYYYMM(created_at)
      ORDER BY toUInt128(id)
      SETTINGS non_replicated_deduplication_window = 1000""";

  private static final String ORPHANS =
      """
      CREATE TABLE IF NOT EXISTS orphans (
        id UUID,
        version UInt64,
        fields String CODEC(ZSTD(1)),
        created_at DateTime64(3, 'UTC'),
        updated_at DateTime64(3, 'UTC'),
        source LowCardinality(String),
        position UInt64,
        stored_at DateTime DEFAULT now()
      )
      ENGINE = ReplacingMergeTree(version)
      ORDER BY toUInt128(id)
      TTL stored_at + INTERVAL 7 DAY
      SETTINGS non_replicated_deduplication_window = 1000""";

  private static final String POSITIONS =
      """
      CREATE TABLE IF NOT EXISTS positions (
        source String, position UInt64, at DateTime DEFAULT now()
      )
      ENGINE = ReplacingMergeTree(position) ORDER BY source""";

  private static final String DEAD_LETTERS =
      """
      CREATE TABLE IF NOT EXISTS dead_letters (
        source String, position UInt64, operation String, reason String,
        at DateTime DEFAULT now()
      )
      ENGINE = ReplacingMergeTree ORDER BY (source, position)""";

  private static final String SCHEMA_VERSION =
      """
      CREATE TABLE IF NOT EXISTS schema_version (version UInt32, at DateTime DEFAULT now())
      ENGINE = ReplacingMergeTree ORDER BY version""";

  /**
   * When an event is dropped, in 2106 at the latest: a TTL has 32 bits of seconds, and what would
   * stay longer begins anew in 1970, and would be dropped at once.
   */
  private static final String TTL =
      "TTL toDateTime(least(created_at + toIntervalDay(%s),"
          + " toDateTime64('2106-01-01 00:00:00', 3, 'UTC')))";

  /** When an update that waits for its create is dropped, counted from when it came. */
  private static final String ORPHANS_TTL = "TTL stored_at + toIntervalDay(%s)";

  /** What leads from each version of the schema to the next; only ever added to. */
  private static final List<List<String>> STEPS =
      List.of(List.of(EVENTS, ORPHANS, POSITIONS, DEAD_LETTERS));

  private final ClickHouse clickHouse;
  private final @Nullable Integer retentionDays;
  private boolean ready;

  /**
   * Creates a schema that is made when it is first asked for.
   *
   * @param retentionDays after how many days events are dropped, 0 to keep them; null to leave that
   *     to others
   */
  Schema(ClickHouse clickHouse, @Nullable Integer retentionDays) {
    this.clickHouse = clickHouse;
    this.retentionDays = retentionDays;
  }

  /** Makes sure that the tables are there as this program knows them. */
  void ensure() throws IOException {
    if (!ready) {
      migrate();
      ready = true;
    }
  }

  /** Forgets that the tables were there. */
  void lookAgain() {
    ready = false;
  }

  private void migrate() throws IOException {
    clickHouse.look("SELECT 1", row -> true); // nobody waits for more where there is none
    clickHouse.execute(SCHEMA_VERSION);
    int version =
        clickHouse
            .query(
                "SELECT max(version) AS newest FROM schema_version",
                Map.of(),
                row -> (int) row.getLong("newest"))
            .get(0);
    if (version > STEPS.size()) {
      throw new IOException(
          "the tables in ClickHouse are of version %d, newer than this program, which knows %d"
              .formatted(version, STEPS.size()));
    }
    for (int step = version; step < STEPS.size(); step++) {
      for (String statement : STEPS.get(step)) {
        clickHouse.execute(statement);
      }
      clickHouse.execute("INSERT INTO schema_version (version) VALUES (" + (step + 1) + ")");
      log.info("the tables in ClickHouse are of version {}", step + 1);
    }
    if (retentionDays != null) {
      long patience = AnalyticsStore.patience(Duration.ofDays(retentionDays)).toDays();
      retain("events", retentionDays == 0 ? "" : TTL.formatted(retentionDays.toString()));
      retain("orphans", ORPHANS_TTL.formatted(Long.toString(patience)));
    }
  }

  /** Sets when rows of a table are dropped, where that is another time than up to now. */
  private void retain(String table, String wanted) throws IOException {
    String engine =
        clickHouse
            .query(
                "SELECT engine_full FROM system.tables"
                    + " WHERE database = currentDatabase() AND name = {table:String}",
                Map.of("table", table),
                row -> row.getString("engine_full"))
            .stream()
            .findFirst()
            .orElseThrow(() -> new IOException("the table " + table + " is not there"));
    boolean limited = engine.contains(" TTL ");
    if (wanted.isEmpty() && limited) {
      log.warn("rows of {} are kept for ever from now on, which were not before", table);
      clickHouse.execute("ALTER TABLE " + table + " REMOVE TTL");
    } else if (!wanted.isEmpty() && !engine.contains(wanted)) {
      log.info("rows of {} are removed by another rule from now on: {}", table, wanted);
      clickHouse.execute("ALTER TABLE " + table + " MODIFY " + wanted);
    }
  }
}
