package dev.carillon.eventgrid;

import dev.carillon.core.CallbackThreads;
import dev.carillon.core.EventException;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.core.SinkClosedException;
import dev.carillon.core.SinkFullException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What all requests go through: so many on the wire, so many waiting behind them, and what is
 * beyond that refused.
 */
final class Window {

  private final SinkSettings settings;
  private final Executor callbacks = CallbackThreads.newPool("carillon-eventgrid-callbacks");
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private final Set<Exchange<?>> started = new HashSet<>();
  private final Set<Exchange<?>> over = new HashSet<>(); // to be delivered
  private final Deque<Exchange<?>> pending = new ArrayDeque<>();
  private int lists; // that are not sent to their end
  private final Set<Runnable> deliveries = new HashSet<>(); // of lists that are
  private long pendingBytes;
  private boolean closed;
  private boolean abandoned; // and nothing is waited for any more

  Window(SinkSettings settings) {
    this.settings = settings;
  }

  /** One request: how it is started, and what comes of it. */
  private final class Exchange<T> {
    final Supplier<CompletableFuture<T>> start;
    final int bytes;
    final CompletableFuture<T> result = new CompletableFuture<>();
    private volatile Runnable outcome = () -> {};

    Exchange(Supplier<CompletableFuture<T>> start, int bytes) {
      this.start = start;
      this.bytes = bytes;
    }

    /** Starts it; the future never fails, and completes once there is an outcome to deliver. */
    CompletableFuture<Boolean> run() {
      if (result.isDone()) {
        return CompletableFuture.completedFuture(false);
      }
      CompletableFuture<T> started;
      try {
        started = start.get();
      } catch (RuntimeException | Error e) {
        started = CompletableFuture.failedFuture(e);
      }
      return started.handleAsync(
          (value, error) -> {
            outcome =
                error == null
                    ? () -> result.complete(value)
                    : () -> result.completeExceptionally(EventException.of(error));
            return true;
          },
          callbacks);
    }

    void deliver() {
      outcome.run();
    }

    void fail(EventException error) {
      result.completeExceptionally(error);
    }
  }

  /** Where the requests of a list go in: while it is open, closing waits for the rest of them. */
  final class ListDoor {
    private final boolean accepted;

    private ListDoor(boolean accepted) {
      this.accepted = accepted;
    }

    /** Whether it lets anything in; that of a window that was closed before does not. */
    boolean isOpen() {
      return accepted;
    }

