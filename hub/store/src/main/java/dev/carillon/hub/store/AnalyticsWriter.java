package dev.carillon.hub.store;

import dev.carillon.hub.store.AnalyticsStore.Prepared;
import dev.carillon.hub.store.StateMachine.Effect;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings operations from a source into a store, by one thread: in large batches while nobody waits
 * to read. Where the store can, the next batch is worked out while other threads have it write
 * those before, as many at a time as {@link AnalyticsStore#writesAtATime} says. A batch that fails
 * while the store can be written is halved, and halved again, until the operation that the store
 * does not take is set aside and all others are in; while the store cannot be written at all, it
 * tries on. Thread-safe.
 */
public final class AnalyticsWriter implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(AnalyticsWriter.class);

  private final OperationSource source;
  private final AnalyticsStore store;
  private final BatchRescue rescue;
  private final Thread thread = new Thread(this::run, "carillon-analytics-writer");
  private final ExecutorService hands =
      Executors.newCachedThreadPool(task -> new Thread(task, "carillon-analytics-hand"));
  private volatile boolean closed;

  // Used by the writer's thread.
  private final Gathering gathering;
  private final Deque<Writing> underWay = new ArrayDeque<>(); // in order; bounded by writesAtATime

  /** Batches that the store is writing: first they are in, then their positions are noted. */
  private record Writing(
      List<Batch> parts,
      Prepared prepared,
      AtomicBoolean isIn,
      CompletableFuture<Map<Effect, Integer>> done) {}

  private enum Outcome {
    AS_PREPARED,
    /** All is written or set aside, but not in the way that was prepared. */
    OTHERWISE,
    /** The writer was closed before all could be written. */
    CLOSED
  }

  /** Creates a writer that stands still until {@link #start}. */
  public AnalyticsWriter(
      OperationSource source, AnalyticsStore store, DeadLetters deadLetters, Settings settings) {
    this.source = source;
    this.store = store;
    this.rescue = new BatchRescue(source, store, deadLetters);
    this.gathering = new Gathering(settings);
    thread.setUncaughtExceptionHandler((t, e) -> log.error("the writer's thread ended", e));
  }

  /** Begins to write. */
  public void start() {
    thread.start();
  }

  private void run() {
    try {
      boolean more = true;
      while (more || !gathering.isEmpty() || !underWay.isEmpty()) {
        more = pollOnce();
        if (settleDone(more) == Outcome.CLOSED
            || (!gathering.isEmpty() && isDue(more) && !writeGathered())) {
          return; // closed while the store could not be written: the source keeps the rest
        }
      }
    } catch (InterruptedException e) {
      log.debug("the writer was interrupted", e);
    } finally {
      hands.shutdown();
      source.notStored(rescue.failure());
    }
  }

  /** Whether there may be more: not if nothing came although the end was known before. */
  private boolean pollOnce() throws InterruptedException {
    boolean ending = closed;
    try {
      List<Batch> polled = source.poll(ending ? Duration.ZERO : gathering.untilDue());
      polled.forEach(gathering::add);
      if (polled.isEmpty() && underWay.isEmpty()) {
        store.mend();
      }
      return !polled.isEmpty() || !ending;
    } catch (RuntimeException e) {
      rescue.fail(e);
      source.notStored(e);
      rescue.pause();
      return !ending;
    }
  }

  private boolean isDue(boolean more) {
    return gathering.isDue() || isHurried(more);
  }

  /** Whether somebody waits to read, or nothing more comes before the end. */
  private boolean isHurried(boolean more) {
    return source.isWaitedFor() || !more;
  }

  /** False if the writer was closed before all could be written. */
  private boolean writeGathered() throws InterruptedException {
    List<Batch> parts = gathering.parts();
    Prepared prepared = prepare(parts, underWay.stream().map(Writing::prepared).toList());
    Outcome before = settle(prepared == null ? 0 : store.writesAtATime() - 1);
    if (before == Outcome.CLOSED) {
      return false;
    }
    if (before == Outcome.OTHERWISE) {
      prepared = prepare(parts, List.of());
    }
    if (prepared != null) {
      begin(parts, prepared);
    } else if (!rescue.writeEach(parts)) {
      return false;
    }
    gathering.clear();
    return true;
  }

  /** What parts do, worked out together; null if only one by one will show what is wrong. */
  private @Nullable Prepared prepare(List<Batch> all, List<Prepared> before) {
    List<Batch> parts = all.stream().map(rescue::unwritten).toList();
    try {
      return store.prepare(parts, before).orElse(null);
    } catch (IOException | RuntimeException e) {
      log.warn("working out {} parts in one go failed: {}", parts.size(), e.toString());
      return null;
    }
  }

  private void begin(List<Batch> parts, Prepared prepared) {
    CompletableFuture<?> before =
        underWay.isEmpty() ? CompletableFuture.completedFuture(null) : underWay.getLast().done;
    Writing writing = new Writing(parts, prepared, new AtomicBoolean(), new CompletableFuture<>());
    underWay.add(writing);
    hands.execute(
        () -> {
          try {
            prepared.write();
            writing.isIn.set(true);
            before.join(); // after a crash nothing before a noted position is read again
            writing.done.complete(prepared.note());
          } catch (Throwable e) {
            writing.done.completeExceptionally(e);
          }
          source.wakeUp();
        });
  }

  /** Settles what is done; all of it if somebody waits to read, or nothing more comes. */
  private Outcome settleDone(boolean more) throws InterruptedException {
    long left = underWay.stream().filter(writing -> !writing.done.isDone()).count();
    return settle(isHurried(more) ? 0 : left);
  }

  /** Waits until at most so much is under way; if some failed, none is. */
  private Outcome settle(long atMost) throws InterruptedException {
    while (underWay.size() > atMost) {
      Writing first = underWay.element();
      try {
        rescue.written(first.parts, first.done.get());
        underWay.remove();
      } catch (ExecutionException e) {
        log.warn("writing {} parts in one go failed: {}", first.parts.size(), e.getMessage());
        return writeAgain() ? Outcome.OTHERWISE : Outcome.CLOSED;
      }
    }
    return Outcome.AS_PREPARED;
  }

  /** Mends the first that is under way, which failed, and those behind it, not noted for that. */
  private boolean writeAgain() {
    underWay.forEach(writing -> writing.done.exceptionally(failure -> Map.of()).join());
    for (Writing writing : underWay) {
      if (!note(writing) && !rescue.writeEach(writing.parts)) {
        return false;
      }
    }
    underWay.clear();
    return true;
  }

  /** False if it is not in, or cannot be noted. */
  private boolean note(Writing writing) {
    if (!writing.isIn.get()) {
      return false;
    }
    try {
      rescue.written(writing.parts, writing.prepared.note());
      return true;
    } catch (IOException | RuntimeException e) {
      log.warn("noting {} parts failed: {}", writing.parts.size(), e.toString());
      return false;
    }
  }

  /** Whether the source can be read, and the store takes what it has. */
  public boolean isHealthy() {
    return rescue.failure() == null && !closed && thread.isAlive() && source.isHealthy();
  }

  /** How many durable operations of its source are not stored yet; empty if not known. */
  public OptionalLong lag() {
    return source.lag();
  }

  /** Figures for metrics. */
  public Stats stats() {
    return rescue.stats();
  }

  /** Writes what the source has, for at most 5 seconds, and ends the thread. */
  @Override
  public void close() {
    closed = true;
    rescue.close();
    source.wakeUp();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * When a batch is written.
   *
   * @param maxOperations at so many operations
   * @param updateWeight how many creates an update or delete counts for, since its base takes room
   * @param maxBytes at so many bytes
   * @param maxAge so long after its first operation
   */
  public record Settings(int maxOperations, int updateWeight, long maxBytes, Duration maxAge) {

    /** Fit for the embedded store: full row groups of DuckDB, or 5 seconds. */
    public static Settings ofDefaults() {
      return new Settings(Database.ROW_GROUP, 3, 48L << 20, Duration.ofSeconds(5));
    }
  }

  /**
   * Figures of a writer since it started.
   *
   * @param effects how many operations did what
   * @param batches how many batches it wrote
   * @param setAside operations that the store did not take, and messages that are no operations
   */
  public record Stats(Map<Effect, Long> effects, long batches, long setAside) {
    static final Stats NONE = new Stats(Map.of(), 0, 0);
  }
}
