package dev.carillon.hub.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what the journal holds into the event table, by one thread. It adds events as they come to
 * a transaction that stays open until it fills a row group of DuckDB, which is then written once
 * and for all; or until somebody waits to read, a live stream is to go on, or time is up. When the
 * database fails, what was not committed comes from the journal again, by way of {@link Rescue}.
 */
final class Filler implements Journal.Follower<LogEntry>, AutoCloseable {

  private record Group(long first, List<LogEntry> entries, long bytes) {}

  private static final Logger log = LoggerFactory.getLogger(Filler.class);
  private static final int MAX_GATHERED = 4096;
  private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long MAX_AGE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long MAX_AGE_FOLLOWED_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long RETRY_MILLIS = 500;

  private final Path journal;
  private final OpenTransaction transaction;
  private final Database database;
  private final Backlog backlog;
  private final Retention retention;
  private final Tail tail;
  private final List<Runnable> growth;
  private final Rescue rescue;
  private final Queue<Group> queue = new ConcurrentLinkedQueue<>();
  private final Progress progress;
  private final Thread thread = new Thread(this::run, "carillon-filler");
  private final LongAdder fills = new LongAdder();
  private final LongAdder rows = new LongAdder();
  private final CountDownLatch closing = new CountDownLatch(1);
  private LongConsumer stored = position -> {};
  private volatile boolean asleep;
  private volatile boolean hurried;
  private volatile boolean closed;
  private volatile @Nullable Exception failure;

  // Used by the filler's thread.
  private long gathered; // the last position that was taken from the queue
  private boolean full; // what was gathered last was as much as is gathered

  /**
   * Creates a filler that stands still until {@link #start}.
   *
   * @param journal where to read again what was not committed
   * @param retention removes what is old, between transactions
   * @param filled the position up to which events are stored already
   * @param growth whom to tell when more events can be read
   */
  Filler(
      Path journal,
      EventTable table,
      Database database,
      Retention retention,
      long filled,
      Backlog backlog,
      Tail tail,
      List<Runnable> growth) {
    this.journal = journal;
    this.transaction = new OpenTransaction(table, database, tail);
    this.database = database;
    this.retention = retention;
    this.progress = new Progress(filled);
    this.gathered = filled;
    this.backlog = backlog;
    this.tail = tail;
    this.growth = growth;
    this.rescue = new Rescue(table, database, tail, this::done);
    thread.setUncaughtExceptionHandler((t, e) -> log.error("the filler's thread ended", e));
  }

  /**
   * Begins to store.
   *
   * @param stored hears up to which position the journal is no longer needed
   */
  void start(LongConsumer stored) {
    this.stored = stored;
    thread.start();
  }

  @Override
  public void durable(long first, List<LogEntry> entries, long bytes) {
    backlog.durable(entries.size(), bytes);
    queue.add(new Group(first, entries, bytes));
    if (asleep) {
      LockSupport.unpark(thread);
    }
  }

  /** Completes when everything up to a position is readable; has the filler hurry. */
  CompletableFuture<Void> upTo(long position) {
    return progress.upTo(position, this::hurry);
  }

  /** Has the filler look again whether it is time to commit. */
  void hurry() {
    hurried = true;
    LockSupport.unpark(thread);
  }

  /** Passes over positions that hold nothing to be stored, before the filler starts. */
  void passOver(long position) {
    gathered = position;
    tail.show(position);
    progress.reached(position);
  }

  /** Stores events in transactions of their own, before the filler starts; false if it cannot. */
  boolean fill(long first, List<LogEntry> entries) {
    return database.isWritable() && rescue.store(first, entries);
  }

  boolean isHealthy() {
    return failure == null && !closed && thread.isAlive();
  }

  long position() {
    return progress.position();
  }

  long fills() {
    return fills.sum();
  }

  long rows() {
    return rows.sum();
  }

  long deadLetters() {
    return rescue.deadLetters();
  }

