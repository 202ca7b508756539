package dev.carillon.hub.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Comparator.comparingDouble;

import dev.carillon.hub.store.AnalyticsStore.SessionErrors;
import dev.carillon.hub.store.AnalyticsStore.SessionLatency;
import dev.carillon.hub.store.AnalyticsStore.SlowSession;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Answers which conversations fail and which are slow; all else is asked of {@link
 * AnalyticsQueries}. A percentile holds all its values in memory, so many of them are worked out in
 * pieces. Thread-safe.
 */
final class SessionQueries {

  /** As the database orders texts; Java's own order has U+FF71 behind U+1F600. */
  private static final Comparator<String> BY_CODE_POINTS =
      (one, other) -> Arrays.compareUnsigned(one.getBytes(UTF_8), other.getBytes(UTF_8));

  private static final Comparator<SessionLatency> SLOWEST_FIRST =
      comparingDouble(SessionLatency::p95Latency)
          .reversed()
          .thenComparing(SessionLatency::conversationId, BY_CODE_POINTS)
          .thenComparing(SessionLatency::eventName, BY_CODE_POINTS);
  private static final Comparator<SlowSession> SLOWEST_SESSION_FIRST =
      comparingDouble(SlowSession::p95Latency)
          .reversed()
          .thenComparing(SlowSession::conversationId, BY_CODE_POINTS);

  private final Database database;

  SessionQueries(Database database) {
    this.database = database;
  }

  List<SessionLatency> latency(AnalyticsQuery query) throws SQLException {
    AnalyticsConditions where = AnalyticsConditions.of(query);
    String ordered = " ORDER BY p95 DESC, conversation_id, event_name LIMIT " + query.limit();
    String fresh =
        "SELECT conversation_id, event_name, quantile_cont(latency, 0.95) AS p95, count(*)"
            + RollUp.LIVE
            + where.sql();
    return Snapshot.read(
        database,
        snapshot -> {
          if (query.from() != null || query.to() != null) {
            return piecewise(
                snapshot,
                pieces(snapshot, where),
                fresh,
                " GROUP BY ALL" + ordered,
                where,
                SessionQueries::sessionLatency,
                SLOWEST_FIRST,
                query.limit());
          }
          long pieces = RollUp.findStaleConversations(snapshot.connection());
          List<SessionLatency> found =
              new ArrayList<>(
                  snapshot.rows(
                      "SELECT conversation_id, event_name, p95, events FROM sessions"
                          + " ANTI JOIN stale USING (conversation_id) WHERE true"
                          + where.sql()
                          + ordered,
                      where,
                      SessionQueries::sessionLatency));
          found.addAll(
              piecewise(
                  snapshot,
                  pieces,
                  fresh + " AND conversation_id IN (FROM stale)",
                  " GROUP BY ALL" + ordered,
                  where,
                  SessionQueries::sessionLatency,
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
    return Snapshot.read(
        database,
        snapshot -> {
          if (query.from() != null || query.to() != null) {
            return snapshot.rows(
                "FROM (" + fresh + " GROUP BY ALL)" + ordered,
                where,
                SessionQueries::sessionErrors);
          }
          RollUp.findStaleConversations(snapshot.connection());
          String both =
              "FROM (SELECT conversation_id, sum(events)::BIGINT AS events,"
                  + " sum(errors)::BIGINT AS errors FROM sessions"
                  + " ANTI JOIN stale USING (conversation_id) WHERE true"
                  + where.sql()
                  + " GROUP BY ALL UNION ALL ("
                  + fresh
                  + " AND conversation_id IN (FROM stale) GROUP BY ALL))"
                  + ordered;
          return snapshot.rows(both, List.of(where, where), SessionQueries::sessionErrors);
        });
  }

  private static SessionErrors sessionErrors(ResultSet row) throws SQLException {
    return new SessionErrors(row.getString(1), row.getLong(2), row.getLong(3));
  }

  List<SlowSession> slowest(AnalyticsQuery query) throws SQLException {
    AnalyticsConditions where = AnalyticsConditions.of(query);
    return Snapshot.read(
        database,
        snapshot ->
            piecewise(
                snapshot,
                pieces(snapshot, where),
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
  private static long pieces(Snapshot snapshot, AnalyticsConditions where) throws SQLException {
    String sql = "SELECT count(*) FROM versions WHERE state = 0" + where.sql();
    return 1 + snapshot.rows(sql, where, row -> row.getLong(1)).get(0) / RollUp.PIECE;
  }

  private static <T> List<T> piecewise(
      Snapshot snapshot,
      long pieces,
      String select,
      String rest,
      AnalyticsConditions where,
      Snapshot.Row<T> row,
      Comparator<T> order,
      int limit)
      throws SQLException {
    List<T> found = new ArrayList<>();
    for (long piece = 0; piece < pieces; piece++) {
      String only = pieces == 1 ? "" : " AND hash(conversation_id) % " + pieces + " = " + piece;
      found.addAll(snapshot.rows(select + only + rest, where, row));
      found.sort(order);
      found = new ArrayList<>(found.subList(0, Math.min(limit, found.size())));
    }
    return found;
  }
}
