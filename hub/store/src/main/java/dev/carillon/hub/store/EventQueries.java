package dev.carillon.hub.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** Reads events from DuckDB, each call on a connection of its own. Thread-safe. */
final class EventQueries {

  private static final int TIMEOUT_SECONDS = 30;

  private final Database database;

  EventQueries(Database database) {
    this.database = database;
  }

  Page read(LogQuery query) throws SQLException {
    Conditions where = Conditions.of(query);
    String sql =
        "SELECT position, event FROM events"
            + where.sql()
            + switch (query.order()) {
              case ARRIVAL -> " ORDER BY position";
              case OLDEST_FIRST -> " ORDER BY time, position";
              case NEWEST_FIRST -> " ORDER BY time DESC, position DESC";
            }
            + " LIMIT "
            + query.limit()
            + " OFFSET "
            + query.offset();
    List<StoredEvent> events = select(sql, where.values());
    long next = events.isEmpty() ? query.after() : events.get(events.size() - 1).position();
    return new Page(events, next, events.size() == query.limit());
  }

  Optional<StoredEvent> find(String id) throws SQLException {
    String sql = "SELECT position, event FROM events WHERE id = ? ORDER BY position LIMIT 1";
    return select(sql, List.of(id)).stream().findFirst();
  }

  private List<StoredEvent> select(String sql, List<Object> values) throws SQLException {
    try (DuckDBConnection connection = database.reader();
        PreparedStatement select = connection.prepareStatement(sql)) {
      select.setQueryTimeout(TIMEOUT_SECONDS);
      for (int i = 0; i < values.size(); i++) {
        select.setObject(i + 1, values.get(i));
      }
      List<StoredEvent> events = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          events.add(new StoredEvent(rows.getLong(1), rows.getString(2)));
        }
      }
      return events;
    }
  }

  /** The conditions of a query, and the values that go with their question marks. */
  private record Conditions(List<String> parts, List<Object> values) {

    static Conditions of(LogQuery query) {
      Conditions where = new Conditions(new ArrayList<>(), new ArrayList<>());
      where.type(query.type());
      where.equal("source", query.source());
      where.subjects(query.subjects());
      where.anyOf("tags", query.tags());
      where.anyOf("trace_ids", query.traceIds());
      where.equal("organization_id", query.organizationId());
      where.equal("user_id", query.userId());
      where.time(">=", query.from());
      where.time("<", query.to());
      if (query.after() > 0) {
        where.add("position > ?", query.after());
      }
      return where;
    }

    String sql() {
      return parts.isEmpty() ? "" : " WHERE " + String.join(" AND ", parts);
    }

    private void add(String part, Object value) {
      parts.add(part);
      values.add(value);
    }

    private void equal(String column, @Nullable String value) {
      if (value != null) {
        add(column + " = ?", value);
      }
    }

    private void type(@Nullable String type) {
      if (type != null && type.endsWith("*")) {
        add("starts_with(type, ?)", type.substring(0, type.length() - 1));
      } else {
        equal("type", type);
      }
    }

    private void subjects(List<String> subjects) {
      if (!subjects.isEmpty()) {
        String marks = "?,".repeat(subjects.size() - 1) + "?";
        values.addAll(subjects);
        parts.add("(subject IN (" + marks + ") OR " + contains("subjects", subjects) + ")");
      }
    }

    private void anyOf(String column, List<String> wanted) {
      if (!wanted.isEmpty()) {
        parts.add("(" + contains(column, wanted) + ")");
      }
    }

    private String contains(String column, List<String> wanted) {
      List<String> each = new ArrayList<>();
      for (String value : wanted) {
        each.add("contains(" + column + ", ?)");
        values.add(EventTable.SEPARATOR + value + EventTable.SEPARATOR);
      }
      return String.join(" OR ", each);
    }

    private void time(String comparison, @Nullable Instant time) {
      if (time != null) {
        add("time " + comparison + " make_timestamp(?)", EventTable.micros(time));
      }
    }
  }
}
