package dev.carillon.hub.pipeline;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

  private enum State {
    UNKNOWN,
    WELL,
    AWAY
  }

  private final String name;
  private final Look look;
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile State state = State.UNKNOWN;

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
        become(State.WELL, "");
      } catch (Exception e) {
        become(State.AWAY, String.valueOf(e.getMessage()));
      }
    } while (!pause());
  }

  private void become(State next, String reason) {
    State before = state;
    state = next;
    if (next == State.AWAY && before != next && closing.getCount() > 0) {
      log.warn("{} is away: {}", name, reason);
    } else if (next == State.WELL && before == State.AWAY) {
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
    return state == State.WELL;
  }

  /** Whether it was not there at the last look; before the first look nobody knows. */
  boolean isAway() {
    return state == State.AWAY;
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
