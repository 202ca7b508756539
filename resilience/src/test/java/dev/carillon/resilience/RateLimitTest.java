package dev.carillon.resilience;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.SinkFullException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateLimitTest {

  @Test
  void spreadsAttemptsEvenly() {
    RateLimitPolicy policy =
        RateLimitPolicy.builder()
            .rate(50, Duration.ofSeconds(1))
            .maxWait(Duration.ofSeconds(5))
            .build();
    try (Resilience resilience = Resilience.builder().rateLimit(policy).build()) {
      long began = System.nanoTime();
      List<CompletableFuture<Long>> calls =
          IntStream.range(0, 11)
              .mapToObj(i -> resilience.call(() -> completedFuture(System.nanoTime() - began)))
              .toList();
      for (int i = 0; i < calls.size(); i++) {
        // One interval of slack: the first one is cut where the limiter's clock stands.
        assertThat(calls.get(i).join())
            .isGreaterThanOrEqualTo(Duration.ofMillis(20L * (i - 1)).toNanos());
      }
    }
  }

  @Test
  void whatCannotWaitForItsTurnTakesNone() {
    RateLimitPolicy policy = new RateLimitPolicy(10, Duration.ofSeconds(1), Duration.ofMinutes(1));
    RetryPolicy impatient = RetryPolicy.builder().deadline(Duration.ofMillis(500)).build();
    try (Resilience resilience = Resilience.builder().retry(impatient).rateLimit(policy).build()) {
      List<CompletableFuture<String>> calls =
          IntStream.range(0, 100)
              .mapToObj(i -> resilience.call(() -> completedFuture("ok")))
              .toList();
      List<CompletableFuture<String>> refused =
          calls.stream().filter(CompletableFuture::isCompletedExceptionally).toList();
      assertThat(refused).hasSizeGreaterThan(90);
      assertThat(RetryTest.failure(refused.get(0))).isInstanceOf(SinkFullException.class);
      calls.forEach(call -> call.handle((ok, error) -> ok).join());
      assertThat(resilience.call(() -> completedFuture("ok")))
          .succeedsWithin(Duration.ofSeconds(5));
    }
  }

  @Test
  void refusesVisiblyAndAtOnceWhatWouldWaitTooLong() {
    RateLimitPolicy policy =
        RateLimitPolicy.builder()
            .rate(1, Duration.ofSeconds(10))
            .maxWait(Duration.ofMillis(50))
            .build();
    Resilience.Builder builder =
        Resilience.builder().retry(RetryPolicy.ofDefaults()).rateLimit(policy);
    try (Resilience resilience = builder.build()) {
      assertThat(resilience.call(() -> completedFuture("ok"))).isCompletedWithValue("ok");
      CompletableFuture<String> tooFast = resilience.call(() -> completedFuture("never"));
      assertThat(tooFast).isCompletedExceptionally();
      assertThat(RetryTest.failure(tooFast))
          .isInstanceOf(SinkFullException.class)
          .hasMessageContaining("rate limit of 1 in PT10S");
    }
  }
}
