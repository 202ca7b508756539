package dev.carillon.hub.store;

import dev.carillon.hub.store.StateMachine.Effect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Analytics events in a DuckDB file of this machine. What is superseded, deleted or too old is
 * removed in the background, where statistics are prepared too.
 */
public final class EmbeddedAnalyticsStore implements AnalyticsStore, DeadLetters {

  private static final Logger log = LoggerFactory.getLogger(EmbeddedAnalyticsStore.class);

  private final Database database;
  private final VersionTable table;
  private final AnalyticsQueries queries;
  private final SessionQueries sessions;
  private final Readers readers;
  private final Housekeeping housekeeping;

  /**
   * Opens the store of a folder, creating both where they are missing.
   *
   * @param clock tells how old events are
   * @throws IOException with a text fit for a person, if the folder cannot be written or holds
   *     something else
   */
  public static EmbeddedAnalyticsStore open(Path folder, Settings settings, Clock clock)
      throws IOException {
    Database database = null;
    try {
      Files.createDirectories(folder);
      database = new Database(folder.resolve("analytics.duckdb"), settings.databaseMemory());
      return new EmbeddedAnalyticsStore(database, settings, clock);
    } catch (SQLException e) {
      close(database);
      throw new IOException(
          "the database in " + folder + " cannot be opened: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      close(database);
      throw e;
    }
  }

  private static void close(@Nullable Database database) {
    if (database != null) {
      database.close();
    }
  }

  private EmbeddedAnalyticsStore(Database database, Settings settings, Clock clock)
      throws SQLException {
    this.database = database;
    this.table = new VersionTable(database);
    this.queries = new AnalyticsQueries(database);
    this.sessions = new SessionQueries(database);
    this.readers =
        new Readers(
            "carillon-analytics",
            settings.readThreads(),
            settings.maxPendingReads(),
            database::unread);
    this.housekeeping =
        new Housekeeping(database, settings.retention(), settings.housekeepingPeriod(), clock);
    readers.begin(this::loadKeys);
    housekeeping.start();
  }

  private void loadKeys() {
    try {
      table.loadKeys();
    } catch (SQLException | RuntimeException e) {
      log.warn("every event will be looked up: {}", e.toString());
    }
  }

  @Override
  public Map<Effect, Integer> write(Batch batch) throws IOException {
    try {
      database.requireInPlace();
      Map<Effect, Integer> effects = table.write(batch);
      housekeeping.noteWritten();
      return effects;
    } catch (SQLException e) {
      String message = String.valueOf(e.getMessage());
      throw Database.isShort(e) ? new StoreBusyException(message, e) : new IOException(message, e);
    }
  }

  @Override
  public boolean isWritable() {
    database.reset();
    return database.isWritable();
  }

  @Override
  public void mend() {
    if (!isReady()) {
      isWritable();
    }
  }

  @Override
  public long position(String source) throws IOException {
    try (DuckDBConnection connection = database.reader()) {
      return VersionTable.position(connection, source);
    } catch (SQLException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public void add(String source, Batch.Placed operation, String reason) throws IOException {
    try {
      table.setAside(source, operation, reason);
    } catch (SQLException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public CompletableFuture<Optional<EventVersion>> find(UUID id) {
    return readers.run(() -> queries.find(id));
  }

  @Override
  public CompletableFuture<List<EventVersion>> events(AnalyticsQuery query) {
    return readers.run(() -> queries.events(AnalyticsConditions.of(query), query.limit()));
  }

  @Override
  public CompletableFuture<List<EventVersion>> events(AnalyticsQuery query, EventVersion after) {
    return readers.run(
        () -> queries.events(AnalyticsConditions.of(query).after(after), query.limit()));
  }

  @Override
  public CompletableFuture<List<ErrorDay>> errors(AnalyticsQuery query) {
    return readers.run(() -> queries.errors(query));
  }

  @Override
  public CompletableFuture<List<SessionLatency>> latency(AnalyticsQuery query) {
    return readers.run(() -> sessions.latency(query));
  }

  @Override
  public CompletableFuture<List<SessionErrors>> topErrors(AnalyticsQuery query) {
    return readers.run(() -> sessions.topErrors(query));
  }

  @Override
  public CompletableFuture<List<SlowSession>> slowest(AnalyticsQuery query) {
    return readers.run(() -> sessions.slowest(query));
  }

  @Override
  public CompletableFuture<List<NameLatency>> latencyByName(AnalyticsQuery query) {
    return readers.run(() -> queries.latencyByName(query));
  }

  @Override
  public CompletableFuture<List<Bucket>> timeline(AnalyticsQuery query, Duration bucket) {
    return readers.run(() -> queries.timeline(query, bucket));
  }

  @Override
  public CompletableFuture<Totals> totals(AnalyticsQuery query) {
    return readers.run(() -> queries.totals(query));
  }

  @Override
  public CompletableFuture<List<Totals>> totals(AnalyticsQuery query, Instant earlier) {
    return readers.run(() -> queries.totals(query, earlier));
  }

  @Override
  public boolean isReady() {
    return database.isUsable();
  }

  @Override
  public Stats stats() {
    return new Stats(
        housekeeping.retired(),
        housekeeping.compacted(),
        housekeeping.expired(),
        housekeeping.lag(),
        database.sizeBytes());
  }

  @Override
  public void close() {
    housekeeping.close();
    readers.close();
    database.close();
  }

  /**
   * How the store works.
   *
   * @param retention how old an event may get before it is removed; zero keeps all
   * @param housekeepingPeriod how long the background work rests between two looks; ten times as
   *     long while nothing is written
   * @param readThreads how many reads run at once
   * @param maxPendingReads how many reads may wait for a thread
   * @param databaseMemory how much memory DuckDB may use outside the Java heap: {@code 256MB}
   */
  public record Settings(
      Duration retention,
      Duration housekeepingPeriod,
      int readThreads,
      int maxPendingReads,
      String databaseMemory) {

    /** Keeps all events, and looks once a second while events are written. */
    public static Settings ofDefaults() {
      return new Settings(Duration.ZERO, Duration.ofSeconds(1), 2, 256, Database.fairMemory());
    }

    /** These settings with another retention; zero keeps all. */
    public Settings withRetention(Duration retention) {
      return new Settings(
          retention, housekeepingPeriod, readThreads, maxPendingReads, databaseMemory);
    }
  }
}
