package dev.carillon.hub.pipeline;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every second whether something outside this process is there, by a thread of its own, so
 * that others know without waiting. Thread-safe.
 */
final class Watch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Watch.class);
  private static final long PAUSE_MILLIS = 1_000;
  private static final long CLOSE_MILLIS = 2_000;

  /** Throws if it is not there; blocks for a bounded time. */
  interface Look {
    void run() throws Exception;
  }

  private final String name;
  private final Look look;
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch looked = new CountDownLatch(1);
  private volatile @Nullable Exception failure;

  Watch(String name, Look look) {
    this.name = name;
    this.look = look;
    this.thread = new Thread(this::run, "carillon-watch");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    do {
      try {
        look.run();
        found(null);
      } catch (Exception e) {
        found(e);
      }
      looked.countDown();
    } while (!pause());
  }

  private void found(@Nullable Exception now) {
    Exception before = failure;
    failure = now;
    if (now != null && before == null && closing.getCount() > 0) {
      log.warn("{} is away: {}", name, now.getMessage());
    } else if (now == null && before != null) {
      log.info("{} is back", name);
    }
  }

  private boolean pause() {
    try {
      return closing.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }

  /** Whether it was there at the last look. */
  boolean isWell() {
    return looked.getCount() == 0 && failure == null;
  }

  /** Whether it was not there at the last look; before the first look nobody knows. */
  boolean isAway() {
    return failure != null;
  }

  /** Waits for the first look, and throws what the last one found. */
  void check() throws IOException {
    try {
      looked.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + name, e);
    }
    Exception found = failure;
    if (found != null) {
      throw new IOException(found.getMessage(), found);
    }
  }

  @Override
  public void close() {
    closing.countDown();
    thread.interrupt();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
