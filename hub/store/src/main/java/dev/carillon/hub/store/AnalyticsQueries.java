package dev.carillon.hub.store;

import static java.util.stream.Collectors.joining;

import dev.carillon.hub.store.AnalyticsStore.Bucket;
import dev.carillon.hub.store.AnalyticsStore.ErrorDay;
import dev.carillon.hub.store.AnalyticsStore.NameLatency;
import dev.carillon.hub.store.AnalyticsStore.Percentiles;
import dev.carillon.hub.store.AnalyticsStore.Totals;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Answers what is asked about analytics events, each call on a connection and a snapshot of its
 * own: from the prepared statistics where they can answer, else from the versions. Thread-safe.
 */
final class AnalyticsQueries {

  /** One more than an answer may have, so that it shows. */
  private static final int MAX_LINES = AnswerTooLargeException.MAX_LINES + 1;

  private static final long MAX_FETCH_BYTES = 16L << 20;
  private static final String PERCENTILES = "quantile_cont(latency, [0.5, 0.95, 0.99])";

  private final Database database;

  AnalyticsQueries(Database database) {
    this.database = database;
  }

  Optional<EventVersion> find(UUID id) throws SQLException {
    String sql =
        "SELECT "
            + VersionTable.COLUMNS
            + " FROM versions WHERE id = ? ORDER BY version DESC LIMIT 1";
    AnalyticsConditions where = new AnalyticsConditions("", List.of(id));
    return Snapshot.read(database, snapshot -> snapshot.versions(sql, List.of(where))).stream()
        .filter(version -> version.state() == EventVersion.State.LIVE)
        .findFirst();
  }

  private record Found(long version, int size) {}

  List<EventVersion> events(AnalyticsConditions where, int limit) throws SQLException {
    String sql =
        "SELECT version, size"
            + RollUp.LIVE
            + where.sql()
            + " ORDER BY created_at, id LIMIT "
            + limit;
    return Snapshot.read(
        database,
        snapshot -> {
          List<Found> found =
              snapshot.rows(sql, where, row -> new Found(row.getLong(1), row.getInt(2)));
          if (found.stream().mapToLong(Found::size).sum() > AnswerTooLargeException.MAX_BYTES) {
            throw AnswerTooLargeException.ofEvents();
          }
          return fetch(snapshot, found);
        });
  }

  private static List<EventVersion> fetch(Snapshot snapshot, List<Found> found)
      throws SQLException {
    Map<Long, EventVersion> versions = new HashMap<>();
    int next = 0;
    while (next < found.size()) {
      int from = next;
      for (long bytes = 0; next < found.size() && bytes <= MAX_FETCH_BYTES; next++) {
        bytes += found.get(next).size;
      }
      String numbers =
          found.subList(from, next).stream()
              .map(one -> Long.toString(one.version))
              .collect(joining(","));
      String sql =
          "SELECT " + VersionTable.COLUMNS + " FROM versions WHERE version IN (" + numbers + ")";
      for (EventVersion version : snapshot.versions(sql, List.of())) {
        versions.put(version.version(), version);
      }
    }
    return found.stream().map(one -> Objects.requireNonNull(versions.get(one.version))).toList();
  }

  List<ErrorDay> errors(AnalyticsQuery query) throws SQLException {
    AnalyticsConditions where = AnalyticsConditions.of(query);
    String fresh =
        "SELECT CAST(created_at AS DATE) AS day, event_name, count(*) FILTER (failed) AS errors,"
            + " count(*) AS events"
            + RollUp.LIVE
            + where.sql();
    String ordered = " ORDER BY day, event_name LIMIT " + MAX_LINES;
    if (query.conversationId() != null || !AnalyticsConditions.isWholeDays(query)) {
      return lines(
          snapshot ->
              snapshot.rows(fresh + " GROUP BY ALL" + ordered, where, AnalyticsQueries::errorDay));
    }
    AnalyticsConditions days = AnalyticsConditions.ofDays(query);
    String prepared =
        "SELECT day, event_name, errors, events FROM days ANTI JOIN stale_days USING (day)"
            + " WHERE true"
            + days.sql();
    return lines(
        snapshot -> {
          if (!RollUp.findStaleDays(snapshot.connection())) {
            return snapshot.rows(prepared + ordered, days, AnalyticsQueries::errorDay);
          }
          String both =
              prepared
                  + " UNION ALL ("
                  + fresh
                  + RollUp.inStaleDays(snapshot.connection())
                  + " GROUP BY ALL)"
                  + ordered;
          return snapshot.rows(both, List.of(days, where), AnalyticsQueries::errorDay);
        });
  }

