package dev.carillon.resilience;

import dev.carillon.core.CallbackThreads;
import dev.carillon.core.Ranges;
import dev.carillon.core.SinkClosedException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs calls under policies, outermost first: retry, circuit breaker, rate limit, timeout of each
 * attempt. Whatever is not set is not there. Breaker and rate limit keep one state for all calls,
 * so use one {@code Resilience} for each peer.
 *
 * <p>Thread-safe. The first attempt runs on the caller's thread, and what the call completes on its
 * own thread goes on there: no hand-over, no lock, no timer unless there is something to wait for.
 * After a wait, work goes on in the executor. No thread is held while waiting; one daemon thread
 * keeps the time, from the first wait until {@link #close}.
 */
public final class Resilience implements AutoCloseable {

  final @Nullable Backoff backoff;
  final @Nullable Circuit circuit;
  final @Nullable Pace pace;
  final @Nullable Duration timeout;

  private final Executor executor;
  private final int maxWaiting;
  private final ScheduledThreadPoolExecutor timer;
  private final Set<Call<?>> pending = ConcurrentHashMap.newKeySet();
  private final Set<Call<?>> waiting = ConcurrentHashMap.newKeySet();
  private volatile boolean retired;
  private volatile boolean closed;

  private Resilience(Builder builder) {
    backoff = builder.retry == null ? null : new Backoff(builder.retry);
    circuit = builder.circuitBreaker == null ? null : new Circuit(builder.circuitBreaker);
    pace = builder.rateLimit == null ? null : new Pace(builder.rateLimit);
    timeout = builder.timeout == null ? null : builder.timeout.attempt();
    executor = builder.executor;
    maxWaiting = builder.maxWaiting;
    timer = new ScheduledThreadPoolExecutor(1, Resilience::timerThread);
    timer.setRemoveOnCancelPolicy(true);
  }

  /** Retry, circuit breaker and timeout with their defaults, no rate limit. */
  public static Resilience ofDefaults() {
    return builder()
        .retry(RetryPolicy.ofDefaults())
        .circuitBreaker(CircuitBreakerPolicy.ofDefaults())
        .timeout(TimeoutPolicy.ofDefaults())
        .build();
  }

  /** A builder without any policy. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Runs a call under the policies.
   *
   * @param attempt makes one attempt and returns a future of its own for it, which is cancelled
   *     when the attempt times out; must not block
   * @return a future that completes with the first success or fails with the last failure as an
   *     {@link dev.carillon.core.EventException}, whose {@code mayHaveArrived} speaks for all
   *     attempts. Anything else an attempt fails with is wrapped as one that is not retryable.
   *     Cancelling it ends the trying
   */
  public <T> CompletableFuture<T> call(Supplier<CompletableFuture<T>> attempt) {
    return new Call<>(this, attempt).start();
  }

  /**
   * Ends the trying: calls that wait for an attempt, and attempts under way, fail at once with
   * {@link SinkClosedException}; so does every call from now on. Calling it again does nothing.
   */
  @Override
  public void close() {
    retire();
    closed = true;
    timer.shutdownNow();
    pending.forEach(Call::fail);
  }

  /** Begins no attempt any more, and leaves those under way alone. */
  void retire() {
    retired = true;
    waiting.forEach(this::giveUp);
  }

  boolean isRetired() {
    return retired;
  }

  /** Keeps a call in view until it is done, so that closing can complete it. */
  void watch(Call<?> call) {
    pending.add(call);
    if (closed) {
      call.fail();
    }
  }

  void unwatch(Call<?> call) {
    pending.remove(call);
  }

  boolean hasWaitingRoom() {
    return waiting.size() < maxWaiting;
  }

  /** Runs a call's next step after a while; false if too many calls are waiting already. */
  boolean resumeLater(Call<?> call, long nanos, Runnable step) {
    if (!hasWaitingRoom()) {
      return false;
    }
    waiting.add(call);
    Future<?> unused =
        after(
            nanos,
            () -> {
              if (waiting.remove(call)) {
                step.run();
              }
            });
    if (retired) {
      giveUp(call);
    }
    return true;
  }

  private void giveUp(Call<?> call) {
    if (waiting.remove(call)) {
      call.fail();
    }
  }

  /** Runs a step on the executor after a while, unless closed before. */
  @Nullable Future<?> after(long nanos, Runnable step) {
    try {
      return timer.schedule(() -> run(step), nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException closedMeanwhile) {
      // Closing completes every call in view, so nobody waits for this step.
      return null;
    }
  }

  private void run(Runnable step) {
    try {
      executor.execute(step);
    } catch (RuntimeException | Error e) {
      // The owner of the executor ended it first, or it got no thread; the call must complete all
      // the same.
      step.run();
    }
  }

  private static Thread timerThread(Runnable task) {
    Thread thread = new Thread(task, "carillon-resilience-timer");
    thread.setDaemon(true);
    return thread;
  }

  /** Builds a {@link Resilience}. Not thread-safe. */
  public static final class Builder {
    private @Nullable RetryPolicy retry;
    private @Nullable CircuitBreakerPolicy circuitBreaker;
    private @Nullable RateLimitPolicy rateLimit;
    private @Nullable TimeoutPolicy timeout;
    private Executor executor = CallbackThreads.newPool("carillon-resilience");
    private int maxWaiting = 10_000;

    private Builder() {}

    /** Tries again after retryable failures. */
    public Builder retry(RetryPolicy policy) {
      retry = policy;
      return this;
    }

    /** Leaves a peer alone that fails too often. */
    public Builder circuitBreaker(CircuitBreakerPolicy policy) {
      circuitBreaker = policy;
      return this;
    }

    /** Spreads attempts over time. */
    public Builder rateLimit(RateLimitPolicy policy) {
      rateLimit = policy;
      return this;
    }

    /** Bounds each attempt. */
    public Builder timeout(TimeoutPolicy policy) {
      timeout = policy;
      return this;
    }

    /**
     * Where work goes on after a wait: later attempts, and what hangs on the futures that they and
     * timeouts complete. Stays the caller's to end. Default: two to four threads of its own, {@link
     * CallbackThreads}.
     */
    public Builder executor(Executor value) {
      executor = value;
      return this;
    }

    /**
     * How many calls may wait for their next attempt at once; default 10,000. Beyond that a failure
     * is handed over at once instead of being waited out.
     */
    public Builder maxWaiting(int value) {
      Ranges.atLeast("maxWaiting", value, 1);
      maxWaiting = value;
      return this;
    }

    /** The policies, ready to run calls. */
    public Resilience build() {
      return new Resilience(this);
    }
  }
}
