package dev.carillon.hub.store;

import static java.util.stream.Collectors.joining;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.duckdb.DuckDBConnection;

/**
 * Reads events from DuckDB, each call in a snapshot of its own: first which ones, by the light
 * columns, then the events themselves. Thread-safe.
 */
final class EventQueries {

  private static final int MAX_SAME_ID = 100;

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
    return Snapshot.read(
        database,
        snapshot -> {
          List<Found> found = find(snapshot.connection(), sql, where.values());
          List<Found> page = firstOf(found, query.maxBytes());
          long next = page.isEmpty() ? query.after() : page.get(page.size() - 1).position();
          boolean full = found.size() == query.limit() || page.size() < found.size();
          return new Page(fetch(snapshot.connection(), page), next, full);
        });
  }

  Optional<StoredEvent> find(String id) throws SQLException {
    String sql = " WHERE key = ? ORDER BY position LIMIT " + MAX_SAME_ID;
    return Snapshot.read(
        database,
        snapshot -> {
          DuckDBConnection connection = snapshot.connection();
          for (Found one : find(connection, sql, List.of(SeenKeys.keyOf(id)))) {
            StoredEvent event = fetch(connection, List.of(one)).get(0);
            if (LogEntry.of(event.json()).id().equals(id)) {
              return Optional.of(event);
            }
          }
          return Optional.empty();
        });
  }

  private static List<Found> find(DuckDBConnection connection, String sql, List<Object> values)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT position, size FROM events" + sql)) {
      select.setQueryTimeout(Sql.TIMEOUT_SECONDS);
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
    if (found.isEmpty()) {
      return List.of();
    }
    Map<Long, byte[]> json = new HashMap<>();
    Chunks.Reader chunks = new Chunks.Reader();
    String positions =
        found.stream().map(one -> Long.toString(one.position())).collect(joining(","));
    try (Statement select = connection.createStatement();
        ResultSet rows =
            select.executeQuery(
                "SELECT position, size, event FROM events WHERE position IN (" + positions + ")")) {
      while (rows.next()) {
        long position = rows.getLong(1);
        json.put(position, chunks.begin(position, rows.getInt(2), rows.getBytes(3)));
      }
    }
    chunks.finish(connection);
    List<StoredEvent> events = new ArrayList<>(found.size());
    for (Found one : found) {
      events.add(new StoredEvent(one.position(), Objects.requireNonNull(json.get(one.position()))));
    }
    return events;
  }
}
