package dev.carillon.hub.store;

import dev.carillon.hub.store.AnalyticsWriter.Stats;
import dev.carillon.hub.store.StateMachine.Effect;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes batches whatever happens: one that fails while the store can be written is halved, and
 * halved again, until the operation that the store does not take is set aside and all others are
 * in; while the store cannot be written at all, it tries on. Notes how far each source is written.
 * Used by one thread, but for {@link #failure}, {@link #stats} and {@link #close}.
 */
final class BatchRescue implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(BatchRescue.class);
  private static final long RETRY_MILLIS = 500;

  /** How often a single operation is tried, unless the store itself says that it is busy. */
  private static final int MAX_ATTEMPTS = 3;

  private final OperationSource source;
  private final AnalyticsStore store;
  private final DeadLetters deadLetters;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Map<Effect, Long> effects = new ConcurrentHashMap<>();
  private final LongAdder batches = new LongAdder();
  private final LongAdder setAside = new LongAdder();
  private final Map<String, Long> written = new HashMap<>();
  private volatile @Nullable Exception failure;
  private int attempts;

  BatchRescue(OperationSource source, AnalyticsStore store, DeadLetters deadLetters) {
    this.source = source;
    this.store = store;
    this.deadLetters = deadLetters;
  }

  /** Writes parts one by one; false if closed before all could be written. */
  boolean writeEach(List<Batch> parts) {
    for (Batch part : parts) {
      while (!write(part)) {
        source.notStored(failure);
        if (pause()) {
          return false;
        }
      }
      recovered();
    }
    return true;
  }

  /** Notes that parts were written in another way. */
  void written(List<Batch> parts, Map<Effect, Integer> did) {
    count(did);
    parts.forEach(this::done);
    recovered();
  }

  /** What of a batch is not written yet. */
  Batch unwritten(Batch batch) {
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

  /** Notes that something failed, which is tried again. */
  void fail(Exception reason) {
    if (failure == null) {
      log.error("the analytics store cannot be written, trying again", reason);
    }
    failure = reason;
  }

  private void recovered() {
    if (failure != null) {
      failure = null;
      log.info("the analytics store can be written again");
    }
  }

  /** Waits a moment; true if it was closed. */
  boolean pause() {
    try {
      return closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** What failed last, if nothing was written since. */
  @Nullable Exception failure() {
    return failure;
  }

  /** Figures for metrics. */
  Stats stats() {
    return new Stats(Map.copyOf(effects), batches.sum(), setAside.sum() + source.setAside());
  }

  /** Has it try no more. */
  @Override
  public void close() {
    closing.countDown();
  }
}
