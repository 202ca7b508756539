package dev.carillon.eventbus;

import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.core.SinkClosedException;
import dev.carillon.core.SinkFullException;
import dev.carillon.core.SparingLog;
import dev.carillon.zeromq.WakeUp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a client's other threads see of its I/O thread. Thread-safe. */
final class BusLoop {

  private static final Logger log = LoggerFactory.getLogger(BusLoop.class);
  private static final AtomicInteger loops = new AtomicInteger();
  private static final int CLOSE_SECONDS = 3;
  private static final String CLOSED = "the client is closed";

  /** What only the I/O thread may do. */
  interface Order {
    void carryOut(BusConnection connection);
  }

  private final BusSettings settings;
  private final Counters counters;
  private final String name = "carillon-eventbus-" + loops.incrementAndGet();
  private final SparingLog troubles = new SparingLog(log);
  private final Settler settler;
  private final BoundedQueue<Outgoing> queue;
  private final Queue<Order> orders = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Void> connected = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private @Nullable WakeUp wakeUp;
  private @Nullable Thread thread;
  private volatile ConnectionState state = ConnectionState.NEW;
  private volatile String reason = "";
  private volatile boolean compressing;
  private volatile boolean blocked;
  private volatile long closeBy;
  private volatile boolean closing;

  BusLoop(BusSettings settings, Counters counters) {
    this.settings = settings;
    this.counters = counters;
    settler = new Settler(name, settings.sendCapacity(), counters, settings.clock());
    queue =
        new BoundedQueue<>(
            settings.sendCapacity(),
            settings.sendPolicy(),
            dropped -> settler.dropped(dropped, new SinkFullException("dropped: " + full())));
  }

  String name() {
    return name;
  }

  String full() {
    return "the send queue is full at " + settings.sendCapacity() + " events";
  }

  BoundedQueue<Outgoing> queue() {
    return queue;
  }

  Settler settler() {
    return settler;
  }

  ConnectionState state() {
    return state;
  }

  String reason() {
    return reason;
  }

  /**
   * Completes when the proxy has been found; fails when the client is closed before. What hangs on
   * it may wait for the I/O thread.
   */
  CompletableFuture<Void> connected() {
    return connected.whenCompleteAsync((nothing, error) -> {}, settler::complete);
  }

  /** Waits while the proxy is looked for; fails if it is not found, or refuses the client. */
  synchronized void awaitConnected() {
    long deadline = System.nanoTime() + settings.connectTimeout().toNanos();
    long left = 1;
    while (isLooking() && left > 0) {
      left = deadline - System.nanoTime();
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new EventTimeoutException("interrupted while connecting", false, e);
      }
    }
    if (state == ConnectionState.CLOSED) {
      throw closedException();
    }
    if (state != ConnectionState.CONNECTED) {
      throw new EventConnectionException(reason, false, null);
    }
  }

  private boolean isLooking() {
    return state == ConnectionState.CONNECTING || state == ConnectionState.RECONNECTING;
  }

  /** Whether large payloads are worth compressing: the proxy takes them so. */
  boolean isCompressing() {
    return compressing || settings.acknowledges();
  }

  /** Starts the I/O thread; once. */
  synchronized void start(Deliveries<?, ?> deliveries) {
    if (thread != null || closing) {
      return;
    }
    try {
      wakeUp = new WakeUp();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    WakeUp waking = wakeUp;
    Thread made = new Thread(() -> run(deliveries, waking), name);
    made.setDaemon(true);
    thread = made;
    become(ConnectionState.CONNECTING, "connect was called");
    made.start();
  }

  private void run(Deliveries<?, ?> deliveries, WakeUp waking) {
    String why = CLOSED;
    try (waking;
        BusConnection connection =
            new BusConnection(settings, this, deliveries, counters, waking)) {
      connection.serve();
    } catch (RuntimeException | Error e) {
      log.error("the event bus client ended", e);
      why = "the client was ended by " + e;
    } finally {
      queue.close();
      deliveries.end();
      end(why);
      ended.complete(null);
    }
  }

  private void end(String why) {
    become(ConnectionState.CLOSED, why);
    connected.completeExceptionally(closedException());
    List<Outgoing> left = new ArrayList<>();
    queue.drainTo(left, Integer.MAX_VALUE);
    left.forEach(event -> settler.failed(event, closedException()));
    settler.close();
  }

  void wake() {
    WakeUp waking = wakeUp;
    if (waking != null) {
      waking.call();
    }
  }

  /** Notes whether the I/O thread waits for room in a receive queue. */
  void noteBlocked(boolean is) {
    blocked = is;
  }

  /** Says that a receive queue has room again. */
  void roomAgain() {
    if (blocked) {
      wake();
    }
  }

  /** Has the I/O thread do something; what comes after it has ended is not done. */
  void order(Order order) {
    orders.add(order);
    wake();
  }

  @Nullable Order nextOrder() {
    return orders.poll();
  }

  /** Notes how things stand, and tells who wants to know. */
  void become(ConnectionState next, String why) {
    synchronized (this) {
      reason = why;
      if (state == next) {
        return;
      }
      state = next;
      notifyAll();
    }
    if (next == ConnectionState.CONNECTED) {
      connected.complete(null);
    }
    if (next == ConnectionState.RECONNECTING || next == ConnectionState.REFUSED) {
      troubles.warn(name + " is " + next + ": " + why);
    } else {
      log.debug("{} is {}: {}", name, next, why);
    }
    settler.changed(() -> settings.listener().changed(next, why));
  }

  void compressing(boolean on) {
    compressing = on;
  }

  boolean isClosing() {
    return closing;
  }

  /** Fails while nobody has called {@code connect}: nothing would ever go or come. */
  void requireStarted() {
    if (state == ConnectionState.NEW && !closing) {
      throw new EventConnectionException("connect was not called", false, null);
    }
  }

  /** Whether it takes nothing more: it is closed, or an error has ended it. */
  boolean isOver() {
    return closing || state == ConnectionState.CLOSED;
  }

  void requireOpen() {
    if (isOver()) {
      throw closedException();
    }
  }

  /** Says why nothing more is taken. */
  SinkClosedException closedException() {
    return new SinkClosedException(state == ConnectionState.CLOSED ? reason : CLOSED, false);
  }

  /** When closing is to be over, by {@code System.nanoTime}. */
  long closeBy() {
    return closeBy;
  }

  /**
   * Sends what is queued and ends the I/O thread, in a bounded time; also on an interrupted thread.
   */
  void close() {
    Thread running;
    synchronized (this) {
      closeBy = System.nanoTime() + settings.closeTimeout().toNanos();
      closing = true;
      running = thread;
    }
    queue.close();
    if (running == null) {
      end(CLOSED);
      return;
    }
    wake();
    long most = settings.closeTimeout().toNanos() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
    ended.copy().completeOnTimeout(null, most, TimeUnit.NANOSECONDS).join();
  }
}
