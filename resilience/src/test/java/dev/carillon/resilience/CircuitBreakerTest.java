package dev.carillon.resilience;

import static dev.carillon.resilience.RetryTest.failure;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventException;
import dev.carillon.core.EventRejectedException;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.core.EventValidationException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CircuitBreakerTest {

  private static final Duration OPEN_FOR = Duration.ofMillis(500);
  private final EventException refused = new EventConnectionException("refused", false, null);
  private final EventException invalid = new EventValidationException("type", "is missing");

  private final Resilience resilience =
      Resilience.builder()
          .circuitBreaker(CircuitBreakerPolicy.builder().minimumCalls(4).openFor(OPEN_FOR).build())
          .build();

  @AfterEach
  void close() {
    resilience.close();
  }

  static Stream<EventException> signsOfIllness() {
    return Stream.of(
        new EventConnectionException("refused", false, null),
        new EventTimeoutException("late", true, null),
        new EventRejectedException("overloaded", true, null));
  }

  static Stream<EventException> noSignsOfIllness() {
    return Stream.of(
        new EventValidationException("type", "is missing"),
        new EventRejectedException("unknown topic", false, null));
  }

  @ParameterizedTest
  @MethodSource("signsOfIllness")
  void opensWhenThePeerIsIll(EventException error) {
    fail(error, 4);
    EventException refusal = failure(resilience.call(() -> completedFuture("never")));
    assertThat(refusal).isInstanceOf(CircuitOpenException.class);
    assertThat(refusal.isRetryable()).isTrue();
    assertThat(refusal.mayHaveArrived()).isFalse();
    assertThat(refusal.retryAfter())
        .hasValueSatisfying(after -> assertThat(after).isPositive().isLessThanOrEqualTo(OPEN_FOR));
  }

  @ParameterizedTest
  @MethodSource("noSignsOfIllness")
  void staysClosedForWhatIsNotThePeersHealth(EventException error) {
    fail(error, 20);
    assertThat(resilience.call(() -> completedFuture("ok"))).isCompletedWithValue("ok");
  }

  @Test
  void letsATrialThroughLaterAndClosesWhenItSucceeds() {
    fail(refused, 4);
    await().until(() -> !resilience.call(() -> completedFuture("ok")).isCompletedExceptionally());
    fail(refused, 1);
    assertThat(resilience.call(() -> completedFuture("ok"))).isCompletedWithValue("ok");
  }

  @Test
  void opensAgainWhenTheTrialFails() {
    fail(refused, 4);
    await().until(() -> failure(resilience.call(() -> failedFuture(refused))) == refused);
    assertThat(failure(resilience.call(() -> completedFuture("never"))))
        .isInstanceOf(CircuitOpenException.class);
  }

  @Test
  void anUntellingTrialNeitherClosesNorBlocksTheCircuit() {
    fail(refused, 4);
    await().until(() -> failure(resilience.call(() -> failedFuture(invalid))) == invalid);
    assertThat(failure(resilience.call(() -> failedFuture(invalid)))).isSameAs(invalid);
    assertThat(failure(resilience.call(() -> failedFuture(refused)))).isSameAs(refused);
    assertThat(failure(resilience.call(() -> completedFuture("never"))))
        .isInstanceOf(CircuitOpenException.class);
  }

  @Test
  void retryWaitsUntilTheCircuitMayBeTried() {
    AtomicInteger attempts = new AtomicInteger();
    RetryPolicy quick =
        RetryPolicy.builder().delay(Duration.ofMillis(1), Duration.ofMillis(1)).build();
    CircuitBreakerPolicy breaker =
        CircuitBreakerPolicy.builder().minimumCalls(2).openFor(OPEN_FOR).build();
    try (Resilience both = Resilience.builder().retry(quick).circuitBreaker(breaker).build()) {
      long began = System.nanoTime();
      CompletableFuture<String> done =
          both.call(
              () -> attempts.incrementAndGet() < 3 ? failedFuture(refused) : completedFuture("ok"));
      assertThat(done).succeedsWithin(Duration.ofSeconds(5));
      assertThat(attempts).hasValue(3);
      assertThat(RetryTest.since(began)).isGreaterThanOrEqualTo(OPEN_FOR);
    }
  }

  private void fail(EventException error, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(failure(resilience.call(() -> failedFuture(error)))).isSameAs(error);
    }
  }
}
