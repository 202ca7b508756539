package dev.carillon.hub.store;

import dev.carillon.hub.store.EventVersion.State;
import dev.carillon.hub.store.StateMachine.Effect;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.duckdb.DuckDBConnection;

/**
 * The versions in DuckDB, as the writer sees them. A version's number is its place in the order of
 * writing; what is no longer the newest is named in {@code retired} until it is removed. How far a
 * source is written is part of the same transaction. Used by one thread, but for {@link #loadKeys}
 * and {@link #position}.
 */
final class VersionTable {

  static final Marks MARKS = new Marks("versions", "version");

  private static final String SCHEMA =
      """
      CREATE TABLE IF NOT EXISTS versions (
        version BIGINT NOT NULL, id UUID NOT NULL, state TINYINT NOT NULL,
        conversation_id VARCHAR, event_name VARCHAR, failed BOOLEAN, latency DOUBLE,
        created_at TIMESTAMP NOT NULL, updated_at TIMESTAMP NOT NULL,
        size INTEGER NOT NULL, data BLOB NOT NULL USING COMPRESSION zstd);
      CREATE TABLE IF NOT EXISTS retired (version BIGINT NOT NULL);
      CREATE TABLE IF NOT EXISTS progress (source VARCHAR NOT NULL, position BIGINT NOT NULL);
      CREATE TABLE IF NOT EXISTS dead_letters (
        source VARCHAR NOT NULL, position BIGINT NOT NULL, reason VARCHAR NOT NULL,
        operation BLOB NOT NULL);
      """;

  static final String COLUMNS =
      "version, id, state, conversation_id, event_name, failed, latency,"
          + " epoch_ms(created_at), epoch_ms(updated_at), size, data";

  private final Database database;
  private final VersionLookup lookup;
  private final Map<Effect, Integer> effects = new EnumMap<>(Effect.class); // not yet told
  private long last = -1;

  VersionTable(Database database) throws SQLException {
    this.database = database;
    this.lookup = new VersionLookup(database);
    Sql.execute(database.writer(), SCHEMA);
    Sql.execute(database.writer(), Chunks.SCHEMA);
    Sql.execute(database.writer(), RollUp.SCHEMA);
    MARKS.create(database.writer());
  }

  void loadKeys() throws SQLException {
    lookup.loadKeys();
  }

  static long position(DuckDBConnection connection, String source) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT position FROM progress WHERE source = ?")) {
      select.setString(1, source);
      try (ResultSet rows = select.executeQuery()) {
        return rows.next() ? rows.getLong(1) : 0;
      }
    }
  }

  /**
   * Carries out a batch, in one transaction unless what it updates is too large to be in memory at
   * once. If it fails, a first part of the batch may be written, whose operations are passed over
   * when they come again.
   */
  Map<Effect, Integer> write(Batch batch) throws SQLException {
    for (Batch part : lookup.parts(batch)) {
      writeAtOnce(part);
    }
    Map<Effect, Integer> told = Map.copyOf(effects);
    effects.clear();
    return told;
  }

  private void writeAtOnce(Batch batch) throws SQLException {
    try {
      Sql.execute(
          database.writer(), "BEGIN TRANSACTION"); // an appender by itself would commit on its own
      long position = position(database.writer(), batch.source());
      List<Batch.Placed> operations =
          batch.operations().stream().filter(placed -> placed.position() > position).toList();
      Map<Effect, Integer> done;
      long end;
      try (VersionAppender rows = new VersionAppender(database.writer(), last())) {
        done =
            BatchResolver.resolve(
                operations,
                lookup,
                (base, version) -> {
                  rows.append(base, version);
                  lookup.add(base, version);
                });
        rows.flush();
        end = rows.last();
      }
      move(batch.source(), Math.max(position, batch.last()));
      Sql.execute(database.writer(), "COMMIT");
      database.worked();
      last = end;
      done.forEach((effect, times) -> effects.merge(effect, times, Integer::sum));
    } catch (SQLException | RuntimeException e) {
      last = -1; // it may have been committed after all
      database.rollBack();
      throw e;
    }
  }

  /** The number of the last version. */
  private long last() throws SQLException {
    if (last < 0) {
      last =
          Sql.number(
              database.writer(),
              "SELECT greatest((SELECT coalesce(max(version), 0) FROM versions),"
                  + " (SELECT coalesce(max(version), 0) FROM retired),"
                  + " (SELECT coalesce(max(version), 0) FROM marks),"
                  + " (SELECT coalesce(max(position), 0) FROM rolled_up),"
                  + " (SELECT coalesce(max(position), 0) FROM rolled_up_days))");
    }
    return last;
  }

  /** Makes a version of a row of {@link #COLUMNS}, whole when the chunks are finished. */
  static EventVersion read(ResultSet row, Chunks.Reader chunks) throws SQLException {
    long number = row.getLong(1);
    boolean failed = row.getBoolean(6);
    Boolean failedOrNot = row.wasNull() ? null : failed;
    double latency = row.getDouble(7);
    Double latencyOrNot = row.wasNull() ? null : latency;
    return new EventVersion(
        Objects.requireNonNull((UUID) row.getObject(2)),
        number,
        state(row.getByte(3)),
        new EventFields(
            row.getString(4),
            row.getString(5),
            failedOrNot,
            latencyOrNot,
            chunks.begin(number, row.getInt(10), row.getBytes(11))),
        Instant.ofEpochMilli(row.getLong(8)),
        Instant.ofEpochMilli(row.getLong(9)));
  }

  static byte code(State state) {
    return switch (state) {
      case LIVE -> 0;
      case DELETED -> 1;
      case PENDING -> 2;
    };
  }

  private static State state(byte code) {
    return switch (code) {
      case 0 -> State.LIVE;
      case 1 -> State.DELETED;
      default -> State.PENDING;
    };
  }

  private void move(String source, long position) throws SQLException {
    DuckDBConnection writer = database.writer();
    try (PreparedStatement update =
            writer.prepareStatement("UPDATE progress SET position = ? WHERE source = ?");
        PreparedStatement insert =
            writer.prepareStatement("INSERT INTO progress (position, source) VALUES (?, ?)")) {
      for (PreparedStatement statement : List.of(update, insert)) {
        statement.setLong(1, position);
        statement.setString(2, source);
        if (statement.executeUpdate() > 0) {
          return;
        }
      }
    }
  }

  /** Sets an operation aside that the table does not take. */
  void setAside(String source, Batch.Placed operation, String reason) throws SQLException {
    try (PreparedStatement insert =
        database.writer().prepareStatement("INSERT INTO dead_letters VALUES (?, ?, ?, ?)")) {
      insert.setString(1, source);
      insert.setLong(2, operation.position());
      insert.setString(3, reason);
      insert.setBytes(4, operation.operation().toJson());
      insert.executeUpdate();
    }
  }
}
