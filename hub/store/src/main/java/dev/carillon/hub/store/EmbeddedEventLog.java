package dev.carillon.hub.store;

import dev.carillon.hub.store.Tail.Placed;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event log of one machine: a durable journal with group commit, and behind it a DuckDB file
 * that answers queries. An append is acknowledged when the journal is synced; the events reach
 * DuckDB in larger batches, a moment later; a read waits for what was acknowledged before it.
 *
 * <p>Survives the end of its process at any moment: what the journal holds beyond DuckDB is filled
 * in at the next start, exactly once.
 *
 * <p>Events stay for ever, or as long after their arrival as {@link Settings#retention} says; their
 * positions are never given to others.
 */
public final class EmbeddedEventLog implements EventLog {

  private static final Logger log = LoggerFactory.getLogger(EmbeddedEventLog.class);

  private final DataFolder folder;
  private final Backlog backlog;
  private final Database database;
  private final EventTable table;
  private final EventQueries queries;
  private final Tail tail;
  private final Filler filler;
  private final Journal<LogEntry> journal;
  private final Readers readers;
  private final Retention retention;
  private final CopyOnWriteArrayList<Runnable> growth = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  /**
   * Opens the log of a folder, creating both where they are missing, and brings in what a process
   * that ended suddenly left in the journal.
   *
   * @param clock tells how long events have been there
   * @throws IOException with a text fit for a person, if the folder cannot be written, is in use by
   *     another process, or holds something else
   */
  public static EmbeddedEventLog open(Path folder, Settings settings, Clock clock)
      throws IOException {
    DataFolder data = DataFolder.take(folder);
    Database database = null;
    try {
      database = new Database(folder.resolve("events.duckdb"), settings.databaseMemory());
      return new EmbeddedEventLog(data, database, settings, clock);
    } catch (SQLException e) {
      close(database, data);
      throw new IOException(
          "the database in " + folder + " cannot be opened: " + e.getMessage(), e);
    } catch (IOException | RuntimeException | Error e) {
      close(database, data);
      throw e;
    }
  }

  private static void close(@Nullable Database database, DataFolder folder) throws IOException {
    if (database != null) {
      database.close();
    }
    folder.close();
  }

  private EmbeddedEventLog(DataFolder folder, Database database, Settings settings, Clock clock)
      throws IOException, SQLException {
    this.folder = folder;
    this.backlog = new Backlog(settings.maxPendingEvents(), settings.maxPendingBytes());
    this.database = database;
    this.table = new EventTable(database);
    this.queries = new EventQueries(database);
    long stored = table.end();
    this.tail =
        new Tail(stored, settings.tailEvents(), settings.tailBytes(), () -> !growth.isEmpty());
    this.retention =
        new Retention(
            database, settings.retention(), settings.housekeepingPeriod(), clock, tail::forgetUpTo);
    this.filler =
        new Filler(folder.journal(), table, database, retention, stored, backlog, tail, growth);
    long last = Math.max(Replay.last(folder.journal(), stored), replay(stored));
    filler.passOver(last); // the newest events may be duplicates, which leave no trace in the table
    Segment.deleteAll(folder.journal()); // all of it is stored, and the room may be needed
    this.journal =
        new Journal<>(folder.journal(), last + 1, settings.segmentBytes(), backlog, filler);
    this.readers =
        new Readers(
            "carillon-reader",
            settings.readThreads(),
            settings.maxPendingReads(),
            database::unread);
    readers.begin(this::loadKeys);
    filler.start(journal::forgetUpTo);
    journal.start();
  }

  /** Brings in what the journal holds beyond the table; returns the last position of both. */
  private long replay(long stored) throws IOException {
    long last =
        Replay.run(
            folder.journal(),
            stored,
            Long.MAX_VALUE,
            LogEntry::of,
            (first, entries) -> {
              if (!filler.fill(first, entries)) {
                throw new IOException("the database in " + folder.path() + " cannot be written");
              }
            });
    if (last > stored) {
      log.info("brought in {} events from the journal", last - stored);
    }
    return last;
  }

  private void loadKeys() {
    try {
      table.loadKeys();
    } catch (SQLException | RuntimeException e) {
      log.warn("every event id will be looked up: {}", e.toString());
    }
  }

  @Override
  public CompletableFuture<Void> append(List<LogEntry> entries) {
    return journal.append(entries);
  }

  @Override
  public CompletableFuture<Page> read(LogQuery query) {
    return afterAcknowledged(() -> queries.read(query));
  }

  @Override
  public CompletableFuture<Optional<StoredEvent>> find(String id) {
    return afterAcknowledged(() -> queries.find(id));
  }

  @Override
  public CompletableFuture<Page> follow(LogQuery query) {
    List<Placed> recent = tail.after(query.after());
    if (recent != null) {
      return CompletableFuture.completedFuture(FollowFilter.page(recent, query));
    }
    long end = filler.position();
    return readers
        .run(() -> queries.read(query))
        .thenApply(
            page ->
                page.full() ? page : new Page(page.events(), Math.max(page.next(), end), false));
  }

  @Override
  public long end() {
    return journal.durable();
  }

  @Override
  public Listening onGrowth(Runnable listener) {
    growth.add(listener);
    filler.hurry();
    return () -> growth.remove(listener);
  }

  @Override
  public boolean isReady() {
    return !closed && journal.isHealthy() && filler.isHealthy() && database.isUsable();
  }

  @Override
  public LogStats stats() {
    return new LogStats(
        journal.appended(),
        table.duplicates(),
        journal.durable() - filler.position(),
        backlog.bytes(),
        journal.syncs(),
        journal.syncNanos(),
        filler.fills(),
        filler.rows(),
        filler.deadLetters(),
        retention.expired(),
        database.sizeBytes());
  }

  private <T> CompletableFuture<T> afterAcknowledged(Readers.Read<T> read) {
    return filler.upTo(journal.durable()).thenCompose(ignored -> readers.run(read));
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    journal.close();
    filler.close();
    readers.close();
    database.close();
    try {
      folder.close();
    } catch (IOException e) {
      log.debug("letting go of the data folder", e);
    }
  }

  /**
   * The bounds of an embedded log.
   *
   * @param maxPendingEvents how many accepted events may wait to reach DuckDB
   * @param maxPendingBytes how many bytes of them
   * @param maxPendingReads how many reads may wait for a thread
   * @param readThreads how many reads run at once
   * @param segmentBytes at which size the journal begins a new file
   * @param tailEvents how many of the newest events stay in memory for live streams
   * @param tailBytes how many bytes of them
   * @param databaseMemory how much memory DuckDB may use outside the Java heap: {@code 256MB}
   * @param retention how long an event stays after its arrival before it is removed; zero keeps all
   * @param housekeepingPeriod how long it rests between two looks for what to remove
   */
  public record Settings(
      long maxPendingEvents,
      long maxPendingBytes,
      int maxPendingReads,
      int readThreads,
      long segmentBytes,
      int tailEvents,
      long tailBytes,
      String databaseMemory,
      Duration retention,
      Duration housekeepingPeriod) {

    /**
     * Fit for a machine that also does other things: 150,000 events or 96 MiB may wait, and all
     * stay.
     */
    public static Settings ofDefaults() {
      return new Settings(
          150_000,
          96 << 20,
          256,
          2,
          64 << 20,
          2048,
          4 << 20,
          Database.fairMemory(),
          Duration.ZERO,
          Duration.ofMinutes(1));
    }

    /** These settings with another retention; zero keeps all. */
    public Settings withRetention(Duration retention) {
      return new Settings(
          maxPendingEvents,
          maxPendingBytes,
          maxPendingReads,
          readThreads,
          segmentBytes,
          tailEvents,
          tailBytes,
          databaseMemory,
          retention,
          housekeepingPeriod);
    }
  }
}
