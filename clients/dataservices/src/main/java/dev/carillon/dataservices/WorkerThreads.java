package dev.carillon.dataservices;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The few daemon threads that an HTTP client of ours does its work on. */
final class WorkerThreads implements ThreadFactory {

  private static final int MOST = 4;
  private static final AtomicInteger pools = new AtomicInteger();

  private final int pool = pools.incrementAndGet();
  private final AtomicInteger threads = new AtomicInteger();

  private WorkerThreads() {}

  /**
   * A pool whose threads end when idle, so that a client nobody closed can be collected. Its queue
   * needs no bound of its own: only the requests in flight, which are bounded, put work there.
   * After its shutdown, work runs on the thread that brings it.
   */
  static ThreadPoolExecutor newPool() {
    int size = Math.max(2, Math.min(MOST, Runtime.getRuntime().availableProcessors()));
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            size,
            size,
            5,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new WorkerThreads(),
            (task, closed) -> task.run());
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  @Override
  public Thread newThread(Runnable work) {
    String name = "carillon-dataservices-" + pool + "-" + threads.incrementAndGet();
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }
}
