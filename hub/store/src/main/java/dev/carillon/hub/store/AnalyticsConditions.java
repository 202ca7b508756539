package dev.carillon.hub.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of an analytics query, each beginning with AND, and the values that go with their
 * question marks.
 */
record AnalyticsConditions(String sql, List<Object> values) {

  static AnalyticsConditions of(AnalyticsQuery query) {
    return of(query, "created_at");
  }

  /** The same over days, which a query must begin and end on: see {@link #isWholeDays}. */
  static AnalyticsConditions ofDays(AnalyticsQuery query) {
    return of(query, "day");
  }

  private static AnalyticsConditions of(AnalyticsQuery query, String time) {
    StringBuilder sql = new StringBuilder();
    List<Object> values = new ArrayList<>();
    compare(sql, values, time + " >=", query.from());
    compare(sql, values, time + " <", query.to());
    equal(sql, values, "event_name", query.eventName());
    equal(sql, values, "conversation_id", query.conversationId());
    return new AnalyticsConditions(sql.toString(), values);
  }

  /** These, and to come after an event in the order of creation, then id. */
  AnalyticsConditions after(EventVersion event) {
    List<Object> all = new ArrayList<>(values);
    all.add(Sql.micros(event.createdAt()));
    all.add(event.id());
    return new AnalyticsConditions(sql + " AND (created_at, id) > (make_timestamp(?), ?)", all);
  }

  /** Whether a query's time range begins and ends between two days, where it does. */
  static boolean isWholeDays(AnalyticsQuery query) {
    return isWholeDay(query.from()) && isWholeDay(query.to());
  }

  private static boolean isWholeDay(@Nullable Instant time) {
    return time == null || time.equals(time.truncatedTo(ChronoUnit.DAYS));
  }

  private static void compare(
      StringBuilder sql, List<Object> values, String comparison, @Nullable Instant time) {
    if (time != null) {
      sql.append(" AND ").append(comparison).append(" make_timestamp(?)");
      values.add(Sql.micros(time.plusNanos(999))); // events have no finer times
    }
  }

  private static void equal(
      StringBuilder sql, List<Object> values, String column, @Nullable String value) {
    if (value != null) {
      sql.append(" AND ").append(column).append(" = ?");
      values.add(value);
    }
  }

  /** Fills in the values; returns the index of the next question mark. */
  int fill(PreparedStatement statement, int first) throws SQLException {
    int index = first;
    for (Object value : values) {
      statement.setObject(index++, value);
    }
    return index;
  }
}