  private <T> List<T> lines(Snapshot.Reading<List<T>> reading) throws SQLException {
    return AnswerTooLargeException.checkLines(Snapshot.read(database, reading));
  }

  private static ErrorDay errorDay(ResultSet row) throws SQLException {
    return new ErrorDay(
        row.getObject(1, LocalDate.class), row.getString(2), row.getLong(3), row.getLong(4));
  }

  List<NameLatency> latencyByName(AnalyticsQuery query) throws SQLException {
    AnalyticsConditions where = AnalyticsConditions.of(query);
    String sql =
        "SELECT event_name, events, p[1], p[2], p[3], slowest FROM (SELECT event_name,"
            + " count(*) AS events, max(latency) AS slowest, "
            + PERCENTILES
            + " AS p"
            + RollUp.LIVE
            + where.sql()
            + " GROUP BY ALL) ORDER BY event_name LIMIT "
            + MAX_LINES;
    return lines(
        snapshot ->
            snapshot.rows(
                sql,
                where,
                row ->
                    new NameLatency(
                        row.getString(1), row.getLong(2), percentiles(row, 3), row.getDouble(6))));
  }

  List<Bucket> timeline(AnalyticsQuery query, Duration bucket) throws SQLException {
    AnalyticsConditions where = AnalyticsConditions.of(query);
    long millis = bucket.toMillis();
    String sql =
        "SELECT start, event_name, events, errors, p[1], p[2], p[3] FROM (SELECT"
            + " epoch_ms(created_at) // "
            + millis
            + " * "
            + millis
            + " AS start, event_name, count(*) AS events,"
            + " count(*) FILTER (failed) AS errors, "
            + PERCENTILES
            + " AS p"
            + RollUp.LIVE
            + where.sql()
            + " GROUP BY ALL) ORDER BY start, event_name LIMIT "
            + MAX_LINES;
    return lines(
        snapshot ->
            snapshot.rows(
                sql,
                where,
                row ->
                    new Bucket(
                        Instant.ofEpochMilli(row.getLong(1)),
                        row.getString(2),
                        row.getLong(3),
                        row.getLong(4),
                        percentiles(row, 5))));
  }

  Totals totals(AnalyticsQuery query) throws SQLException {
    return Snapshot.read(database, snapshot -> totals(snapshot, query));
  }

  List<Totals> totals(AnalyticsQuery query, Instant earlier) throws SQLException {
    AnalyticsQuery before = query.between(earlier, query.from());
    return Snapshot.read(
        database, snapshot -> List.of(totals(snapshot, query), totals(snapshot, before)));
  }

  private static Totals totals(Snapshot snapshot, AnalyticsQuery query) throws SQLException {
    AnalyticsConditions where = AnalyticsConditions.of(query);
    String sql =
        "SELECT events, errors, conversations, p[1], p[2], p[3] FROM (SELECT count(*) AS events,"
            + " count(*) FILTER (failed) AS errors,"
            + " count(DISTINCT conversation_id) AS conversations, "
            + PERCENTILES
            + " AS p"
            + RollUp.LIVE
            + where.sql()
            + ")";
    return snapshot
        .rows(
            sql,
            where,
            row -> new Totals(row.getLong(1), row.getLong(2), row.getLong(3), percentiles(row, 4)))
        .get(0);
  }

  private static Percentiles percentiles(ResultSet row, int first) throws SQLException {
    if (Double.isNaN(row.getDouble(first))) {
      return new Percentiles(0, 0, 0); // of nothing
    }
    return new Percentiles(
        row.getDouble(first), row.getDouble(first + 1), row.getDouble(first + 2));
  }
}
