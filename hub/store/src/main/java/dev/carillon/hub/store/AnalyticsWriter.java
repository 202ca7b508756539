package dev.carillon.hub.store;

import dev.carillon.hub.store.AnalyticsStore.Prepared;
import dev.carillon.hub.store.StateMachine.Effect;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings operations from a source into a store, by one thread: in large batches while nobody waits
 * to read. Where the store can, the next batch is worked out while a second thread has the store
 * write one. A batch that fails while the store can be written is halved, and halved again, until
 * the operation that the store does not take is set aside and all others are in; while the store
 * cannot be written at all, it tries on. Thread-safe.
 */
public final class AnalyticsWriter implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(AnalyticsWriter.class);
  private static final long RETRY_MILLIS = 500;

  /** How often a single operation is tried, unless the store itself says that it is busy. */
  private static final int MAX_ATTEMPTS = 3;

  private final OperationSource source;
  private final AnalyticsStore store;
  private final DeadLetters deadLetters;
  private final Thread thread = new Thread(this::run, "carillon-analytics-writer");
  private final ExecutorService hand =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "carillon-analytics-hand"));
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Map<Effect, Long> effects = new ConcurrentHashMap<>();
  private final LongAdder batches = new LongAdder();
  private final LongAdder setAside = new LongAdder();
  private volatile @Nullable Exception failure;
  private volatile boolean closed;

  // Used by the writer's thread.
  private final Gathering gathering;
  private final Map<String, Long> written = new HashMap<>();
  private @Nullable Writing underWay;
  private int attempts;

  /** Batches that the store is writing. */
  private record Writing(
      List<Batch> parts, Prepared prepared, CompletableFuture<Map<Effect, Integer>> done) {}

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
    this.deadLetters = deadLetters;
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
      while (more || !gathering.isEmpty() || underWay != null) {
        more = pollOnce();
        if ((isOver(more) && settle() == Outcome.CLOSED)
            || (!gathering.isEmpty() && isDue(more) && !writeGathered())) {
          return; // closed while the store could not be written: the source keeps the rest
        }
      }
    } catch (InterruptedException e) {
      log.debug("the writer was interrupted", e);
    } finally {
      hand.shutdown();
      source.notStored(failure);
    }
  }

  /** Whether there may be more: not if nothing came although the end was known before. */
  private boolean pollOnce() throws InterruptedException {
    boolean ending = closed;
    try {
      List<Batch> polled = source.poll(ending ? Duration.ZERO : gathering.untilDue());
      polled.forEach(gathering::add);
      return !polled.isEmpty() || !ending;
    } catch (RuntimeException e) {
      fail(e);
      source.notStored(e);
      pause();
      return !ending;
    }
  }

  private boolean isDue(boolean more) {
    return gathering.isDue() || isHurried(more);
  }

  /** Whether what is under way is done, or nothing else can be. */
  private boolean isOver(boolean more) {
    return underWay != null && (underWay.done.isDone() || isHurried(more));
  }

  /** Whether somebody waits to read, or nothing more comes before the end. */
  private boolean isHurried(boolean more) {
    return source.isWaitedFor() || !more;
  }

  /** False if the writer was closed before all could be written. */
  private boolean writeGathered() throws InterruptedException {
    List<Batch> parts = gathering.parts();
    Prepared prepared = prepare(parts, underWay == null ? null : underWay.prepared);
    Outcome before = settle();
    if (before == Outcome.CLOSED) {
      return false;
    }
    if (before == Outcome.OTHERWISE) {
      prepared = prepare(parts, null);
    }
    if (prepared != null) {
      begin(parts, prepared);
    } else if (!writeEach(parts)) {
      return false;
    }
    gathering.clear();
    return true;
  }

  /** What parts do, worked out together; null if only one by one will show what is wrong. */
  private @Nullable Prepared prepare(List<Batch> all, @Nullable Prepared before) {
    List<Batch> parts = all.stream().map(this::unwritten).toList();
    try {
      return store.prepare(parts, before).orElse(null);
    } catch (IOException | RuntimeException e) {
      log.warn("working out {} parts in one go failed: {}", parts.size(), e.toString());
      return null;
    }
  }

  private void begin(List<Batch> parts, Prepared prepared) {
    CompletableFuture<Map<Effect, Integer>> done = new CompletableFuture<>();
    underWay = new Writing(parts, prepared, done);
    hand.execute(
        () -> {
          try {
            done.complete(prepared.write());
          } catch (Throwable e) {
            done.completeExceptionally(e);
          }
          source.wakeUp();
        });
  }

  /** Waits for what is under way, and writes its parts one by one if it failed. */
  private Outcome settle() throws InterruptedException {
    Writing last = underWay;
    if (last == null) {
      return Outcome.AS_PREPARED;
    }
    underWay = null;
    try {
      count(last.done.get());
    } catch (ExecutionException e) {
      log.warn("writing {} parts in one go failed: {}", last.parts.size(), e.getMessage());
      return writeEach(last.parts) ? Outcome.OTHERWISE : Outcome.CLOSED;
    }
    last.parts.forEach(this::done);
    recovered();
    return Outcome.AS_PREPARED;
  }

  private boolean writeEach(List<Batch> parts) {
    for (Batch part : parts) {
      while (!write(part)) {
        source.notStored(failure);
        if (closed || pause()) {
          return false;
        }
      }
      recovered();
    }
    return true;
  }

  private void recovered() {
    if (failure != null) {
      failure = null;
      log.info("the analytics store can be written again");
    }
  }

  /** Writes what of a batch is not written yet; false if the store can no longer be written. */
  private boolean write(Batch whole) {
    Batch batch = unwritten(whole);
    try {
      count(store.write(batch));
      done(batch);
      return true;
    } catch (IOException | RuntimeException e) {
      log.warn("writing {} operations failed: {}", batch.operations().size(), e.toString());
      if (!store.isWritable()) {
        fail(e);
        return false;
      }
      boolean last = batch.operations().size() <= 1;
      if (last && mayGoWellLater(batch, e)) {
        fail(e);
        return false;
      }
      if (last) {
        return setAside(batch, e);
      }
    }
    int half = batch.operations().size() / 2;
    long middle = batch.operations().get(half - 1).position();
    return write(new Batch(batch.source(), batch.operations().subList(0, half), middle))
        && write(batch);
  }

  private boolean mayGoWellLater(Batch batch, Exception reason) {
    return batch.operations().isEmpty()
        || reason instanceof StoreBusyException
        || ++attempts < MAX_ATTEMPTS;
  }

  private Batch unwritten(Batch batch) {
    Long done = written.get(batch.source());
    if (done == null || batch.operations().isEmpty()) {
      return batch;
    }
    List<Batch.Placed> rest = batch.operations();
    int from = 0;
    while (from < rest.size() && rest.get(from).position() <= done) {
      from++;
    }
    return new Batch(batch.source(), rest.subList(from, rest.size()), batch.last());
  }

  private boolean setAside(Batch batch, Exception reason) {
    Batch.Placed operation = batch.operations().get(0);
    try {
      deadLetters.add(batch.source(), operation, String.valueOf(reason.getMessage()));
    } catch (IOException e) {
      fail(e);
      return false;
    }
    log.error("an operation on event {} is set aside", operation.operation().eventId(), reason);
    setAside.increment();
    attempts = 0;
    written.put(batch.source(), operation.position());
    return write(new Batch(batch.source(), List.of(), batch.last()));
  }

  private void count(Map<Effect, Integer> more) {
    more.forEach((effect, times) -> effects.merge(effect, (long) times, Long::sum));
    batches.increment();
  }

  private void done(Batch batch) {
    attempts = 0;
    written.put(batch.source(), batch.last());
    source.stored(batch);
  }

  private void fail(Exception reason) {
    if (failure == null) {
      log.error("the analytics store cannot be written, trying again", reason);
    }
    failure = reason;
  }

  /** Waits a moment; true if the writer is to end. */
  private boolean pause() {
    try {
      return closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Whether the store takes what the source has. */
  public boolean isHealthy() {
    return failure == null && !closed && thread.isAlive();
  }

  /** Figures for metrics. */
  public Stats stats() {
    return new Stats(Map.copyOf(effects), batches.sum(), setAside.sum());
  }

  /** Writes what the source has, for at most 5 seconds, and ends the thread. */
  @Override
  public void close() {
    closed = true;
    closing.countDown();
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
      return new Settings(122_880, 3, 48L << 20, Duration.ofSeconds(5));
    }
  }

  /**
   * Figures of a writer since it started.
   *
   * @param effects how many operations did what
   * @param batches how many batches it wrote
   * @param setAside operations that the store did not take
   */
  public record Stats(Map<Effect, Long> effects, long batches, long setAside) {
    static final Stats NONE = new Stats(Map.of(), 0, 0);
  }
}
