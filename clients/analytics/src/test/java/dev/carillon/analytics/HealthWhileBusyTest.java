package dev.carillon.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.analytics.ScriptedServer.Reply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is said of a service's health while calls wait for it. */
class HealthWhileBusyTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private static AnalyticsClientBuilder oneAtATime(ScriptedServer server) {
    return AnalyticsClient.builder().baseUrl(server.url()).maxInFlight(1);
  }

  @Test
  void tellsThatTheServiceIsWellWhileCallsWait() {
    Reply later = Reply.refusal(503, "busy").with("Retry-After", "60");
    try (ScriptedServer server =
            new ScriptedServer(
                request -> request.path().equals("/health") ? Reply.ok("{}") : later);
        AnalyticsClient client =
            oneAtATime(server).maxPending(1, 1 << 20).closeTimeout(Duration.ZERO).build()) {
      List<CompletableFuture<String>> calls =
          Stream.generate(() -> client.async().trackEvent(TrackedEvent.of("c", "event_a")))
              .limit(3)
              .toList();
      assertThat(calls.get(2)).as("the queue is full").isCompletedExceptionally();

      assertThat(client.healthCheck()).isTrue();
      assertThat(client.waitUntilReady(LONG)).isTrue();
      assertThat(calls.subList(0, 2)).noneMatch(CompletableFuture::isDone);
    }
  }

  @Test
  void takesManyChecksAtOnceAsOtherCalls() {
    CountDownLatch answer = new CountDownLatch(1);
    try (ScriptedServer server =
            new ScriptedServer(
                request -> {
                  ScriptedServer.holdUntil(answer);
                  return Reply.ok("{}");
                });
        AnalyticsClient client = oneAtATime(server).build()) {
      List<CompletableFuture<Boolean>> checks =
          Stream.generate(client.async()::healthCheck).limit(100).toList();

      await().atMost(LONG).until(() -> server.requests().size() == 17);
      answer.countDown();
      assertThat(checks)
          .allSatisfy(check -> assertThat(check).succeedsWithin(LONG).isEqualTo(true));
    }
  }
}
