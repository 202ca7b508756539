package dev.carillon.hub.pipeline;

import com.clickhouse.client.api.data_formats.ClickHouseBinaryFormatReader;
import dev.carillon.hub.store.AnalyticsQuery;
import dev.carillon.hub.store.AnalyticsStore.Bucket;
import dev.carillon.hub.store.AnalyticsStore.ErrorDay;
import dev.carillon.hub.store.AnalyticsStore.NameLatency;
import dev.carillon.hub.store.AnalyticsStore.Percentiles;
import dev.carillon.hub.store.AnalyticsStore.SessionErrors;
import dev.carillon.hub.store.AnalyticsStore.SessionLatency;
import dev.carillon.hub.store.AnalyticsStore.SlowSession;
import dev.carillon.hub.store.AnalyticsStore.Totals;
import dev.carillon.hub.store.AnswerTooLargeException;
import dev.carillon.hub.store.EventVersion;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What is asked of the events. FINAL shows the newest version of each; since all versions of an
 * event lie in one partition, each partition is merged by itself.
 */
final class ClickHouseQueries {

  /** One more than an answer may have, so that it shows. */
  private static final int MAX_LINES = AnswerTooLargeException.MAX_LINES + 1;

  private static final int THROWN_BY_QUERY = 395;
  private static final String FINAL =
      " SETTINGS final = 1, do_not_merge_across_partitions_select_final = 1";
  private static final String PERCENTILES =
      "quantileExactInclusive(0.5)(latency) AS p50, quantileExactInclusive(0.95)(latency) AS p95,"
          + " quantileExactInclusive(0.99)(latency) AS p99";

  private static final String TOTALS =
      "count() AS events, countIf(failed) AS errors, uniqExact(conversation_id) AS conversations, "
          + PERCENTILES;
  private static final Totals NO_TOTALS = new Totals(0, 0, 0, new Percentiles(0, 0, 0));

  private final ClickHouse clickHouse;

  ClickHouseQueries(ClickHouse clickHouse) {
    this.clickHouse = clickHouse;
  }

  Optional<EventVersion> find(UUID id) throws IOException {
    String newest =
        "SELECT * FROM (SELECT "
            + EventRows.EVENT_SELECTION
            + " FROM events WHERE id = {id:UUID}"
            + Filter.RETAINED
            + " ORDER BY version DESC LIMIT 1)"
            + " WHERE state_name = 'LIVE'";
    return clickHouse.query(newest, Map.of("id", id.toString()), EventRows::read).stream()
        .map(EventRows.Placed::version)
        .findFirst();
  }

  /** Finds the ids by light columns, and reads the heavy ones of those only. */
  List<EventVersion> events(Filter filter, int limit) throws IOException {
    String ids =
        "SELECT id FROM events FINAL"
            + filter.where()
            + " ORDER BY created_at, toUInt128(id) LIMIT "
            + limit;
    String newest =
        "SELECT *, throwIf(sum(length(fields)) OVER () > "
            + AnswerTooLargeException.MAX_BYTES
            + ") FROM (SELECT "
            + EventRows.EVENT_SELECTION
            + " FROM events WHERE id IN ("
            + ids
            + ") ORDER BY version DESC LIMIT 1 BY id) WHERE state_name = 'LIVE'"
            + " ORDER BY created, toUInt128(id)"
            + " SETTINGS do_not_merge_across_partitions_select_final = 1";
    try {
      return clickHouse.query(newest, filter.values(), EventRows::read).stream()
          .map(EventRows.Placed::version)
          .toList();
    } catch (IOException e) {
      if (ClickHouse.code(e) == THROWN_BY_QUERY) {
        throw AnswerTooLargeException.ofEvents();
      }
      throw e;
    }
  }

  List<ErrorDay> errors(AnalyticsQuery query) throws IOException {
    return run(
        "SELECT toString(toDate(created_at)) AS day, toString(event_name) AS name,"
            + " countIf(failed) AS errors, count() AS events",
        query,
        " GROUP BY day, name ORDER BY day, name LIMIT " + MAX_LINES,
        row ->
            new ErrorDay(
                LocalDate.parse(row.getString("day")),
                row.getString("name"),
                row.getLong("errors"),
                row.getLong("events")));
  }

