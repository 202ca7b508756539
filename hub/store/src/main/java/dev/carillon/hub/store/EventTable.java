package dev.carillon.hub.store;

import dev.carillon.hub.store.Tail.Placed;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
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

  static final Marks MARKS = new Marks("events", "position");

  private static final Logger log = LoggerFactory.getLogger(EventTable.class);
  private static final int MAX_SUSPECTS = 16_384;
  private static final int FEW = 64; // keys that are named one by one

  /**
   * Of what is long, column {@code event} holds the beginning (see {@link Chunks}). Zstandard,
   * since it takes less time than what DuckDB would choose, and a third of the room.
   */
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
  private final StoredKeys keys = new StoredKeys();
  private final LongAdder duplicates = new LongAdder();
  private final GivingWay way = new GivingWay();

  // Of the transaction, if there is one.
  private final List<Placed> suspects = new ArrayList<>();
  private @Nullable EventAppender appender;

  EventTable(Database database) throws SQLException {
    this.database = database;
    Sql.execute(database.writer(), SCHEMA);
    Sql.execute(database.writer(), Chunks.SCHEMA);
    MARKS.create(database.writer());
  }

  /** The highest position that is stored, or was before it was removed; 0 when there is none. */
  long end() throws SQLException {
    return Sql.number(
        database.writer(),
        "SELECT greatest((SELECT coalesce(max(position), 0) FROM events),"
            + " (SELECT coalesce(max(position), 0) FROM dead_letters),"
            + " (SELECT coalesce(max(position), 0) FROM marks))");
  }

  /** Until that is done, every event that brings its id is looked up. */
  void loadKeys() throws SQLException {
    keys.load(database, "events", "position", "key", row -> row.getLong(1));
  }

  long duplicates() {
    return duplicates.sum();
  }

  /**
   * Begins a transaction, which {@link #commit} or {@link #abandon} ends. An appender by itself
   * does not: it would commit on its own.
   */
  void begin() throws SQLException {
    Sql.execute(database.writer(), "BEGIN TRANSACTION");
    appender = new EventAppender(database.writer());
  }

  /**
   * Adds events to the transaction, those that are not there yet, until it is full: until it has
   * exactly as many rows as a row group of DuckDB, since one that has more leaves a small group
   * behind, and a checkpoint that finds many of those writes the whole table anew. What may be
   * there already is put off, and looked up together.
   *
   * @param tail takes each event that is added
   * @return how many it has dealt with: all, or fewer if it is full, and to be committed
   */
  int add(long first, List<LogEntry> entries, Tail tail) throws SQLException {
    EventAppender rows = Objects.requireNonNull(appender, "no transaction");
    for (int i = 0; i < entries.size(); i++) {
      if (suspects.size() >= MAX_SUSPECTS || rows.count() + suspects.size() >= Database.ROW_GROUP) {
        settle(rows, tail);
      }
      if (rows.count() >= Database.ROW_GROUP) {
        return i;
      }
      Placed event = new Placed(first + i, entries.get(i));
      if (event.entry().freshId() || !mayBeThere(event.entry().id())) {
        rows.append(event);
        tail.add(event);
        way.afterRow();
      } else {
        suspects.add(event);
      }
    }
    return entries.size();
  }

  /** Adds those of the suspects that are not there yet. */
  private void settle(EventAppender rows, Tail tail) throws SQLException {
    if (suspects.isEmpty()) {
      return;
    }
    rows.flush(); // so that the look-up sees them
    Set<Identity> stored = lookUp();
    List<Placed> late = new ArrayList<>();
    for (Placed suspect : suspects) {
      if (stored.add(Identity.of(suspect.entry()))) {
        rows.append(suspect);
        late.add(suspect);
      } else {
        duplicates.increment();
      }
    }
    suspects.clear();
    tail.addLate(late);
  }

  void commit(Tail tail) throws SQLException {
    try (EventAppender rows = Objects.requireNonNull(appender, "no transaction")) {
      settle(rows, tail);
      rows.flush();
    }
    appender = null;
    Sql.execute(database.writer(), "COMMIT");
    database.worked();
  }

  /** Ends the transaction without a trace, if there is one. */
  void abandon() {
    try {
      if (appender != null) {
        appender.close(); // which may still write, so before the rollback
      }
    } catch (SQLException e) {
      log.debug("an appender was not closed", e);
    }
    database.rollBack();
    appender = null;
    suspects.clear();
  }

  /** Stores events, fewer than a row group, in a transaction of their own. */
  void store(long first, List<LogEntry> entries, Tail tail) throws SQLException {
    try {
      begin();
      if (add(first, entries, tail) < entries.size()) {
        throw new IllegalArgumentException(entries.size() + " events are too many at once");
      }
      commit(tail);
    } catch (SQLException | RuntimeException e) {
      abandon();
      throw e;
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

  /** What makes an event unique, by the standard. */
  private record Identity(String id, String source) {
    static Identity of(LogEntry entry) {
      return new Identity(entry.id(), entry.source());
    }
  }

  /** The events that have a suspect's key and source; found by one look through all keys. */
  private Set<Identity> lookUp() throws SQLException {
    String keys =
        suspects.stream()
            .map(suspect -> Long.toString(SeenKeys.keyOf(suspect.entry().id())))
            .collect(Collectors.joining(","));
    List<String> sources =
        suspects.stream().map(suspect -> suspect.entry().source()).distinct().toList();
    String wanted =
        suspects.size() <= FEW
            ? keys
            : "SELECT unnest(CAST('[" + keys + "]' AS BIGINT[]))"; // takes less time to parse
    String query = // others may have the same ids
        "SELECT source, event FROM events WHERE key IN (%s) AND source IN (%s)"
            .formatted(wanted, String.join(",", Collections.nCopies(sources.size(), "?")));
    Set<Identity> found = new HashSet<>();
    try (PreparedStatement select = database.writer().prepareStatement(query)) {
      for (int i = 0; i < sources.size(); i++) {
        select.setString(i + 1, sources.get(i));
      }
      try (ResultSet events = select.executeQuery()) {
        while (events.next()) {
          String source = Objects.requireNonNull(events.getString(1));
          found.add(new Identity(EventJson.id(events.getBytes(2)), source));
        }
      }
    }
    return found;
  }

  /** Whether an event with this id may be there; remembers that there is one from now on. */
  private boolean mayBeThere(String id) {
    return HubIds.looksLikeOne(id) || keys.note(SeenKeys.keyOf(id));
  }
}
