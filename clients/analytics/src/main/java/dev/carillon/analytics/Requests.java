package dev.carillon.analytics;

import dev.carillon.http.Answer;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The window that calls go through: so many at a time, so many waiting behind them, and what is
 * beyond that refused. A call keeps its place while it waits to be tried again. A few go past it.
 */
final class Requests {

  private static final int MOST_ASIDE = 16;

  private final ClientSettings settings;
  private final Threads threads = new Threads();
  private final Transport transport;
  private final Compression compression;
  private final Backoff retries;
  private final Backoff once;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private final Set<Exchange<?>> open = new HashSet<>(); // until their results are delivered
  private final Set<Exchange<?>> pending = new LinkedHashSet<>();
  private final Set<Exchange<?>> aside = new HashSet<>(); // not in the window
  private int underWay;
  private long pendingBytes;
  private boolean closed;

  Requests(ClientSettings settings) {
    this.settings = settings;
    transport = new Transport(settings, threads);
    compression = new Compression(settings.compressFrom());
    retries = Backoff.retries(settings.maxRetries(), settings.retryDelay());
    once = Backoff.retries(0, settings.retryDelay());
  }

  ClientSettings settings() {
    return settings;
  }

  Threads threads() {
    return threads;
  }

  Transport transport() {
    return transport;
  }

  Compression compression() {
    return compression;
  }

  /** Sends a call, again after failures that may pass; its result always comes. */
  <T> CompletableFuture<T> submit(Call call, Function<Answer, T> decode) {
    return submit(call, decode, this);
  }

  /**
   * Sends a call, again after failures that may pass; its result always comes.
   *
   * @param owner whoever may {@link #giveUp} it
   */
  <T> CompletableFuture<T> submit(Call call, Function<Answer, T> decode, Object owner) {
    return submit(call, retries, decode, owner, false);
  }

  /** Sends a call, one attempt, past the window unless many do so already. */
  <T> CompletableFuture<T> submitAside(Call call, Function<Answer, T> decode) {
    return submit(call, once, decode, this, true);
  }

  /** Whether the service answers, itself, and says that it is well; completes in bounded time. */
  CompletableFuture<Boolean> isWell() {
    return submitAside(
            Call.get(Paths.HEALTH), answer -> Envelope.ofSuccess(answer).isTrue("success"))
        .exceptionally(error -> false);
  }

  private <T> CompletableFuture<T> submit(
      Call call, Backoff backoff, Function<Answer, T> decode, Object owner, boolean mayPass) {
    Exchange<T> exchange =
        new Exchange<>(this, owner, compression.apply(call), backoff, decode, settings.deadline());
    boolean startNow = false;
    AnalyticsException refusal;
    lock.lock();
    try {
      refusal = closed ? closedException() : null;
      if (refusal == null && mayPass && aside.size() < MOST_ASIDE) {
        aside.add(exchange);
        startNow = true;
      } else if (refusal == null && underWay < settings.maxInFlight()) {
        underWay++;
        startNow = true;
      } else if (refusal == null) {
        refusal = queue(exchange);
      }
      if (refusal == null) {
        open.add(exchange);
      }
    } finally {
      lock.unlock();
    }
    if (refusal != null) {
      exchange.refuse(refusal);
      return exchange.result();
    }
    try {
      exchange.arm();
      if (startNow) {
        exchange.start();
      }
    } catch (RuntimeException | Error e) { // such as no thread for it
      exchange.abort(AnalyticsException.of(e));
    }
    return exchange.result();
  }

  private @Nullable AnalyticsException queue(Exchange<?> exchange) {
    if (pending.size() >= settings.maxPending()
        || exchange.size() > settings.maxPendingBytes() - pendingBytes) {
      return AnalyticsException.unanswered(
          pending.size() + " requests of " + pendingBytes + " bytes are waiting already",
          true,
          null);
    }
    pending.add(exchange);
    pendingBytes += exchange.size();
    return null;
  }

  /** Gives a place to the next one, or frees it. */
  void leave(Exchange<?> exchange) {
    Exchange<?> next = nextAfter(exchange);
    while (next != null) {
      try {
        // on another thread: it may fail at once, and the one after it as well
        threads.execute(next::start);
        return;
      } catch (RuntimeException | Error e) { // there is no thread for it
        Exchange<?> unlucky = next;
        next = nextAfter(unlucky);
        unlucky.refuse(AnalyticsException.of(e));
        forget(unlucky);
      }
    }
  }

  /** The one that takes the place of another; null if it had none, or nobody wants it. */
  private @Nullable Exchange<?> nextAfter(Exchange<?> exchange) {
    lock.lock();
    try {
      if (pending.remove(exchange)) {
        pendingBytes -= exchange.size();
        return null;
      }
      if (aside.remove(exchange)) {
        idle.signalAll();
        return null;
      }
      if (pending.isEmpty()) {
        underWay--;
        idle.signalAll();
        return null;
      }
      Exchange<?> next = pending.iterator().next();
      pending.remove(next);
      pendingBytes -= next.size();
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** Gives up everything that an owner has submitted. */
  void giveUp(Object owner, String reason) {
    for (Exchange<?> exchange : allOpen()) {
      if (exchange.isOf(owner)) {
        exchange.giveUp(reason);
        exchange.complete(); // if it was settled before, on a thread that is not yet that far
      }
    }
  }

  private List<Exchange<?>> allOpen() {
    lock.lock();
    try {
      return List.copyOf(open);
    } finally {
      lock.unlock();
    }
  }

  /** An exchange's result is delivered; nothing is left to be done for it. */
  void forget(Exchange<?> exchange) {
    lock.lock();
    try {
      open.remove(exchange);
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  static AnalyticsException closedException() {
    return AnalyticsException.unanswered("the analytics client is closed", false, null);
  }

  private static AnalyticsException cutShort() {
    return AnalyticsException.unanswered(
        "the analytics client was closed before an answer came", false, null);
  }

  /** Takes nothing more, waits for what is here, fails the rest, and frees the threads. */
  void close(Duration patience) {
    lock.lock();
    try {
      closed = true;
      awaitIdle(TimeUnit.NANOSECONDS.convert(patience));
    } finally {
      lock.unlock();
    }
    for (Exchange<?> exchange : allOpen()) {
      exchange.abort(cutShort());
      exchange.complete(); // its own thread may be busy with what a caller does with another
    }
    transport.close();
    threads.close();
  }

  private void awaitIdle(long patienceNanos) {
    long left = patienceNanos;
    try {
      while (left > 0 && (underWay > 0 || !pending.isEmpty() || !aside.isEmpty())) {
        left = idle.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
