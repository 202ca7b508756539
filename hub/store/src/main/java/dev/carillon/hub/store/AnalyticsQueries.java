package dev.carillon.hub.store;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingDouble;
import static java.util.stream.Collectors.joining;

import dev.carillon.hub.store.AnalyticsStore.Bucket;
import dev.carillon.hub.store.AnalyticsStore.ErrorDay;
import dev.carillon.hub.store.AnalyticsStore.NameLatency;
import dev.carillon.hub.store.AnalyticsStore.Percentiles;
import dev.carillon.hub.store.AnalyticsStore.SessionErrors;
import dev.carillon.hub.store.AnalyticsStore.SessionLatency;
import dev.carillon.hub.store.AnalyticsStore.SlowSession;
import dev.carillon.hub.store.AnalyticsStore.Totals;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.duckdb.DuckDBConnection;

/**
 * Answers what is asked about analytics events, each call on a connection and a snapshot of its
 * own: from the prepared statistics where they can answer, else from the versions. Thread-safe.
 */
final class AnalyticsQueries {

  private static final int TIMEOUT_SECONDS = 30;
  private static final int MAX_ROWS = 100_000;
  private static final long MAX_BYTES = 32L << 20;
  private static final long MAX_FETCH_BYTES = 16L << 20;
  private static final String PERCENTILES = "quantile_cont(latency, [0.5, 0.95, 0.99])";

  private static final Comparator<SessionLatency> SLOWEST_FIRST =
      comparingDouble(SessionLatency::p95Latency)
          .reversed()
          .thenComparing(SessionLatency::conversationId)
          .thenComparing(SessionLatency::eventName);
  private static final Comparator<SlowSession> SLOWEST_SESSION_FIRST =
      comparingDouble(SlowSession::p95Latency)
          .reversed()
          .thenComparing(comparing(SlowSession::conversationId));

  private final Database database;

  AnalyticsQueries(Database database) {
    this.database = database;
  }

  private interface Work<T> {
    T on(DuckDBConnection connection) throws SQLException;
  }

  private interface Row<T> {
    T of(ResultSet row) throws SQLException;
  }

  private <T> T snapshot(Work<T> work) throws SQLException {
    try (DuckDBConnection connection = database.reader()) {
      connection.setAutoCommit(false);
      T answer = work.on(connection);
      connection.rollback();
      return answer;
    }
  }

  private static <T> List<T> rows(
      DuckDBConnection connection, String sql, AnalyticsConditions where, Row<T> reader)
      throws SQLException {
    return rows(connection, sql, List.of(where), reader);
  }

