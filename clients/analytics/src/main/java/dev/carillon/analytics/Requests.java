package dev.carillon.analytics;

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
 * The window that all calls go through: so many at a time, so many waiting behind them, and what is
 * beyond that refused. A call keeps its place while it waits to be tried again.
 */
final class Requests {

  private final ClientSettings settings;
  private final Threads threads = new Threads();
  private final Transport transport;
  private final Compression compression;
  private final Backoff retries;
  private final Backoff once;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private final Set<Exchange<?>> open = new HashSet<>();
  private final Set<Exchange<?>> pending = new LinkedHashSet<>();
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
    return submit(call, retries, decode);
  }

  /** Sends a call, one attempt. */
  <T> CompletableFuture<T> submitOnce(Call call, Function<Answer, T> decode) {
    return submit(call, once, decode);
  }

  private <T> CompletableFuture<T> submit(Call call, Backoff backoff, Function<Answer, T> decode) {
    Exchange<T> exchange =
        new Exchange<>(this, compression.apply(call), backoff, decode, settings.deadline());
    boolean startNow = false;
    AnalyticsException refusal;
    lock.lock();
    try {
      refusal = closed ? closedException() : null;
      if (refusal == null && underWay < settings.maxInFlight()) {
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
    exchange.arm();
    if (startNow) {
      exchange.start();
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
    Exchange<?> next = null;
    lock.lock();
    try {
      if (pending.remove(exchange)) {
        pendingBytes -= exchange.size();
      } else if (pending.isEmpty()) {
        underWay--;
      } else {
        next = pending.iterator().next();
        pending.remove(next);
        pendingBytes -= next.size();
      }
    } finally {
      lock.unlock();
    }
    if (next != null) {
      // on another thread: it may fail at once, and the one after it as well
      threads.execute(next::start);
    }
  }

  /** An exchange's result is delivered; nothing is left to be done for it. */
  void forget(Exchange<?> exchange) {
    lock.lock();
    try {
      open.remove(exchange);
      if (open.isEmpty()) {
        idle.signalAll();
      }
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
    List<Exchange<?>> rest;
    lock.lock();
    try {
      closed = true;
      awaitIdle(TimeUnit.NANOSECONDS.convert(patience));
      rest = List.copyOf(open);
    } finally {
      lock.unlock();
    }
    rest.forEach(exchange -> exchange.abort(cutShort()));
    transport.close();
    threads.close();
  }

  private void awaitIdle(long patienceNanos) {
    long left = patienceNanos;
    try {
      while (left > 0 && !open.isEmpty()) {
        left = idle.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
