package dev.carillon.dataservices;

import dev.carillon.core.CallbackThreads;
import dev.carillon.core.EventException;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.core.SinkClosedException;
import dev.carillon.core.SinkFullException;
import dev.carillon.http.Answer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The window that all requests go through: so many on the wire, so many waiting behind them, and
 * what is beyond that refused. While anything is in it, it also looks every so often for what took
 * too long.
 */
final class Requests implements Door {

  private static final Logger log = LoggerFactory.getLogger(Requests.class);
  private static final long SHORTEST_TICK = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long LONGEST_TICK = TimeUnit.SECONDS.toNanos(1);

  private final Transport transport;
  private final Compression compression;
  private final ClientSettings settings;
  private final long requestNanos;
  private final long pendingNanos;
  private final Executor async;
  private final Executor late;
  private final Executor afterTick;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private final Set<Exchange<?>> started = new HashSet<>();
  private final Deque<Exchange<?>> pending = new ArrayDeque<>();
  private int onWire;
  private int lists; // that are not sent to their end
  private final Set<Runnable> deliveries = new HashSet<>(); // of lists that are
  private long pendingBytes;
  private boolean ticking;
  private boolean closed;
  private boolean over; // and nothing is waited for any more

  Requests(ClientSettings settings) {
    this(
        settings,
        CallbackThreads.newPool("carillon-dataservices-callbacks"),
        CallbackThreads.newPool("carillon-dataservices-timeouts"));
  }

  /**
   * Makes a window.
   *
   * @param callbacks where results are delivered
   * @param timeouts where it looks for what took too long, and delivers that, whatever callbacks do
   */
  Requests(ClientSettings settings, Executor callbacks, Executor timeouts) {
    this.settings = settings;
    async = task -> handOver(callbacks, task);
    late = task -> handOver(timeouts, task);
    transport = new Transport(settings);
    compression = new Compression(settings.compressFrom());
    requestNanos = nanos(settings.requestTimeout());
    pendingNanos = nanos(settings.pendingTimeout());
    long tick = Math.min(requestNanos, pendingNanos) / 20;
    afterTick =
        CompletableFuture.delayedExecutor(
            Math.max(SHORTEST_TICK, Math.min(LONGEST_TICK, tick)), TimeUnit.NANOSECONDS, late);
  }

  /** Runs it here if the executor has no thread for it: results must come all the same. */
  private static void handOver(Executor executor, Runnable task) {
    try {
      executor.execute(task);
    } catch (RuntimeException | Error e) {
      task.run();
    }
  }

  /** So many, or as many as there can be. */
  static long nanos(Duration duration) {
    return TimeUnit.NANOSECONDS.convert(duration);
  }

  Transport transport() {
    return transport;
  }

  /** Runs work that may take long, on another thread if there is one. */
  Executor async() {
    return async;
  }

  Compression compression() {
    return compression;
  }

  @Override
  public <T> CompletableFuture<T> submit(Call call, Function<Answer, T> decode) {
    return submit(call, decode, false);
  }

  /** The door of a list that begins now, which must come to its {@link ListDoor#end}. */
  ListDoor list() {
    lock.lock();
    try {
      lists += closed ? 0 : 1;
      return new ListDoor(!closed);
    } finally {
      lock.unlock();
    }
  }

  /** Lets the rest of a list in while closing waits for it. */
  final class ListDoor implements Door {
    private final boolean accepted;

    private ListDoor(boolean accepted) {
      this.accepted = accepted;
    }

    @Override
    public <T> CompletableFuture<T> submit(Call call, Function<Answer, T> decode) {
      return Requests.this.submit(call, decode, accepted);
    }

    /** Delivers the list's outcomes, for which closing waits no longer, but sees to it. */
    void end(Runnable delivery) {
      lock.lock();
      try {
        lists -= accepted ? 1 : 0;
        deliveries.add(delivery);
        signalIfIdle();
      } finally {
        lock.unlock();
      }
      delivery.run();
      lock.lock();
      try {
        deliveries.remove(delivery);
      } finally {
        lock.unlock();
      }
    }
  }