  private static <T> List<T> rows(
      DuckDBConnection connection, String sql, List<AnalyticsConditions> where, Row<T> reader)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setQueryTimeout(TIMEOUT_SECONDS);
      int next = 1;
      for (AnalyticsConditions conditions : where) {
        next = conditions.fill(select, next);
      }
      List<T> found = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.add(reader.of(rows));
        }
      }
      return found;
    }
  }

  /** Versions by their {@link VersionTable#COLUMNS}. */
  private static List<EventVersion> versions(
      DuckDBConnection connection, String sql, List<AnalyticsConditions> where)
      throws SQLException {
    Chunks.Reader chunks = new Chunks.Reader();
    List<EventVersion> found = rows(connection, sql, where, row -> VersionTable.read(row, chunks));
    chunks.finish(connection);
    return found;
  }

  Optional<EventVersion> find(UUID id) throws SQLException {
    String sql =
        "SELECT "
            + VersionTable.COLUMNS
            + " FROM versions WHERE id = ? ORDER BY version DESC LIMIT 1";
    AnalyticsConditions where = new AnalyticsConditions("", List.of(id));
    return snapshot(connection -> versions(connection, sql, List.of(where))).stream()
        .filter(version -> version.state() == EventVersion.State.LIVE)
        .findFirst();
  }

  private record Found(long version, int size) {}

  List<EventVersion> events(AnalyticsQuery query) throws SQLException {
    AnalyticsConditions where = AnalyticsConditions.of(query);
    String sql =
        "SELECT version, size"
            + RollUp.LIVE
            + where.sql()
            + " ORDER BY created_at, id LIMIT "
            + query.limit();
    return snapshot(
        connection -> {
          List<Found> found =
              rows(connection, sql, where, row -> new Found(row.getLong(1), row.getInt(2)));
          if (found.stream().mapToLong(Found::size).sum() > MAX_BYTES) {
            throw new AnswerTooLargeException();
          }
          return fetch(connection, found);
        });
  }

  private static List<EventVersion> fetch(DuckDBConnection connection, List<Found> found)
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
      for (EventVersion version : versions(connection, sql, List.of())) {
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
    String ordered = " ORDER BY day, event_name LIMIT " + MAX_ROWS;
    if (query.conversationId() != null || !AnalyticsConditions.isWholeDays(query)) {
      return snapshot(
          connection ->
              rows(
                  connection,
                  fresh + " GROUP BY ALL" + ordered,
                  where,
                  AnalyticsQueries::errorDay));
    }
    AnalyticsConditions days = AnalyticsConditions.ofDays(query);
    String prepared =
        "SELECT day, event_name, errors, events FROM days ANTI JOIN stale_days USING (day)"
            + " WHERE true"
            + days.sql();
    return snapshot(
        connection -> {
          if (!RollUp.findStaleDays(connection)) {
            return rows(connection, prepared + ordered, days, AnalyticsQueries::errorDay);
          }
          String both =
              prepared
                  + " UNION ALL ("
                  + fresh
                  + RollUp.inStaleDays(connection)
                  + " GROUP BY ALL)"
                  + ordered;
          return rows(connection, both, List.of(days, where), AnalyticsQueries::errorDay);
        });
  }

  private static ErrorDay errorDay(ResultSet row) throws SQLException {
    return new ErrorDay(
        row.getObject(1, LocalDate.class), row.getString(2), row.getLong(3), row.getLong(4));
  }

  List<SessionLatency> latency(AnalyticsQuery query) throws SQLException {
    AnalyticsConditions where = AnalyticsConditions.of(query);
    String ordered = " ORDER BY p95 DESC, conversation_id, event_name LIMIT " + query.limit();
    String fresh =
        "SELECT conversation_id, event_name, quantile_cont(latency, 0.95) AS p95, count(*)"
            + RollUp.LIVE
            + where.sql();
    return snapshot(
        connection -> {
          if (query.from() != null || query.to() != null) {
            return piecewise(
                connection,
                pieces(connection, where),
                fresh,
                " GROUP BY ALL" + ordered,
                where,
                AnalyticsQueries::sessionLatency,
                SLOWEST_FIRST,
                query.limit());
          }
          long pieces = RollUp.findStaleConversations(connection);
          List<SessionLatency> found =
              new ArrayList<>(
                  rows(
                      connection,
                      "SELECT conversation_id, event_name, p95, events FROM sessions"
                          + " ANTI JOIN stale USING (conversation_id) WHERE true"
                          + where.sql()
                          + ordered,
                      where,
                      AnalyticsQueries::sessionLatency));
          found.addAll(
              piecewise(
                  connection,
                  pieces,
                  fresh + " AND conversation_id IN (FROM stale)",
                  " GROUP BY ALL" + ordered,
                  where,
                  AnalyticsQueries::sessionLatency,
                  SLOWEST_FIRST,
                  query.limit()));
          return found.stream().sorted(SLOWEST_FIRST).limit(query.limit()).toList();
        });
  }

  private static SessionLatency sessionLatency(ResultSet row) throws SQLException {
    return new SessionLatency(row.getString(1), row.getString(2), row.getDouble(3), row.getLong(4));
  }

  List<SessionErrors> topErrors(AnalyticsQuery query) throws SQLException {
    AnalyticsConditions where = AnalyticsConditions.of(query);
    String fresh =
        "SELECT conversation_id, count(*) AS events, count(*) FILTER (failed) AS errors"
            + RollUp.LIVE
            + where.sql();
    String ordered =
        " ORDER BY errors / events DESC, events DESC, conversation_id LIMIT " + query.limit();
    return snapshot(
        connection -> {
          if (query.from() != null || query.to() != null) {
            return rows(
                connection,
                "FROM (" + fresh + " GROUP BY ALL)" + ordered,
                where,
                AnalyticsQueries::sessionErrors);
          }
          RollUp.findStaleConversations(connection);
          String both =
              "FROM (SELECT conversation_id, sum(events)::BIGINT AS events,"
                  + " sum(errors)::BIGINT AS errors FROM sessions"
                  + " ANTI JOIN stale USING (conversation_id) WHERE true"
                  + where.sql()
                  + " GROUP BY ALL UNION ALL ("
                  + fresh
                  + " AND conversation_id IN (FROM stale) GROUP BY ALL))"
                  + ordered;
          return rows(connection, both, List.of(where, where), AnalyticsQueries::sessionErrors);
        });
  }

  private static SessionErrors sessionErrors(ResultSet row) throws SQLException {
    return new SessionErrors(row.getString(1), row.getLong(2), row.getLong(3));
  }

  List<SlowSession> slowest(AnalyticsQuery query) throws SQLException {
    AnalyticsConditions where = AnalyticsConditions.of(query);
    return snapshot(
        connection ->
            piecewise(
                connection,
                pieces(connection, where),
                "SELECT conversation_id, count(*), quantile_cont(latency, 0.95) AS p95,"
                    + " max(latency), sum(latency)"
                    + RollUp.LIVE
                    + where.sql(),
                " GROUP BY ALL ORDER BY p95 DESC, conversation_id LIMIT " + query.limit(),
                where,
                row ->
                    new SlowSession(
                        row.getString(1),
                        row.getLong(2),
                        row.getDouble(3),
                        row.getDouble(4),
                        row.getDouble(5)),
                SLOWEST_SESSION_FIRST,
                query.limit()));
  }

  /** In how many pieces, by conversation, percentiles of what matches should be worked out. */
  private static long pieces(DuckDBConnection connection, AnalyticsConditions where)
      throws SQLException {
    String sql = "SELECT count(*) FROM versions WHERE state = 0" + where.sql();
    return 1 + rows(connection, sql, where, row -> row.getLong(1)).get(0) / RollUp.PIECE;
  }

  private static <T> List<T> piecewise(
      DuckDBConnection connection,
      long pieces,
      String select,
      String rest,
      AnalyticsConditions where,
      Row<T> reader,
      Comparator<T> order,
      int limit)
      throws SQLException {
    List<T> found = new ArrayList<>();
    for (long piece = 0; piece < pieces; piece++) {
      String only = pieces == 1 ? "" : " AND hash(conversation_id) % " + pieces + " = " + piece;
      found.addAll(rows(connection, select + only + rest, where, reader));
      found.sort(order);
      found = new ArrayList<>(found.subList(0, Math.min(limit, found.size())));
    }
    return found;
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
            + MAX_ROWS;
    return snapshot(
        connection ->
            rows(
                connection,
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
            + " epoch_ms(created_at) // %1$d * %1$d AS start, event_name, count(*) AS events,"
                .formatted(millis)
            + " count(*) FILTER (failed) AS errors, "
            + PERCENTILES
            + " AS p"
            + RollUp.LIVE
            + where.sql()
            + " GROUP BY ALL) ORDER BY start, event_name LIMIT "
            + MAX_ROWS;
    return snapshot(
        connection ->
            rows(
                connection,
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
    return snapshot(
            connection ->
                rows(
                    connection,
                    sql,
                    where,
                    row ->
                        new Totals(
                            row.getLong(1), row.getLong(2), row.getLong(3), percentiles(row, 4))))
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
