package dev.carillon.resilience;

import dev.carillon.core.EventException;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.core.SinkClosedException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call, from its first attempt to its result. Its steps follow one another, each started by the
 * end of the one before; only {@link #fail} and cancelling come from elsewhere, and the result
 * takes the first to complete it.
 */
final class Call<T> {

  private final Resilience resilience;
  private final Supplier<CompletableFuture<T>> supplier;
  private final CompletableFuture<T> result = new CompletableFuture<>();
  private final long began = System.nanoTime();
  private Backoff.@Nullable Waits waits;
  private boolean watched;
  private volatile boolean mayHaveArrived;
  private volatile @Nullable CompletableFuture<T> underWay;

  Call(Resilience resilience, Supplier<CompletableFuture<T>> supplier) {
    this.resilience = resilience;
    this.supplier = supplier;
  }

  CompletableFuture<T> start() {
    attempt();
    return result;
  }

  /** Ends the call because of closing. */
  void fail() {
    result.completeExceptionally(closedAfter(mayHaveArrived || underWay != null));
  }

  private void attempt() {
    if (result.isDone()) {
      return;
    }
    if (resilience.isRetired()) {
      fail();
      return;
    }
    CircuitOpenException refusal = resilience.circuit == null ? null : resilience.circuit.enter();
    if (refusal != null) {
      failedAttempt(refusal);
      return;
    }
    Pace pace = resilience.pace;
    if (pace == null) {
      send();
      return;
    }
    Duration patience = patience(pace); // asked before, since a turn once taken is gone
    long wait = pace.takeTurn(patience);
    if (wait == 0) {
      send();
    } else if (wait < 0 || !waitThen(wait, this::send)) {
      leaveCircuit();
      finish(UncertainArrivalException.after(mayHaveArrived, pace.refusal(patience)));
    }
  }

  /** How long this call can wait for its turn: not at all if too many wait already. */
  private Duration patience(Pace pace) {
    Duration most = resilience.hasWaitingRoom() ? pace.maxWait() : Duration.ZERO;
    Duration left = remaining();
    if (left == null || left.compareTo(most) > 0) {
      return most;
    }
    return left.isNegative() ? Duration.ZERO : left;
  }

  private void send() {
    if (result.isDone()) {
      leaveCircuit();
      return;
    }
    CompletableFuture<T> future;
    try {
      future = Objects.requireNonNull(supplier.get(), "the attempt's future");
    } catch (Throwable e) { // errors too: the result must complete whatever happens
      future = CompletableFuture.failedFuture(e);
    }
    if (future.isDone()) {
      CompletableFuture<T> unused = future.whenComplete(this::settle);
    } else {
      await(future);
    }
  }

  private void await(CompletableFuture<T> future) {
    underWay = future;
    watch();
    AtomicBoolean settled = new AtomicBoolean();
    Duration limit = limit();
    Future<?> timer =
        limit == null
            ? null
            : resilience.after(
                TimeUnit.NANOSECONDS.convert(limit),
                () -> {
                  if (settled.compareAndSet(false, true)) {
                    future.cancel(true);
                    settle(null, new EventTimeoutException("no answer in " + limit, true, null));
                  }
                });
    CompletableFuture<T> unused =
        future.whenComplete(
            (value, error) -> {
              if (settled.compareAndSet(false, true)) {
                if (timer != null) {
                  timer.cancel(false);
                }
                settle(value, error);
              }
            });
  }

  /** The time for one attempt: its own, but never more than what is left of the deadline. */
  private @Nullable Duration limit() {
    Duration left = remaining();
    Duration timeout = resilience.timeout;
    if (left == null || timeout == null) {
      return left == null ? timeout : left;
    }
    return left.compareTo(timeout) < 0 ? left : timeout;
  }

  private @Nullable Duration remaining() {
    return resilience.backoff == null
        ? null
        : resilience.backoff.deadline().minusNanos(System.nanoTime() - began);
  }

  private void settle(@Nullable T value, @Nullable Throwable error) {
    if (error == null) {
      if (resilience.circuit != null) {
        resilience.circuit.recordSuccess();
      }
      result.complete(value);
      return;
    }
    EventException failure = EventException.of(error);
    if (resilience.circuit != null) {
      resilience.circuit.recordFailure(failure);
    }
    failedAttempt(failure);
  }

  private void failedAttempt(EventException failure) {
    boolean earlier = mayHaveArrived;
    mayHaveArrived = earlier || failure.mayHaveArrived();
    underWay = null;
    Duration wait = waitAfter(failure);
    if (wait == null) {
      finish(UncertainArrivalException.after(earlier, failure));
    } else if (resilience.isRetired()) {
      SinkClosedException closed = closedAfter(mayHaveArrived);
      closed.addSuppressed(failure);
      finish(closed);
    } else if (!waitThen(TimeUnit.NANOSECONDS.convert(wait), this::attempt)) {
      finish(UncertainArrivalException.after(earlier, failure));
    }
  }

  /** How long to wait before the next attempt; null if there shall be none. */
  private @Nullable Duration waitAfter(EventException failure) {
    if (resilience.backoff == null || !failure.isRetryable()) {
      return null;
    }
    if (waits == null) {
      waits = resilience.backoff.waits();
    }
    Duration wait = waits.after(failure);
    return wait == null || reachesDeadline(TimeUnit.NANOSECONDS.convert(wait)) ? null : wait;
  }

  private boolean reachesDeadline(long waitNanos) {
    Duration left = remaining();
    return left != null && left.compareTo(Duration.ofNanos(waitNanos)) <= 0;
  }

  private boolean waitThen(long nanos, Runnable step) {
    watch();
    return resilience.resumeLater(this, nanos, step);
  }

  private void watch() {
    if (!watched) {
      watched = true;
      resilience.watch(this);
      CompletableFuture<T> unused = result.whenComplete((value, error) -> unwatch());
    }
  }

  private void unwatch() {
    resilience.unwatch(this);
    CompletableFuture<T> future = underWay;
    if (result.isCancelled() && future != null) {
      future.cancel(true);
    }
  }

  private void leaveCircuit() {
    if (resilience.circuit != null) {
      resilience.circuit.leave();
    }
  }

  private void finish(EventException failure) {
    result.completeExceptionally(failure);
  }

  private static SinkClosedException closedAfter(boolean mayHaveArrived) {
    return new SinkClosedException("closed before the call succeeded", mayHaveArrived);
  }
}
