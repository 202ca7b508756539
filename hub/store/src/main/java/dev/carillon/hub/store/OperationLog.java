package dev.carillon.hub.store;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Where operations on analytics events become durable, before a store has them. Thread-safe; no
 * method but {@link #close} blocks, and futures complete in bounded time.
 */
public interface OperationLog extends AutoCloseable {

  /**
   * Appends operations together.
   *
   * @param operations at least one
   * @return a future that completes when all of them are durable, or fails: for some of them with
   *     {@link OperationsTooLargeException}, while the others are durable, or for all of them with
   *     {@link LogFullException} or {@link LogUnavailableException}; after such a failure they are
   *     not acknowledged, yet some may be carried out later
   */
  CompletableFuture<Void> append(List<Operation> operations);

  /**
   * Waits until everything that was acknowledged before the call can be read, if this log promises
   * that; else completes at once.
   *
   * @return a future that completes in bounded time, or fails with {@link LogFullException} if that
   *     takes too long or {@link LogUnavailableException}
   */
  CompletableFuture<Void> readable();

  /** Whether operations can be appended now; looks at the storage, not at a memory of it. */
  boolean isReady();

  /** Figures for metrics. */
  Stats stats();

  /** Takes no more, and makes durable what it took. */
  @Override
  void close();

  /**
   * Figures of a log since it was opened.
   *
   * @param appended operations made durable
   * @param pending operations taken and not yet in the store, as far as this process knows
   * @param pendingBytes their size
   * @param syncs how many times they were made durable, each time all that were waiting
   * @param syncNanos the time that took altogether
   */
  record Stats(long appended, long pending, long pendingBytes, long syncs, long syncNanos) {}
}
