package dev.carillon.hub.store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The durable journal with group commit: whatever is waiting when the disk is free is written and
 * synced together, by one thread. What is durable goes on to the {@link Follower}, in order.
 *
 * <p>After an error nothing is acknowledged until a new segment could be made, for which it tries
 * once a second: what an unsynced file holds after a failed sync is not known, so it is left alone.
 *
 * @param <E> what it holds
 */
final class Journal<E extends Journal.Entry> implements AutoCloseable {

  /** Something that a journal can hold. */
  interface Entry {
    /** Its bytes, which are not changed any more. */
    byte[] json();
  }

  /** Takes what has become durable, on the journal's thread: must not block or throw. */
  interface Follower<E> {
    void durable(long first, List<E> entries, long bytes);
  }

  /** What is written and synced together, and the future of all who wait for it. */
  private static final class Group<E> {
    private final List<E> entries = new ArrayList<>();
    private final CompletableFuture<Void> durable = new CompletableFuture<>();
    private long bytes;

    boolean isEmpty() {
      return entries.isEmpty();
    }
  }

  private static final Logger log = LoggerFactory.getLogger(Journal.class);
  private static final long MAX_SLOWDOWN_MILLIS = 250;
  private static final int MAX_HANDED_OVER = 4096;
  private static final int MANY = 16;
  private static final long MAX_REST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Backlog backlog;
  private final Follower<E> follower;
  private final DiskWatch disk;
  private final NewestSegment segment;
  private final Object gate = new Object();
  private final Thread thread = new Thread(this::run, "carillon-journal");
  private final LongAdder appended = new LongAdder();
  private final LongAdder syncs = new LongAdder();
  private final LongAdder syncNanos = new LongAdder();

  private Group<E> gathering = new Group<>(); // behind the gate
  private volatile boolean asleep;
  private volatile boolean closed;
  private volatile long next;

  // Used by the journal's thread.
  private final GivingWay way = new GivingWay();
  private int lastSynced; // how many entries

  /**
   * Begins a new segment.
   *
   * @param next the position of the next event
   */
  Journal(Path folder, long next, long segmentBytes, Backlog backlog, Follower<E> follower)
      throws IOException {
    this(folder, next, segmentBytes, backlog, PATIENCE, follower);
  }

  /**
   * Begins a new segment.
   *
   * @param patience how long a write may take before the disk counts as one that does not answer
   */
  Journal(
      Path folder,
      long next,
      long segmentBytes,
      Backlog backlog,
      Duration patience,
      Follower<E> follower)
      throws IOException {
    this.next = next;
    this.backlog = backlog;
    this.follower = follower;
    this.disk = new DiskWatch(patience);
    this.segment = new NewestSegment(folder, next, segmentBytes);
    thread.setUncaughtExceptionHandler((t, e) -> log.error("the journal's thread ended", e));
  }

  void start() {
    thread.start();
  }

  /**
   * Appends entries.
   *
   * @return completes when they are durable; shared by all that are synced together, so nobody else
   *     may complete it
   */
  CompletableFuture<Void> append(List<E> entries) {
    if (entries.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    for (E entry : entries) {
      if (entry.json().length > Segment.MAX_RECORD) {
        return CompletableFuture.failedFuture(
            new IllegalArgumentException(
                "a record of " + entry.json().length + " bytes cannot be read again"));
      }
    }
    if (disk.isStalled()) {
      return CompletableFuture.failedFuture(
          new LogUnavailableException("the disk of the journal does not answer", null));
    }
    long bytes = bytesOf(entries);
    try {
      backlog.enter(entries.size(), bytes);
    } catch (LogFullException e) {
      return CompletableFuture.failedFuture(e);
    }
    CompletableFuture<Void> durable = gather(entries, bytes);
    if (durable == null) {
      backlog.leave(entries.size(), bytes);
      return CompletableFuture.failedFuture(
          new LogUnavailableException("the journal is closed", null));
    }
    if (asleep) {
      LockSupport.unpark(thread);
    }
    return durable;
  }

  private static <E extends Entry> long bytesOf(List<E> entries) {
    long bytes = 0;
    for (E entry : entries) {
      bytes += entry.json().length + Segment.RECORD_HEADER;
    }
    return bytes;
  }

  private @Nullable CompletableFuture<Void> gather(List<E> entries, long bytes) {
    synchronized (gate) {
      if (closed) {
        return null;
      }
      gathering.entries.addAll(entries);
      gathering.bytes += bytes;
      return gathering.durable;
    }
  }

  /** The position of the last durable event; what comes later was not acknowledged before. */
  long durable() {
    return next - 1;
  }

  boolean isHealthy() {
    return !closed
        && thread.isAlive()
        && !disk.isStalled() // first: a disk that does not answer holds up whoever looks at it
        && segment.isHealthy();
  }

  long syncs() {
    return syncs.sum();
  }

  long syncNanos() {
    return syncNanos.sum();
  }

  private void run() {
    while (!closed || hasGathered()) {
      try {
        backlog.awaitHalf(MAX_SLOWDOWN_MILLIS);
        rest();
        letMoreCome();
        disk.begin();
        commit(take());
        disk.end();
      } catch (InterruptedException e) {
        log.warn("nobody should interrupt the journal's thread", e);
      }
    }
  }

  private boolean hasGathered() {
    synchronized (gate) {
      return !gathering.isEmpty();
    }
  }

  /** Rests a second, unless there is something to do. */
  private void rest() {
    asleep = true;
    if (!closed && !hasGathered()) {
      LockSupport.parkNanos(this, MAX_REST_NANOS);
    }
    asleep = false;
  }

  /** Lets others go first where many wait at once: they ask again as soon as they have answers. */
  private void letMoreCome() {
    if (lastSynced >= MANY) {
      way.giveWay();
    }
  }

  private Group<E> take() {
    synchronized (gate) {
      Group<E> group = gathering;
      gathering = new Group<>();
      return group;
    }
  }

  private void commit(Group<E> group) {
    try {
      segment.mend(next);
      if (group.isEmpty()) {
        return;
      }
      long started = System.nanoTime();
      segment.write(group.entries);
      syncs.increment();
      syncNanos.add(System.nanoTime() - started);
    } catch (IOException e) {
      segment.fail(e);
      refuse(group, e);
      return;
    }
    long first = next;
    lastSynced = group.entries.size();
    handOver(first, group);
    appended.add(lastSynced);
    next = first + lastSynced;
    group.durable.complete(null);
    segment.rollWhenFull(next);
  }

  /** Some at a time: followers bound what they take at once, but take all that they are given. */
  private void handOver(long first, Group<E> group) {
    for (int done = 0; done < group.entries.size(); done += MAX_HANDED_OVER) {
      int end = Math.min(done + MAX_HANDED_OVER, group.entries.size());
      List<E> some = group.entries.subList(done, end);
      follower.durable(first + done, some, bytesOf(some));
    }
  }

  private void refuse(Group<E> group, IOException reason) {
    backlog.leave(group.entries.size(), group.bytes);
    group.durable.completeExceptionally(
        new LogUnavailableException("the journal cannot be written", reason));
  }

  long appended() {
    return appended.sum();
  }

  /**
   * Gives up the segments that hold nothing above a position which is stored elsewhere. Called by
   * one thread.
   */
  void forgetUpTo(long stored) {
    segment.forgetUpTo(stored);
  }

  /** Writes what was accepted, refuses the rest, and ends the thread. */
  @Override
  public void close() {
    synchronized (gate) {
      if (closed) {
        return;
      }
      closed = true;
    }
    LockSupport.unpark(thread);
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    segment.close();
  }
}
