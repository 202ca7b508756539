package dev.carillon.analytics;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The daemon threads of one client. All end when idle, so that a client nobody closed can be
 * collected. Workers are as many as are needed, since what a caller does with a result may block;
 * the requests under way bound them. After {@link #close} work runs on the thread that brings it.
 */
final class Threads implements Executor, ThreadFactory {

  private static final long IDLE_SECONDS = 5;
  private static final AtomicInteger clients = new AtomicInteger();

  private final int client = clients.incrementAndGet();
  private final AtomicInteger threads = new AtomicInteger();
  private final ThreadPoolExecutor workers =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          this,
          (task, closed) -> task.run());
  private final ScheduledThreadPoolExecutor alarms = new ScheduledThreadPoolExecutor(1, this);

  Threads() {
    alarms.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    alarms.allowCoreThreadTimeOut(true);
    alarms.setRemoveOnCancelPolicy(true);
  }

  @Override
  public Thread newThread(Runnable work) {
    String name = "carillon-analytics-" + client + "-" + threads.incrementAndGet();
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void execute(Runnable work) {
    workers.execute(work);
  }

  /** Has a worker do something later, without a way back. */
  void later(long nanos, Runnable work) {
    var unused = after(nanos, work);
  }

  /** Has a worker do something later. After {@link #close} it is done at once. */
  Future<?> after(long nanos, Runnable work) {
    try {
      return alarms.schedule(() -> workers.execute(work), nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      workers.execute(work);
      return CompletableFuture.completedFuture(null);
    }
  }

  /** Starts nothing new; what was to be done later still is. */
  void close() {
    alarms.shutdown();
    workers.shutdown();
  }
}
