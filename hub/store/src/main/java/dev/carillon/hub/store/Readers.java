package dev.carillon.hub.store;

import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads on which a database is read: so many, and a bounded number of reads that wait. They
 * start at once, so that they do not inherit the one processor of an event loop that asks first.
 */
final class Readers implements AutoCloseable {

  /** Reads something. */
  interface Read<T> {
    T run() throws SQLException;
  }

  private final ThreadPoolExecutor threads;

  Readers(String name, int count, int maxPending) {
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
    threads.execute(work);
  }

  /**
   * Reads on one of the threads.
   *
   * @return a future of what was read, or one that failed with {@link LogFullException} or {@link
   *     LogUnavailableException}
   */
  <T> CompletableFuture<T> run(Read<T> read) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    try {
      threads.execute(() -> answerWith(answer, read));
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(
          threads.isShutdown()
              ? new LogUnavailableException("the database is closed", e)
              : new LogFullException("too many reads are waiting"));
    }
    return answer;
  }

  private static <T> void answerWith(CompletableFuture<T> answer, Read<T> read) {
    try {
      answer.complete(read.run());
    } catch (SQLException e) {
      String message = String.valueOf(e.getMessage());
      answer.completeExceptionally(
          message.contains("Out of Memory")
              ? new LogFullException("this needs more memory than there is: ask for less at once")
              : new LogUnavailableException("the database cannot be read: " + message, e));
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  /** Takes no more reads and gives those under way two seconds. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(2, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
