package dev.carillon.hub.store;

import dev.carillon.hub.store.Tail.Placed;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events in DuckDB. An event's row holds its position in the journal, so that what is stored
 * and how far the journal is stored become durable in one transaction. Used by one thread, but for
 * {@link #loadKeys}.
 */
final class EventTable {

  private static final Logger log = LoggerFactory.getLogger(EventTable.class);
  private static final int MAX_LOOKUP = 1000;

  /** Zstandard, since it takes less time than what DuckDB would choose, and a third of the room. */
  private static final String SCHEMA =
      """
      CREATE TABLE IF NOT EXISTS events (
        position BIGINT NOT NULL, key BIGINT NOT NULL, source VARCHAR NOT NULL,
        type VARCHAR NOT NULL, subject VARCHAR, time TIMESTAMP NOT NULL, labels VARCHAR,
        size INTEGER NOT NULL, event BLOB NOT NULL USING COMPRESSION zstd);
      CREATE TABLE IF NOT EXISTS dead_letters (
        position BIGINT NOT NULL, reason VARCHAR NOT NULL, event BLOB NOT NULL);
      """;

  private final Database database;
  private final SeenKeys recent = new SeenKeys();
  private final LongAdder duplicates = new LongAdder();
  private volatile @Nullable SeenKeys earlier;
  private @Nullable DuckDBAppender appender;

  EventTable(Database database) throws SQLException {
    this.database = database;
    execute(SCHEMA);
  }

  /** The highest position that is stored; 0 when there is none. */
  long end() throws SQLException {
    DuckDBConnection connection = database.writer();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT greatest((SELECT coalesce(max(position), 0) FROM events),"
                    + " (SELECT coalesce(max(position), 0) FROM dead_letters))")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /**
   * Reads what is stored already into the memory that spares look-ups; until that is done, every
   * event is looked up.
   */
  void loadKeys() throws SQLException {
    SeenKeys loaded = new SeenKeys();
    try (DuckDBConnection connection = database.reader();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT key FROM events")) {
      while (rows.next()) {
        loaded.add(rows.getLong(1));
      }
    }
    earlier = loaded;
  }

  long duplicates() {
    return duplicates.sum();
  }

  /**
   * Begins a transaction, which {@link #commit} or {@link #abandon} ends. An appender by itself
   * does not: it would commit on its own.
   */
  void begin() throws SQLException {
    execute("BEGIN TRANSACTION");
    appender = database.writer().createAppender("events");
  }

  /**
   * Adds events to the transaction, those that are not there yet.
   *
   * @param added hears of each of them
   */
  void add(long first, List<LogEntry> entries, Consumer<Placed> added) throws SQLException {
    DuckDBAppender rows = Objects.requireNonNull(appender, "no transaction");
    long[] keys = new long[entries.size()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = SeenKeys.keyOf(entries.get(i).id());
    }
    Set<Identity> stored = lookUp(rows, entries, keys);
    Map<Long, LogEntry> batch = new HashMap<>(keys.length * 2);
    for (int i = 0; i < keys.length; i++) {
      LogEntry entry = entries.get(i);
      LogEntry twin = batch.putIfAbsent(keys[i], entry);
      if ((twin != null && Identity.of(twin).equals(Identity.of(entry)))
          || (!stored.isEmpty() && stored.contains(Identity.of(entry)))) {
        duplicates.increment();
        continue;
      }
      append(rows, first + i, keys[i], entry);
      recent.add(keys[i]);
      added.accept(new Placed(first + i, entry));
    }
  }

  void commit() throws SQLException {
    try (DuckDBAppender rows = Objects.requireNonNull(appender, "no transaction")) {
      rows.flush(); // close() would keep an error to itself
    }
    appender = null;
    execute("COMMIT");
  }

  /** Ends the transaction without a trace, if there is one. */
  void abandon() {
    try (DuckDBAppender rows = appender) {
      execute("ROLLBACK");
    } catch (SQLException e) {
      log.debug("a transaction was not rolled back", e); // it ended with its connection
    }
    appender = null;
  }

  /** Stores events in a transaction of their own. */
  void store(long first, List<LogEntry> entries, Consumer<Placed> added) throws SQLException {
    try {
      begin();
      add(first, entries, added);
      commit();
    } catch (SQLException | RuntimeException e) {
      abandon();
      throw e;
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = database.writer().createStatement()) {
      statement.execute(sql);
    }
  }

  /** Sets an event aside that the table does not take. */
  void setAside(long position, LogEntry entry, String reason) throws SQLException {
    DuckDBConnection connection = database.writer();
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO dead_letters VALUES (?, ?, ?)")) {
      insert.setLong(1, position);
      insert.setString(2, reason);
      insert.setBytes(3, entry.json());
      insert.executeUpdate();
    }
  }

  /** Whether a transaction can be committed at all. */
  boolean isWritable() {
    try {
      execute("CREATE OR REPLACE TABLE probe AS SELECT now() AS at");
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  /** What makes an event unique, by the standard. */
  private record Identity(String id, String source) {
    static Identity of(LogEntry entry) {
      return new Identity(entry.id(), entry.source());
    }
  }

  private Set<Identity> lookUp(DuckDBAppender rows, List<LogEntry> entries, long[] keys)
      throws SQLException {
    SeenKeys loaded = earlier;
    List<Long> suspects = new ArrayList<>();
    for (int i = 0; i < keys.length; i++) {
      if (!entries.get(i).freshId()
          && (loaded == null || loaded.mightContain(keys[i]) || recent.mightContain(keys[i]))) {
        suspects.add(keys[i]);
      }
    }
    if (suspects.isEmpty()) {
      return Set.of();
    }
    rows.flush(); // so that the look-up sees what this transaction has
    DuckDBConnection connection = database.writer();
    Set<Identity> found = new HashSet<>();
    for (int from = 0; from < suspects.size(); from += MAX_LOOKUP) {
      List<Long> some = suspects.subList(from, Math.min(from + MAX_LOOKUP, suspects.size()));
      String marks = "?,".repeat(some.size() - 1) + "?";
      try (PreparedStatement select =
          connection.prepareStatement("SELECT event FROM events WHERE key IN (" + marks + ")")) {
        for (int i = 0; i < some.size(); i++) {
          select.setLong(i + 1, some.get(i));
        }
        try (ResultSet events = select.executeQuery()) {
          while (events.next()) {
            found.add(Identity.of(LogEntry.of(events.getBytes(1))));
          }
        }
      }
    }
    return found;
  }

  private static void append(DuckDBAppender rows, long position, long key, LogEntry entry)
      throws SQLException {
    rows.beginRow();
    rows.append(position).append(key).append(entry.source()).append(entry.type());
    append(rows, entry.subject());
    rows.appendEpochMicros(micros(entry.time()));
    append(rows, entry.labels());
    rows.append(entry.json().length).append(entry.json());
    rows.endRow();
  }

  private static void append(DuckDBAppender rows, @Nullable String value) throws SQLException {
    if (value == null) {
      rows.appendNull();
    } else {
      rows.append(value);
    }
  }

  static long micros(Instant time) {
    return Math.addExact(
        Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1000);
  }
}
