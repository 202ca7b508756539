package dev.carillon.core;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;

/**
 * The threads on which a client completes its futures, so that what hangs on them holds up nothing
 * of the client's own. It may wait for other futures ({@code join}, {@code get}): the pool adds a
 * thread for one that waits so, up to 256, beyond which the wait throws {@link
 * java.util.concurrent.RejectedExecutionException}.
 */
public final class CallbackThreads {

  private static final int FEWEST = 2;
  private static final int MOST = 4;
  private static final int MOST_WAITING = 256;
  private static final int IDLE_SECONDS = 1;

  private CallbackThreads() {}

  /**
   * Makes a pool of two to four daemon threads, by the machine's processors, which end when they
   * are idle: it need not be shut down.
   *
   * @param name of each of its threads
   */
  public static ForkJoinPool newPool(String name) {
    int processors = Runtime.getRuntime().availableProcessors();
    return new ForkJoinPool(
        Math.max(FEWEST, Math.min(MOST, processors)),
        pool -> {
          ForkJoinWorkerThread thread = new ForkJoinWorkerThread(pool) {};
          thread.setName(name);
          return thread;
        },
        null,
        true,
        0,
        MOST_WAITING,
        1,
        null,
        IDLE_SECONDS,
        TimeUnit.SECONDS);
  }
}
