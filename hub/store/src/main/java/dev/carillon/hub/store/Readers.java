package dev.carillon.hub.store;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The threads on which a store is read: so many, and a bounded number of reads that wait. They
 * start at once, so that they do not inherit the one processor of an event loop that asks first.
 * Thread-safe.
 */
public final class Readers implements AutoCloseable {

  private static final int CLOSE_SECONDS = 2;

  /** Reads something, and may take its time. */
  @FunctionalInterface
  public interface Read<T> {
    /** Returns what was read. */
    T run() throws Exception;
  }

  /** A read, and who waits for it. */
  private record Pending<T>(
      Read<T> read, Function<Exception, RuntimeException> failure, CompletableFuture<T> answer)
      implements Runnable {
    @Override
    public void run() {
      try {
        answer.complete(read.run());
      } catch (RuntimeException | Error e) {
        answer.completeExceptionally(e);
      } catch (Exception e) {
        answer.completeExceptionally(failure.apply(e));
      }
    }

    void refuse() {
      answer.completeExceptionally(new LogUnavailableException("the store is closed", null));
    }
  }

  private final ThreadPoolExecutor threads;
  private final Function<Exception, RuntimeException> failure;

  /**
   * Starts the threads.
   *
   * @param name what they are called
   * @param count how many there are
   * @param maxPending how many reads may wait for one
   * @param failure tells who waits what a checked exception of a read means
   */
  public Readers(
      String name, int count, int maxPending, Function<Exception, RuntimeException> failure) {
    this.failure = failure;
    threads =
        new ThreadPoolExecutor(
            count,
            count,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(maxPending),
            task -> new Thread(task, name));
    threads.prestartAllCoreThreads();
  }

  /** Begins work that nobody waits for. */
  void begin(Runnable work) {
    CompletableFuture<Boolean> unused =
        run(
            () -> {
              work.run();
              return true;
            });
  }

  /**
   * Reads on one of the threads.
   *
   * @return a future of what was read, or one that failed: with {@link LogFullException} if too
   *     many wait, with {@link LogUnavailableException} if this is closed, else with what the
   *     read's exception means
   */
  public <T> CompletableFuture<T> run(Read<T> read) {
    Pending<T> pending = new Pending<>(read, failure, new CompletableFuture<>());
    try {
      threads.execute(pending);
    } catch (RejectedExecutionException e) {
      if (threads.isShutdown()) {
        pending.refuse();
      } else {
        pending.answer.completeExceptionally(new LogFullException("too many reads are waiting"));
      }
    }
    return pending.answer;
  }

  /** Takes no more reads, gives those there are two seconds, and fails what has not begun then. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.shutdownNow().forEach(task -> ((Pending<?>) task).refuse());
  }
}
