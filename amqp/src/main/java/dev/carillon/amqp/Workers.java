package dev.carillon.amqp;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The few daemon threads of a link, which end when they are idle. */
final class Workers {

  private static final int MOST = 4;
  private static final int IDLE_SECONDS = 5;

  private Workers() {}

  /**
   * A pool for what a connection tells its consumers. Its queue needs no bound of its own: only
   * what is in flight, which is bounded, puts work there. After its shutdown, work runs on the
   * thread that brings it.
   */
  static ExecutorService newPool() {
    return pool(
        Math.max(2, Math.min(MOST, Runtime.getRuntime().availableProcessors())),
        "carillon-amqp-worker");
  }

  /** One thread, for work in order. */
  static ExecutorService newThread(String name) {
    return pool(1, name);
  }

  private static ExecutorService pool(int size, String name) {
    AtomicInteger made = new AtomicInteger();
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            size,
            size,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, name + "-" + made.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            },
            (work, closed) -> work.run());
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }
}
