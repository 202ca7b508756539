package dev.carillon.hub.store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Operations in a journal of this machine: durable after a sync that all share who wait for it, and
 * read by the writer in the same process, first what a process that ended suddenly left there. The
 * {@link OperationSource} side belongs to the writer's thread; the rest is thread-safe.
 */
final class JournalOperationLog implements OperationLog, OperationSource {

  /** What positions in the journal are noted under. */
  static final String SOURCE = "journal";

  private static final Logger log = LoggerFactory.getLogger(JournalOperationLog.class);
  private static final int MAX_POLLED = 8192;
  private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Recorded(Operation operation, byte[] json) implements Journal.Entry {
    static Recorded of(Operation operation) {
      return new Recorded(operation, operation.toJson());
    }
  }

  private record Group(long first, List<Operation> operations, long bytes) {
    long last() {
      return first + operations.size() - 1;
    }

    /** Whether it is but the wish to wake up. */
    boolean isWish() {
      return operations.isEmpty();
    }
  }

  private static final Group WAKE = new Group(0, List.of(), 0);

  private final Path folder;
  private final Backlog backlog;
  private final Journal<Recorded> journal;
  private final BlockingQueue<Group> queue = new LinkedBlockingQueue<>();
  private final Progress progress;
  private final Queue<Group> polled = new ArrayDeque<>();
  private final long leftUpTo;
  private final AtomicBoolean woken = new AtomicBoolean();
  private @Nullable Replay<Operation> left;
  private long lastPolled;

  /**
   * Opens the log of a folder that exists and that nobody else uses.
   *
   * @param stored the position up to which a store has it already
   */
  static JournalOperationLog open(Path folder, long stored, Settings settings) throws IOException {
    JournalOperationLog log = new JournalOperationLog(folder, stored, settings);
    log.journal.start();
    return log;
  }

  private JournalOperationLog(Path folder, long stored, Settings settings) throws IOException {
    this.folder = folder;
    this.backlog = new Backlog(settings.maxPendingOperations(), settings.maxPendingBytes());
    long before = Math.max(stored, Replay.before(folder)); // another store may have more than this
    this.progress = new Progress(before);
    this.lastPolled = before;
    long last = Replay.last(folder, before);
    if (last > before) {
      log.info("bringing in {} operations from the journal", last - before);
    } else {
      Segment.deleteAll(folder); // all of it is stored, and the room may be needed
    }
    this.leftUpTo = last;
    this.journal = new Journal<>(folder, last + 1, settings.segmentBytes(), backlog, this::durable);
  }

  @Override
  public CompletableFuture<Void> append(List<Operation> operations) {
    return journal.append(operations.stream().map(Recorded::of).toList());
  }

  private void durable(long first, List<Recorded> entries, long bytes) {
    backlog.durable(entries.size(), bytes);
    queue.add(new Group(first, entries.stream().map(Recorded::operation).toList(), bytes));
  }

  @Override
  public CompletableFuture<Void> readable() {
    return progress.upTo(journal.durable(), this::wakeUp);
  }

