package dev.carillon.resilience;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventException;
import dev.carillon.core.EventRejectedException;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.core.EventValidationException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RetryTest {

  private final EventConnectionException refused =
      new EventConnectionException("refused", false, null);
  private static final RetryPolicy QUICK =
      RetryPolicy.builder()
          .delay(Duration.ofMillis(1), Duration.ofMillis(5))
          .deadline(Duration.ofSeconds(10))
          .build();

  private final AtomicInteger attempts = new AtomicInteger();

  @BeforeEach
  void waitForEarlierTimersToEnd() {
    Awaitility.await().until(() -> threadsNamed("carillon-resilience-timer") == 0);
  }

  @Test
  void runsTheFirstAttemptAndItsSuccessOnTheCallersThreadAndStartsNoOther() throws Exception {
    Thread caller = Thread.currentThread();
    try (Resilience resilience = Resilience.ofDefaults()) {
      CompletableFuture<Thread> ran =
          resilience.call(() -> completedFuture(Thread.currentThread()));
      assertThat(ran).isCompletedWithValue(caller);
      assertThat(threadsNamed("carillon-resilience-timer")).isZero();
    }
  }

  @Test
  void triesAgainUntilItSucceeds() throws Exception {
    try (Resilience resilience = Resilience.builder().retry(QUICK).build()) {
      CompletableFuture<String> done =
          resilience.call(
              () -> attempts.incrementAndGet() < 4 ? failedFuture(refused) : completedFuture("ok"));
      assertThat(done.get(5, TimeUnit.SECONDS)).isEqualTo("ok");
      assertThat(attempts).hasValue(4);
    }
  }

  @Test
  void leavesAloneWhatTryingAgainCannotHelp() {
    EventException invalid = new EventValidationException("type", "is missing");
    try (Resilience resilience = Resilience.builder().retry(QUICK).build()) {
      assertThat(failure(resilience.call(failing(invalid)))).isSameAs(invalid);
      assertThat(failure(resilience.call(failing(new IOException("disk")))))
          .hasMessageContaining("disk");
      assertThat(attempts).hasValue(2);
    }
  }

  @Test
  void handsOverWhatTheAttemptThrows() {
    try (Resilience resilience = Resilience.builder().retry(QUICK).build()) {
      CompletableFuture<String> thrown =
          resilience.call(
              () -> {
                throw new IllegalStateException("broken");
              });
      assertThat(failure(thrown)).hasMessageContaining("broken");
    }
  }

  @Test
  void handsOverTheLastFailureOnceAttemptsAreUsedUp() {
    RetryPolicy three =
        RetryPolicy.builder()
            .maxAttempts(3)
            .delay(Duration.ofMillis(1), Duration.ofMillis(1))
            .build();
    try (Resilience resilience = Resilience.builder().retry(three).build()) {
      assertThat(failure(resilience.call(failing(refused)))).isSameAs(refused);
      assertThat(attempts).hasValue(3);
    }
  }

  @Test
  void waitsLongerFromAttemptToAttempt() {
    RetryPolicy doubling =
        RetryPolicy.builder()
            .maxAttempts(4)
            .delay(Duration.ofMillis(20), Duration.ofSeconds(1))
            .jitter(0)
            .build();
    try (Resilience resilience = Resilience.builder().retry(doubling).build()) {
      long began = System.nanoTime();
      assertThat(failure(resilience.call(failing(refused)))).isSameAs(refused);
      assertThat(since(began)).isGreaterThanOrEqualTo(Duration.ofMillis(20 + 40 + 80));
    }
  }

  @Test
  void leavesThePeerAloneAsLongAsItAsked() {
    EventException busy = new EventRejectedException("busy", true, Duration.ofMillis(150));
    try (Resilience resilience = Resilience.builder().retry(QUICK).build()) {
      long began = System.nanoTime();
      CompletableFuture<String> done =
          resilience.call(
              () -> attempts.incrementAndGet() < 2 ? failedFuture(busy) : completedFuture("ok"));
      assertThat(done).succeedsWithin(Duration.ofSeconds(5));
      assertThat(since(began)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
    }
  }

  @Test
  void doesNotBeginAWaitThatWouldReachTheDeadline() {
    EventException busy = new EventRejectedException("busy", true, Duration.ofDays(999_999));
    try (Resilience resilience = Resilience.builder().retry(QUICK).build()) {
      CompletableFuture<String> failed = resilience.call(failing(busy));
      assertThat(failed).isCompletedExceptionally();
      assertThat(failure(failed)).isSameAs(busy);
      assertThat(attempts).hasValue(1);
    }
  }

  @Test
  void boundsAHangingAttemptByTheDeadlineToo() {
    RetryPolicy brief =
        RetryPolicy.builder()
            .delay(Duration.ofMillis(1), Duration.ofMillis(1))
            .deadline(Duration.ofMillis(100))
            .build();
    try (Resilience resilience = Resilience.builder().retry(brief).build()) {
      EventException error = failure(resilience.call(CompletableFuture::new));
      assertThat(error).isInstanceOf(EventTimeoutException.class);
      assertThat(error.mayHaveArrived()).isTrue();
    }
  }

  @Test
  void timesOutEachAttemptAndCancelsIt() {
    Resilience.Builder builder =
        Resilience.builder().retry(QUICK).timeout(TimeoutPolicy.of(Duration.ofMillis(30)));
    CompletableFuture<String> hanging = new CompletableFuture<>();
    try (Resilience resilience = builder.build()) {
      CompletableFuture<String> done =
          resilience.call(() -> attempts.incrementAndGet() < 2 ? hanging : completedFuture("ok"));
      assertThat(done).succeedsWithin(Duration.ofSeconds(5)).isEqualTo("ok");
      assertThat(hanging).isCancelled();
    }
  }

  @Test
  void saysThatAnEarlierAttemptMayHaveArrived() {
    RetryPolicy twice =
        RetryPolicy.builder()
            .maxAttempts(2)
            .delay(Duration.ofMillis(1), Duration.ofMillis(1))
            .build();
    Resilience.Builder builder =
        Resilience.builder().retry(twice).timeout(TimeoutPolicy.of(Duration.ofMillis(30)));
    try (Resilience resilience = builder.build()) {
      EventException error =
          failure(
              resilience.call(
                  () ->
                      attempts.incrementAndGet() < 2
                          ? new CompletableFuture<>()
                          : failedFuture(refused)));
      assertThat(error.mayHaveArrived()).isTrue();
      assertThat(error.isRetryable()).isTrue();
      assertThat(error).hasCause(refused);
    }
  }

  @Test
  void cancellingEndsTheTrying() {
    RetryPolicy steady =
        RetryPolicy.builder()
            .maxAttempts(1000)
            .delay(Duration.ofMillis(1), Duration.ofMillis(1))
            .build();
    CompletableFuture<String> underWay = new CompletableFuture<>();
    try (Resilience resilience = Resilience.builder().retry(steady).build()) {
      CompletableFuture<String> call =
          resilience.call(() -> attempts.incrementAndGet() < 3 ? failedFuture(refused) : underWay);
      Awaitility.await().until(() -> attempts.get() == 3);
      call.cancel(false);
      assertThat(underWay).isCancelled();
      assertThat(attempts).hasValue(3);
    }
  }

  @Test
  void holdsNoThreadWhileManyCallsWait() throws Exception {
    RetryPolicy patient =
        RetryPolicy.builder().delay(Duration.ofMillis(300), Duration.ofMillis(300)).build();
    Semaphore done = new Semaphore(0);
    try (Resilience resilience = Resilience.builder().retry(patient).maxWaiting(1000).build()) {
      for (int i = 0; i < 1000; i++) {
        AtomicInteger own = new AtomicInteger();
        var unused =
            resilience
                .call(
                    () -> own.incrementAndGet() < 2 ? failedFuture(refused) : completedFuture("ok"))
                .thenRun(done::release);
      }
      assertThat(threadsNamed("carillon-resilience-timer")).isEqualTo(1);
      assertThat(done.tryAcquire(1000, 10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void goesOnThoughTheExecutorGetsNoThread() throws Exception {
    Resilience.Builder builder =
        Resilience.builder()
            .retry(QUICK)
            .timeout(TimeoutPolicy.of(Duration.ofMillis(30)))
            .executor(
                step -> {
                  throw new OutOfMemoryError("unable to create native thread");
                });
    try (Resilience resilience = builder.build()) {
      CompletableFuture<String> done =
          resilience.call(
              () ->
                  switch (attempts.incrementAndGet()) {
                    case 1 -> failedFuture(refused);
                    case 2 -> new CompletableFuture<>();
                    default -> completedFuture("ok");
                  });
      assertThat(done.get(5, TimeUnit.SECONDS)).isEqualTo("ok");
    }
  }

  @Test
  void handsOverAFailureAtOnceWhenTooManyWait() {
    RetryPolicy patient =
        RetryPolicy.builder().delay(Duration.ofSeconds(5), Duration.ofSeconds(5)).build();
    try (Resilience resilience = Resilience.builder().retry(patient).maxWaiting(1).build()) {
      CompletableFuture<String> waiting = resilience.call(failing(refused));
      assertThat(failure(resilience.call(failing(refused)))).isSameAs(refused);
      assertThat(waiting).isNotDone();
    }
  }

  @Test
  void refusesPoliciesThatMakeNoSense() {
    assertThatThrownBy(() -> RetryPolicy.builder().maxAttempts(0).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxAttempts");
    assertThatThrownBy(() -> RetryPolicy.builder().jitter(Double.NaN).build())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TimeoutPolicy.of(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CircuitBreakerPolicy.builder().failureRate(101).build())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RateLimitPolicy.builder().rate(0, Duration.ofSeconds(1)).build())
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Supplier<CompletableFuture<String>> failing(Throwable error) {
    return () -> {
      attempts.incrementAndGet();
      return failedFuture(error);
    };
  }

  static EventException failure(CompletableFuture<?> future) {
    try {
      throw new AssertionError("succeeded with " + future.get(10, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      return EventException.of(e);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }

  static long threadsNamed(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(name))
        .count();
  }
}