  private void run() {
    List<Group> groups = new ArrayList<>();
    try {
      do { // once at least, for what is old
        groups.clear();
        collect(groups);
        try {
          if (!groups.isEmpty()) {
            add(groups);
          }
          if (!transaction.isOpen()) {
            database.requireValid();
            retention.tend();
          } else if (isDue()) {
            commit();
          }
        } catch (SQLException | RuntimeException e) {
          if (!recover(e)) {
            return; // closed while the database could not be written: the journal keeps the rest
          }
        }
      } while (!closed || !queue.isEmpty() || transaction.isOpen());
    } finally {
      progress.broken(unavailable()); // what is not readable by now will not become so
    }
  }

  /** Waits for events, then a little longer, undisturbed, so that there are more. */
  private void collect(List<Group> groups) {
    asleep = true;
    long wait =
        transaction.isOpen()
            ? maxAge() - transaction.age()
            : Math.min(MAX_AGE_NANOS, retention.idle());
    rest(wait, queue::isEmpty);
    asleep = false;
    rest(GATHER_NANOS, () -> !queue.isEmpty() && !full && !progress.isAwaited());
    hurried = false;
    int count = 0;
    for (Group group = queue.poll(); group != null; group = queue.poll()) {
      groups.add(group);
      count += group.entries.size();
      if (count >= MAX_GATHERED) {
        break;
      }
    }
    full = count >= MAX_GATHERED;
  }

  /** Rests for so long, while there is reason to and nobody hurries. */
  private void rest(long nanos, BooleanSupplier reason) {
    long until = System.nanoTime() + nanos;
    long left = nanos;
    while (left > 0 && reason.getAsBoolean() && !hurried && !closed) {
      LockSupport.parkNanos(this, left);
      left = until - System.nanoTime();
      if (Thread.interrupted()) {
        closed = true;
      }
    }
  }

  private void add(List<Group> groups) throws SQLException {
    List<LogEntry> entries = new ArrayList<>();
    long bytes = 0;
    for (Group group : groups) {
      entries.addAll(group.entries);
      bytes += group.bytes;
      backlog.stored(group.entries.size(), group.bytes);
    }
    long first = groups.get(0).first;
    gathered = first + entries.size() - 1;
    for (int done = 0; done < entries.size(); ) {
      List<LogEntry> rest = entries.subList(done, entries.size());
      done += transaction.add(first + done, rest, bytes / entries.size());
      if (done < entries.size()) {
        commit();
      }
    }
  }

  private void commit() throws SQLException {
    transaction.commit();
    done(transaction.last());
    stored.accept(transaction.last());
    retention.tend();
  }

  private boolean isDue() {
    return transaction.isLarge()
        || progress.anyUpTo(transaction.last())
        || (closed && queue.isEmpty())
        || transaction.age() >= maxAge();
  }

  private long maxAge() {
    return growth.isEmpty() ? MAX_AGE_NANOS : MAX_AGE_FOLLOWED_NANOS;
  }

  /** Stores again, from the journal, what was not committed; false if closed before it could. */
  private boolean recover(Exception reason) {
    log.error("the database failed, trying again", reason);
    failure = reason;
    progress.broken(unavailable());
    transaction.abandon();
    while (!closed) {
      database.reset();
      if (database.isWritable() && replay()) {
        failure = null;
        progress.mended();
        stored.accept(progress.position());
        log.info("the database can be written again");
        return true;
      }
      pause();
    }
    return false;
  }

  private boolean replay() {
    try {
      long last =
          Replay.run(journal, progress.position(), gathered, LogEntry::of, rescue::storeOrThrow);
      return last >= gathered;
    } catch (IOException e) {
      log.error("storing again what was not committed failed, trying again", e);
      return false;
    }
  }

  private void done(long position) {
    fills.increment();
    rows.add(position - progress.position());
    tail.show(position);
    progress.reached(position);
    growth.forEach(Runnable::run);
    progress.release();
  }

  private void pause() {
    try {
      closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  /** Stores what the journal handed over, for a bounded time, and ends the thread. */
  @Override
  public void close() {
    closed = true;
    closing.countDown();
    hurry();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    progress.broken(unavailable());
  }

  private LogUnavailableException unavailable() {
    String reason = closed ? "the event log is closed" : "the database cannot be written";
    return new LogUnavailableException(reason, failure);
  }
}
