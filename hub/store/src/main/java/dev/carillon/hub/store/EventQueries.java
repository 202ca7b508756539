package dev.carillon.hub.store;

import static java.util.stream.Collectors.joining;

import dev.carillon.hub.store.Labels.Kind;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Reads events from DuckDB, each call on a connection of its own: first which ones, by the light
 * columns, then the events themselves, so many bytes at a time. Thread-safe.
 */
final class EventQueries {

  private static final int TIMEOUT_SECONDS = 30;
  private static final long MAX_PAGE_BYTES = 64L << 20;
  private static final long MAX_FETCH_BYTES = 16L << 20;

  private final Database database;

  EventQueries(Database database) {
    this.database = database;
  }

  private record Found(long position, int size) {}

  Page read(LogQuery query) throws SQLException {
    Conditions where = Conditions.of(query);
    String sql =
        where.sql()
            + switch (query.order()) {
              case ARRIVAL -> " ORDER BY position";
              case OLDEST_FIRST -> " ORDER BY time, position";
              case NEWEST_FIRST -> " ORDER BY time DESC, position DESC";
            }
            + " LIMIT "
            + query.limit()
            + " OFFSET "
            + query.offset();
    try (DuckDBConnection connection = database.reader()) {
      List<Found> found = find(connection, sql, where.values());
      List<Found> page = firstOf(found, MAX_PAGE_BYTES);
      long next = page.isEmpty() ? query.after() : page.get(page.size() - 1).position();
      boolean full = found.size() == query.limit() || page.size() < found.size();
      return new Page(fetch(connection, page), next, full);
    }
  }

  Optional<StoredEvent> find(String id) throws SQLException {
    try (DuckDBConnection connection = database.reader()) {
      String sql = " WHERE key = ? ORDER BY position LIMIT 100";
      List<Found> found = find(connection, sql, List.of(SeenKeys.keyOf(id)));
      return fetch(connection, firstOf(found, MAX_PAGE_BYTES)).stream()
          .filter(event -> LogEntry.of(event.json()).id().equals(id))
          .findFirst();
    }
  }

  private static List<Found> find(DuckDBConnection connection, String sql, List<Object> values)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT position, size FROM events" + sql)) {
      select.setQueryTimeout(TIMEOUT_SECONDS);
      for (int i = 0; i < values.size(); i++) {
        select.setObject(i + 1, values.get(i));
      }
      List<Found> found = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.add(new Found(rows.getLong(1), rows.getInt(2)));
        }
      }
      return found;
    }
  }

  /** As many as go into so many bytes, but one at least. */
  private static List<Found> firstOf(List<Found> found, long maxBytes) {
    long bytes = 0;
    int count = 0;
    while (count < found.size() && (count == 0 || bytes + found.get(count).size() <= maxBytes)) {
      bytes += found.get(count++).size();
    }
    return found.subList(0, count);
  }

  private static List<StoredEvent> fetch(DuckDBConnection connection, List<Found> found)
      throws SQLException {
    Map<Long, byte[]> json = new HashMap<>();
    for (List<Found> rest = found; !rest.isEmpty(); ) {
      List<Found> some = firstOf(rest, MAX_FETCH_BYTES);
      rest = rest.subList(some.size(), rest.size());
      String positions =
          some.stream().map(one -> Long.toString(one.position())).collect(joining(","));
      try (Statement select = connection.createStatement();
          ResultSet rows =
              select.executeQuery(
                  "SELECT position, event FROM events WHERE position IN (" + positions + ")")) {
        while (rows.next()) {
          json.put(rows.getLong(1), rows.getBytes(2));
        }
      }
    }
    List<StoredEvent> events = new ArrayList<>(found.size());
    for (Found one : found) {
      events.add(new StoredEvent(one.position(), Objects.requireNonNull(json.get(one.position()))));
    }
    return events;
  }

  /** The conditions of a query, and the values that go with their question marks. */
  private record Conditions(List<String> parts, List<Object> values) {

    static Conditions of(LogQuery query) {
      Conditions where = new Conditions(new ArrayList<>(), new ArrayList<>());
      where.type(query.type());
      where.equal("source", query.source());
      where.subjects(query.subjects());
      where.labels(Kind.TAG, query.tags());
      where.labels(Kind.TRACE_ID, query.traceIds());
      where.label(Kind.ORGANIZATION, query.organizationId());
      where.label(Kind.USER, query.userId());
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
        parts.add("(subject IN (" + marks + ") OR " + anyOf(Kind.SUBJECT, subjects) + ")");
      }
    }

    private void label(Kind kind, @Nullable String wanted) {
      labels(kind, wanted == null ? List.of() : List.of(wanted));
    }

    private void labels(Kind kind, List<String> wanted) {
      if (!wanted.isEmpty()) {
        parts.add("(" + anyOf(kind, wanted) + ")");
      }
    }

    private String anyOf(Kind kind, List<String> wanted) {
      List<String> each = new ArrayList<>();
      for (String value : wanted) {
        each.add("contains(labels, ?)");
        values.add(Labels.search(kind, value));
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