  /**
   * Waits until everything that is durable is stored, as long as that goes on. What fails meanwhile
   * may go well later, or be set aside.
   *
   * @throws LogFullException if nothing was stored for 20 seconds
   * @throws LogUnavailableException if nothing could be stored for 20 seconds
   */
  void awaitStored() {
    long stored = progress.position();
    long since = System.nanoTime();
    while (progress.position() < journal.durable()) {
      try {
        readable().join();
      } catch (CompletionException e) {
        long position = progress.position();
        long now = System.nanoTime();
        if (position > stored) {
          stored = position;
          since = now;
        } else if (now - since > GIVE_UP_NANOS) {
          throw e.getCause() instanceof RuntimeException known ? known : e;
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
  }

  @Override
  public List<Batch> poll(Duration atMost) throws InterruptedException {
    long before = lastPolled;
    List<Batch.Placed> operations = leftBehind();
    if (lastPolled == before) {
      collect(operations, atMost.toNanos());
    }
    return lastPolled == before ? List.of() : List.of(new Batch(SOURCE, operations, lastPolled));
  }

  private List<Batch.Placed> leftBehind() {
    List<Batch.Placed> operations = new ArrayList<>();
    if (lastPolled >= leftUpTo) {
      return operations;
    }
    try {
      if (left == null) {
        left = new Replay<>(folder, lastPolled, leftUpTo, Operation::of);
      }
      Replay.Stretch<Operation> stretch = left.next();
      if (stretch == null) {
        lastPolled = leftUpTo; // the rest is damaged, and nobody is to wait for it
      } else {
        place(stretch.first(), stretch.entries(), operations);
      }
      if (lastPolled >= leftUpTo) {
        closeLeft();
      }
    } catch (IOException | RuntimeException e) {
      closeLeft(); // where it stands now is not known: the next look begins behind what was polled
      throw new LogUnavailableException("the journal cannot be read: " + e.getMessage(), e);
    }
    return operations;
  }

  private void closeLeft() {
    if (left != null) {
      try {
        left.close();
      } catch (IOException e) {
        log.debug("closing a journal segment", e);
      }
      left = null;
    }
  }

  private void collect(List<Batch.Placed> operations, long nanos) throws InterruptedException {
    Group group = take(nanos);
    if (group != null && group.isWish() && !queue.isEmpty()) {
      group = take(0); // there is more
    }
    long deadline = System.nanoTime() + Math.min(nanos, GATHER_NANOS);
    while (group != null && !group.isWish()) {
      polled.add(group);
      place(group.first, group.operations, operations);
      long rest = progress.isAwaited() ? 0 : deadline - System.nanoTime();
      group = operations.size() >= MAX_POLLED ? null : take(Math.max(rest, 0));
    }
  }

  private @Nullable Group take(long nanos) throws InterruptedException {
    Group group = queue.poll(nanos, TimeUnit.NANOSECONDS);
    if (group != null && group.isWish()) {
      woken.set(false);
    }
    return group;
  }

  private void place(long first, List<Operation> from, List<Batch.Placed> to) {
    for (int i = 0; i < from.size(); i++) {
      to.add(new Batch.Placed(first + i, from.get(i)));
    }
    lastPolled = first + from.size() - 1;
  }

  @Override
  public void wakeUp() {
    if (woken.compareAndSet(false, true)) {
      queue.add(WAKE);
    }
  }

  @Override
  public boolean isWaitedFor() {
    return progress.anyUpTo(lastPolled);
  }

  @Override
  public void stored(Batch batch) {
    progress.reached(batch.last());
    progress.mended();
    for (Group first = polled.peek();
        first != null && first.last() <= batch.last();
        first = polled.peek()) {
      polled.remove();
      backlog.stored(first.operations.size(), first.bytes);
    }
    progress.release();
    journal.forgetUpTo(batch.last());
  }

  @Override
  public void notStored(@Nullable Exception reason) {
    progress.broken(
        new LogUnavailableException(
            reason == null ? "the hub is closing" : "the analytics store cannot be written",
            reason));
  }

  @Override
  public OptionalLong lag() {
    return OptionalLong.of(pending());
  }

  private long pending() {
    return Math.max(0, journal.durable() - progress.position());
  }

  @Override
  public boolean isReady() {
    return journal.isHealthy();
  }

  @Override
  public Stats stats() {
    return new Stats(
        journal.appended(), pending(), backlog.bytes(), journal.syncs(), journal.syncNanos());
  }

  @Override
  public void close() {
    journal.close();
  }

  /**
   * The bounds of a journal.
   *
   * @param maxPendingOperations how many accepted operations may wait to reach the store
   * @param maxPendingBytes how many bytes of them
   * @param segmentBytes at which size the journal begins a new file
   */
  record Settings(long maxPendingOperations, long maxPendingBytes, long segmentBytes) {

    /** 320,000 operations or 112 MiB may wait. */
    static Settings ofDefaults() {
      return new Settings(320_000, 112 << 20, 64 << 20);
    }
  }
}
