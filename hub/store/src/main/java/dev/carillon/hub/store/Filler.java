package dev.carillon.hub.store;

import dev.carillon.hub.store.Tail.Placed;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what the journal holds into the event table, by one thread, in batches as large as a short
 * wait makes them; at once when somebody waits to read. A batch that fails is tried again until the
 * database can be written, and then in halves, so that one event which the table does not take is
 * set aside and stops nobody.
 */
final class Filler implements Journal.Follower, AutoCloseable {

  /** Hears of events that have become readable, on the filler's thread. */
  interface Listener {
    void filled(List<Placed> added);
  }

  private record Group(long first, List<LogEntry> entries, long bytes) {}

  private static final Logger log = LoggerFactory.getLogger(Filler.class);
  private static final int MAX_ROWS = 16_384;
  private static final long MAX_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long RETRY_MILLIS = 500;
  private static final Group WAKE = new Group(0, List.of(), 0);

  private final EventTable table;
  private final Database database;
  private final Backlog backlog;
  private final Listener listener;
  private final BlockingQueue<Group> queue = new LinkedBlockingQueue<>();
  private final ConcurrentSkipListMap<Long, CompletableFuture<Void>> waiting =
      new ConcurrentSkipListMap<>();
  private final Thread thread = new Thread(this::run, "carillon-filler");
  private final AtomicLong filled;
  private final LongAdder fills = new LongAdder();
  private final LongAdder rows = new LongAdder();
  private final LongAdder deadLetters = new LongAdder();
  private final CountDownLatch closing = new CountDownLatch(1);
  private LongConsumer stored = position -> {};
  private volatile boolean closed;
  private volatile @Nullable Exception failure;

  Filler(EventTable table, Database database, long filled, Backlog backlog, Listener listener) {
    this.table = table;
    this.database = database;
    this.filled = new AtomicLong(filled);
    this.backlog = backlog;
    this.listener = listener;
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
  }

  /** Completes when everything up to a position is readable; has the filler hurry. */
  CompletableFuture<Void> upTo(long position) {
    if (filled.get() >= position) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> reached =
        waiting.computeIfAbsent(position, key -> new CompletableFuture<>());
    queue.add(WAKE);
    releaseWaiters(); // it may have been reached in between
    if (closed || failure != null) {
      failWaiters();
    }
    return reached;
  }

  boolean isHealthy() {
    return failure == null && !closed && thread.isAlive();
  }

  long position() {
    return filled.get();
  }

  long fills() {
    return fills.sum();
  }

  long rows() {
    return rows.sum();
  }

  long deadLetters() {
    return deadLetters.sum();
  }

  private void run() {
    List<Group> groups = new ArrayList<>();
    while (!(closed && queue.isEmpty())) {
      groups.clear();
      collect(groups);
      if (groups.isEmpty()) {
        continue;
      }
      List<LogEntry> entries = new ArrayList<>();
      groups.forEach(group -> entries.addAll(group.entries));
      if (!fill(groups.get(0).first, entries)) {
        return; // closed while the database could not be written: the journal keeps them
      }
      stored.accept(filled.get());
      for (Group group : groups) {
        backlog.stored(group.entries.size(), group.bytes);
      }
    }
  }

  private void collect(List<Group> groups) {
    int count = 0;
    long deadline = 0;
    try {
      while (count < MAX_ROWS) {
        long wait = count == 0 ? RETRY_MILLIS * 1_000_000 : deadline - System.nanoTime();
        boolean hurry = closed || !waiting.isEmpty();
        Group group =
            hurry && count > 0 ? queue.poll() : queue.poll(Math.max(wait, 0), TimeUnit.NANOSECONDS);
        if (group == null) {
          return;
        }
        if (!group.entries.isEmpty()) {
          deadline = count == 0 ? System.nanoTime() + MAX_WAIT_NANOS : deadline;
          groups.add(group);
          count += group.entries.size();
        }
      }
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  /** Stores entries, however often it takes; false if that was given up because of closing. */
  boolean fill(long first, List<LogEntry> entries) {
    try {
      done(first, entries, table.store(first, entries));
      return true;
    } catch (SQLException | RuntimeException e) {
      log.error("storing {} events failed, trying again", entries.size(), e);
      failure = e;
      failWaiters();
    }
    while (true) {
      database.reset();
      if (table.isWritable()) {
        break;
      }
      if (closed) {
        return false;
      }
      pause();
    }
    failure = null;
    if (entries.size() == 1) {
      return fillOne(first, entries.get(0));
    }
    int half = entries.size() / 2;
    return fill(first, entries.subList(0, half))
        && fill(first + half, entries.subList(half, entries.size()));
  }

  private boolean fillOne(long position, LogEntry entry) {
    while (!closed) {
      try {
        done(position, List.of(entry), table.store(position, List.of(entry)));
        return true;
      } catch (SQLException | RuntimeException e) {
        if (setAside(position, entry, e)) {
          return true;
        }
        pause();
      }
    }
    return false;
  }

  private boolean setAside(long position, LogEntry entry, Exception reason) {
    try {
      table.setAside(position, entry, String.valueOf(reason.getMessage()));
    } catch (SQLException e) {
      failure = e;
      database.reset();
      return false;
    }
    log.error("event {} is set aside as a dead letter", entry.id(), reason);
    failure = null;
    deadLetters.increment();
    done(position, List.of(entry), List.of());
    return true;
  }

  private void done(long first, List<LogEntry> entries, List<Placed> added) {
    long position = first + entries.size() - 1;
    fills.increment();
    rows.add(added.size());
    filled.set(position);
    listener.filled(added);
    releaseWaiters();
  }

  private void releaseWaiters() {
    for (var reached = waiting.firstEntry();
        reached != null && reached.getKey() <= filled.get();
        reached = waiting.firstEntry()) {
      waiting.remove(reached.getKey());
      reached.getValue().complete(null);
    }
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
    queue.add(WAKE);
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    failWaiters();
  }

  private void failWaiters() {
    LogUnavailableException gone =
        new LogUnavailableException(
            closed ? "the event log is closed" : "the database cannot be written", failure);
    for (var waiter = waiting.pollFirstEntry(); waiter != null; waiter = waiting.pollFirstEntry()) {
      waiter.getValue().completeExceptionally(gone);
    }
  }
}