  private <T> CompletableFuture<T> submit(
      Call call, Function<Answer, T> decode, boolean acceptedBefore) {
    Exchange<T> exchange = new Exchange<>(this, compression.apply(call), decode);
    boolean startNow = false;
    EventException refusal = null;
    lock.lock();
    try {
      if (acceptedBefore ? over : closed) {
        refusal = Transport.closedException();
      } else if (onWire < settings.maxInFlight()) {
        onWire++;
        startNow = started.add(exchange);
      } else {
        refusal = queue(exchange);
      }
      tickOn();
    } finally {
      lock.unlock();
    }
    if (refusal != null) {
      exchange.refuse(refusal);
    } else if (startNow) {
      exchange.start();
    }
    return exchange.result();
  }

  private @Nullable EventException queue(Exchange<?> exchange) {
    if (pending.size() >= settings.maxPending()) {
      return new SinkFullException(settings.maxPending() + " requests are waiting already");
    }
    if (exchange.size() > settings.maxPendingBytes() - pendingBytes) {
      return new SinkFullException(
          pendingBytes + " bytes are waiting already, of " + settings.maxPendingBytes());
    }
    pending.add(exchange);
    pendingBytes += exchange.size();
    return null;
  }

  /** Gives a place on the wire to the next one, or frees it. */
  void leaveWire() {
    Exchange<?> next;
    lock.lock();
    try {
      next = next();
      if (next != null) {
        started.add(next);
      } else {
        onWire--;
      }
      signalIfIdle();
    } finally {
      lock.unlock();
    }
    if (next != null) {
      next.start();
    }
  }

  /** An exchange's result is delivered; nothing is left to be done for it. */
  void forget(Exchange<?> exchange) {
    lock.lock();
    try {
      started.remove(exchange);
    } finally {
      lock.unlock();
    }
  }

  /** The next that somebody still waits for. */
  private @Nullable Exchange<?> next() {
    Exchange<?> next = poll();
    while (next != null && next.result().isDone()) {
      next = poll();
    }
    return next;
  }

  private @Nullable Exchange<?> poll() {
    Exchange<?> next = pending.poll();
    if (next != null) {
      pendingBytes -= next.size();
    }
    return next;
  }

  private boolean isIdle() {
    return onWire == 0 && pending.isEmpty();
  }

  private void signalIfIdle() {
    if (isIdle() && lists == 0) {
      idle.signalAll();
    }
  }

  private void tickOn() {
    if (!ticking && !isIdle()) {
      try {
        afterTick.execute(this::tick);
        ticking = true;
      } catch (RuntimeException | Error e) {
        log.warn("cannot look after timeouts until the next request", e);
      }
    }
  }

  private void tick() {
    long now = System.nanoTime();
    List<Exchange<?>> unanswered = new ArrayList<>();
    List<Exchange<?>> unsent = new ArrayList<>();
    lock.lock();
    try {
      for (Exchange<?> exchange : started) {
        if (exchange.runningNanos(now) > requestNanos) {
          unanswered.add(exchange);
        }
      }
      for (var head = pending.peek();
          head != null && head.waitedNanos(now) > pendingNanos;
          head = pending.peek()) {
        unsent.add(head);
        poll();
      }
      signalIfIdle();
      ticking = false;
      tickOn();
    } finally {
      lock.unlock();
    }
    // each on its own, since what a caller does with the failure may take long
    for (Exchange<?> exchange : unanswered) {
      String message = exchange.what() + ": no answer within " + settings.requestTimeout();
      late.execute(() -> exchange.abort(new EventTimeoutException(message, true, null)));
    }
    for (Exchange<?> exchange : unsent) {
      String message = exchange.what() + ": not sent within " + settings.pendingTimeout();
      late.execute(() -> exchange.refuse(new EventTimeoutException(message, false, null)));
    }
  }

  /** Takes nothing more, waits for what is here, fails the rest, and frees the HTTP client. */
  void close() {
    List<Exchange<?>> unsent;
    List<Exchange<?>> unanswered;
    List<Runnable> undelivered;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      awaitIdle(nanos(settings.closeTimeout()));
      over = true;
      unsent = List.copyOf(pending);
      unanswered = List.copyOf(started);
      undelivered = List.copyOf(deliveries);
      pending.clear();
      pendingBytes = 0;
    } finally {
      lock.unlock();
    }
    String message = "the event client was closed before an answer came";
    unsent.forEach(exchange -> exchange.refuse(new SinkClosedException(message, false)));
    unanswered.forEach(exchange -> exchange.abort(new SinkClosedException(message, true)));
    undelivered.forEach(Runnable::run);
    transport.close();
  }

  private void awaitIdle(long patienceNanos) {
    long left = patienceNanos;
    try {
      while (left > 0 && !(isIdle() && lists == 0)) {
        left = idle.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