    <T> CompletableFuture<T> submit(int bytes, Supplier<CompletableFuture<T>> start) {
      return Window.this.submit(bytes, start, accepted);
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

  /** Starts a request now or later; its result always comes. */
  <T> CompletableFuture<T> submit(int bytes, Supplier<CompletableFuture<T>> start) {
    return submit(bytes, start, false);
  }

  private <T> CompletableFuture<T> submit(
      int bytes, Supplier<CompletableFuture<T>> start, boolean acceptedBefore) {
    Exchange<T> exchange = new Exchange<>(start, bytes);
    boolean startNow = false;
    EventException refusal = null;
    lock.lock();
    try {
      if (acceptedBefore ? abandoned : closed) {
        refusal = new SinkClosedException("the Event Grid sink is closed", false);
      } else if (started.size() < settings.maxInFlight()) {
        startNow = started.add(exchange);
      } else if (pending.size() >= settings.maxPending()) {
        refusal = new SinkFullException(settings.maxPending() + " requests are waiting already");
      } else if (bytes > settings.maxPendingBytes() - pendingBytes) {
        refusal =
            new SinkFullException(
                pendingBytes + " bytes are waiting already, of " + settings.maxPendingBytes());
      } else {
        pending.add(exchange);
        pendingBytes += bytes;
      }
    } finally {
      lock.unlock();
    }
    if (refusal != null) {
      exchange.fail(refusal);
    } else if (startNow) {
      run(exchange);
    } else {
      limitWaiting(exchange);
    }
    return exchange.result;
  }

  private void limitWaiting(Exchange<?> exchange) {
    CompletableFuture<Void> turn = new CompletableFuture<>();
    exchange.result.whenComplete((value, error) -> turn.complete(null));
    turn.orTimeout(settings.pendingTimeout().toNanos(), TimeUnit.NANOSECONDS)
        .whenComplete(
            (nothing, late) -> {
              if (late instanceof TimeoutException && takeBack(exchange)) {
                String message = "not sent within " + settings.pendingTimeout();
                EventException failure = new EventTimeoutException(message, false, late);
                callbacks.execute(() -> exchange.fail(failure));
              }
            });
  }

  private boolean takeBack(Exchange<?> exchange) {
    lock.lock();
    try {
      boolean waited = pending.remove(exchange);
      if (waited) {
        pendingBytes -= exchange.bytes;
        signalIfIdle();
      }
      return waited;
    } finally {
      lock.unlock();
    }
  }

  /** Runs a request and, as long as they end at once, those after it. */
  private void run(Exchange<?> first) {
    List<Exchange<?>> ended = new ArrayList<>();
    Exchange<?> exchange = first;
    while (exchange != null) {
      CompletableFuture<Boolean> done = exchange.run();
      Exchange<?> running = exchange;
      if (!done.isDone()) {
        done.whenComplete((there, error) -> goOnAfter(running));
        break;
      }
      ended.add(running);
      exchange = next(running);
    }
    ended.forEach(this::deliver);
  }

  /** First the next one's turn, since what the caller does with a result may take long. */
  private void goOnAfter(Exchange<?> ended) {
    Exchange<?> next = next(ended);
    if (next != null) {
      run(next);
    }
    deliver(ended);
  }

  private void deliver(Exchange<?> ended) {
    ended.deliver();
    lock.lock();
    try {
      over.remove(ended);
    } finally {
      lock.unlock();
    }
  }

  /** Gives a place on the wire to the next one, or frees it. */
  private @Nullable Exchange<?> next(Exchange<?> ended) {
    lock.lock();
    try {
      started.remove(ended);
      over.add(ended);
      Exchange<?> next = pending.poll();
      if (next != null) {
        pendingBytes -= next.bytes;
        started.add(next);
      }
      signalIfIdle();
      return next;
    } finally {
      lock.unlock();
    }
  }

  private void signalIfIdle() {
    if (isIdle()) {
      idle.signalAll();
    }
  }

  private boolean isIdle() {
    return started.isEmpty() && pending.isEmpty() && lists == 0;
  }

  /** Takes nothing more, waits for what is here for a bounded time, and fails the rest. */
  void close() {
    String message = "the Event Grid sink was closed before an answer came";
    close(mayHaveArrived -> new SinkClosedException(message, mayHaveArrived));
  }

  /**
   * Does so for a reason of another kind.
   *
   * @param reason makes the failure of what is left, of whether it may have arrived
   */
  void close(Function<Boolean, EventException> reason) {
    List<Exchange<?>> unsent;
    List<Exchange<?>> unanswered;
    List<Exchange<?>> undelivered;
    List<Runnable> undeliveredLists;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      awaitIdle();
      abandoned = true;
      unsent = List.copyOf(pending);
      unanswered = List.copyOf(started);
      undelivered = List.copyOf(over);
      undeliveredLists = List.copyOf(deliveries);
      pending.clear();
      pendingBytes = 0;
    } finally {
      lock.unlock();
    }
    undelivered.forEach(Exchange::deliver);
    unsent.forEach(exchange -> exchange.fail(reason.apply(false)));
    unanswered.forEach(exchange -> exchange.fail(reason.apply(true)));
    undeliveredLists.forEach(Runnable::run);
  }

  private void awaitIdle() {
    long left = settings.closeTimeout().toNanos();
    try {
      while (left > 0 && !isIdle()) {
        left = idle.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
