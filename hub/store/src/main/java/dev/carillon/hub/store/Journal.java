package dev.carillon.hub.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
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

  private record Append<E>(List<E> entries, long bytes, CompletableFuture<Void> done) {}

  private static final Logger log = LoggerFactory.getLogger(Journal.class);
  private static final int MAX_GROUP = 1024;
  private static final long MAX_SLOWDOWN_MILLIS = 250;

  private final Path folder;
  private final long segmentBytes;
  private final Backlog backlog;
  private final Follower<E> follower;
  private final Append<E> close = new Append<>(List.of(), 0, new CompletableFuture<>());
  private final BlockingQueue<Append<E>> queue = new LinkedBlockingQueue<>();
  private final ByteBuffer buffer = Segment.buffer();
  private final Thread thread = new Thread(this::run, "carillon-journal");
  private final LongAdder appended = new LongAdder();
  private final LongAdder syncs = new LongAdder();
  private final LongAdder syncNanos = new LongAdder();

  private volatile Segment segment;
  private volatile @Nullable IOException failure;
  private volatile boolean closed;
  private volatile long next;
  private volatile long failed = -1; // where the segment begins that could not be written
  private long forgotten;

  /**
   * Begins a new segment.
   *
   * @param next the position of the next event
   */
  Journal(Path folder, long next, long segmentBytes, Backlog backlog, Follower<E> follower)
      throws IOException {
    this.folder = folder;
    this.next = next;
    this.segmentBytes = segmentBytes;
    this.backlog = backlog;
    this.follower = follower;
    this.segment = Segment.create(folder, next, buffer);
    thread.setUncaughtExceptionHandler((t, e) -> log.error("the journal's thread ended", e));
  }

  void start() {
    thread.start();
  }

  CompletableFuture<Void> append(List<E> entries) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    long bytes = 0;
    for (E entry : entries) {
      int length = entry.json().length;
      if (length > Segment.MAX_RECORD) {
        done.completeExceptionally(
            new IllegalArgumentException("a record of " + length + " bytes cannot be read again"));
        return done;
      }
      bytes += length + Segment.RECORD_HEADER;
    }
    try {
      backlog.enter(entries.size(), bytes);
    } catch (LogFullException e) {
      done.completeExceptionally(e);
      return done;
    }
    Append<E> append = new Append<>(entries, bytes, done);
    queue.add(append);
    if (closed && queue.remove(append)) {
      refuse(append, new LogUnavailableException("the event log is closed", null));
    }
    return done;
  }

  /** The position of the last durable event; what comes later was not acknowledged before. */
  long durable() {
    return next - 1;
  }

  boolean isHealthy() {
    return failure == null && !closed && thread.isAlive() && segment.isInPlace();
  }

  long syncs() {
    return syncs.sum();
  }

  long syncNanos() {
    return syncNanos.sum();
  }

  private void run() {
    List<Append<E>> group = new ArrayList<>();
    boolean closing = false;
    while (!closing) {
      group.clear();
      try {
        backlog.awaitHalf(MAX_SLOWDOWN_MILLIS);
        Append<E> first = queue.poll(1, TimeUnit.SECONDS);
        if (first != null) {
          group.add(first);
          queue.drainTo(group, MAX_GROUP);
          closing = group.remove(close);
        }
      } catch (InterruptedException e) {
        closing = true;
      }
      commit(group);
    }
    List<Append<E>> late = new ArrayList<>();
    queue.drainTo(late);
    late.forEach(
        append -> refuse(append, new LogUnavailableException("the event log is closed", null)));
  }

  private void commit(List<Append<E>> group) {
    try {
      if (failure != null) {
        segment = Segment.create(folder, next, buffer);
        failure = null;
        log.info("the journal can be written again");
      }
      if (group.isEmpty()) {
        return;
      }
      long started = System.nanoTime();
      for (Append<E> append : group) {
        for (E entry : append.entries) {
          segment.add(entry.json());
        }
      }
      segment.sync();
      syncs.increment();
      syncNanos.add(System.nanoTime() - started);
    } catch (IOException e) {
      fail(group, e);
      return;
    }
    long first = next;
    for (Append<E> append : group) {
      follower.durable(first, append.entries, append.bytes);
      first += append.entries.size();
    }
    appended.add(first - next);
    next = first;
    group.forEach(append -> append.done.complete(null));
    rollWhenLarge();
  }

  private void fail(List<Append<E>> group, IOException e) {
    if (failure == null) {
      log.error("the journal cannot be written, nothing is acknowledged", e);
    }
    failure = e;
    failed = segment.first();
    closeQuietly(segment);
    group.forEach(
        append -> refuse(append, new LogUnavailableException("the journal cannot be written", e)));
  }

  private void refuse(Append<E> append, LogUnavailableException e) {
    backlog.leave(append.entries.size(), append.bytes);
    append.done.completeExceptionally(e);
  }

  private void rollWhenLarge() {
    try {
      if (segment.size() >= segmentBytes) {
        Segment full = segment;
        segment = Segment.create(folder, next, buffer);
        closeQuietly(full);
      }
    } catch (IOException e) {
      fail(List.of(), e);
    }
  }

  long appended() {
    return appended.sum();
  }

  /**
   * Gives up the segments that hold nothing above a position which is stored elsewhere. Called by
   * one thread.
   */
  void forgetUpTo(long stored) {
    long current = segment.first();
    if (forgotten == current || stored < current - 1) {
      return;
    }
    forgotten = current;
    try {
      List<Path> segments = Segment.list(folder);
      for (int i = 0; i + 1 < segments.size(); i++) {
        if (Segment.firstOf(segments.get(i + 1)) <= stored + 1) {
          forget(segments.get(i));
        }
      }
    } catch (IOException e) {
      log.warn("cannot give up journal segments that are no longer needed: {}", e.toString());
    }
  }

  private void forget(Path old) throws IOException {
    if (Segment.firstOf(old) == failed) {
      Files.deleteIfExists(old); // its room is not to be used again
    } else {
      Segment.giveUp(old);
    }
  }

  private static void closeQuietly(Segment segment) {
    try {
      segment.close();
    } catch (IOException e) {
      log.debug("closing a journal segment", e);
    }
  }

  /** Writes what was accepted, refuses the rest, and ends the thread. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    queue.add(close);
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    closeQuietly(segment);
  }
}