  List<SessionLatency> latency(AnalyticsQuery query) throws IOException {
    return run(
        "SELECT conversation_id, toString(event_name) AS name,"
            + " quantileExactInclusive(0.95)(latency) AS p95, count() AS events",
        query,
        " GROUP BY conversation_id, name ORDER BY p95 DESC, conversation_id, name LIMIT "
            + query.limit(),
        row ->
            new SessionLatency(
                row.getString("conversation_id"),
                row.getString("name"),
                row.getDouble("p95"),
                row.getLong("events")));
  }

  List<SessionErrors> topErrors(AnalyticsQuery query) throws IOException {
    return run(
        "SELECT conversation_id, count() AS events, countIf(failed) AS errors",
        query,
        " GROUP BY conversation_id ORDER BY errors / events DESC, events DESC, conversation_id"
            + " LIMIT "
            + query.limit(),
        row ->
            new SessionErrors(
                row.getString("conversation_id"), row.getLong("events"), row.getLong("errors")));
  }

  List<SlowSession> slowest(AnalyticsQuery query) throws IOException {
    return run(
        "SELECT conversation_id, count() AS events, quantileExactInclusive(0.95)(latency) AS p95,"
            + " max(latency) AS slowest, sum(latency) AS total",
        query,
        " GROUP BY conversation_id ORDER BY p95 DESC, conversation_id LIMIT " + query.limit(),
        row ->
            new SlowSession(
                row.getString("conversation_id"),
                row.getLong("events"),
                row.getDouble("p95"),
                row.getDouble("slowest"),
                row.getDouble("total")));
  }

  List<NameLatency> latencyByName(AnalyticsQuery query) throws IOException {
    return run(
        "SELECT toString(event_name) AS name, count() AS events, max(latency) AS slowest, "
            + PERCENTILES,
        query,
        " GROUP BY name ORDER BY name LIMIT " + MAX_LINES,
        row ->
            new NameLatency(
                row.getString("name"),
                row.getLong("events"),
                percentiles(row),
                row.getDouble("slowest")));
  }

  List<Bucket> timeline(AnalyticsQuery query, Duration bucket) throws IOException {
    long seconds = bucket.toSeconds();
    return run(
        "SELECT intDiv(toUnixTimestamp64Milli(created_at), 1000 * "
            + seconds
            + ") * "
            + seconds
            + " AS second, toString(event_name) AS name, count() AS events,"
            + " countIf(failed) AS errors, "
            + PERCENTILES,
        query,
        " GROUP BY second, name ORDER BY second, name LIMIT " + MAX_LINES,
        row ->
            new Bucket(
                Instant.ofEpochSecond(row.getLong("second")),
                row.getString("name"),
                row.getLong("events"),
                row.getLong("errors"),
                percentiles(row)));
  }

  Totals totals(AnalyticsQuery query) throws IOException {
    return run("SELECT " + TOTALS, query, "", ClickHouseQueries::totals).get(0);
  }

  /** In one pass over both ranges, since two of them may be of different moments. */
  List<Totals> totals(AnalyticsQuery query, Instant earlier) throws IOException {
    Filter both = Filter.of(query.between(earlier, query.to()));
    Map<String, Object> values = new HashMap<>(both.values());
    values.put("middle", Filter.millisUp(Objects.requireNonNull(query.from())));
    String sql =
        "SELECT created_at >= fromUnixTimestamp64Milli({middle:Int64}, 'UTC') AS asked, "
            + TOTALS
            + " FROM events"
            + both.where()
            + " GROUP BY asked"
            + FINAL;
    Map<Boolean, Totals> found =
        clickHouse
            .query(sql, values, row -> Map.entry(row.getLong("asked") == 1, totals(row)))
            .stream()
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    return List.of(found.getOrDefault(true, NO_TOTALS), found.getOrDefault(false, NO_TOTALS));
  }

  private static Totals totals(ClickHouseBinaryFormatReader row) {
    return row.getLong("events") == 0
        ? NO_TOTALS
        : new Totals(
            row.getLong("events"),
            row.getLong("errors"),
            row.getLong("conversations"),
            percentiles(row));
  }

  private static Percentiles percentiles(ClickHouseBinaryFormatReader row) {
    return new Percentiles(row.getDouble("p50"), row.getDouble("p95"), row.getDouble("p99"));
  }

  private <T> List<T> run(String select, AnalyticsQuery query, String rest, ClickHouse.Row<T> row)
      throws IOException {
    Filter filter = Filter.of(query);
    return AnswerTooLargeException.checkLines(
        clickHouse.query(
            select + " FROM events" + filter.where() + rest + FINAL, filter.values(), row));
  }
}
