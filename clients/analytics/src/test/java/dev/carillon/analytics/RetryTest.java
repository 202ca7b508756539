package dev.carillon.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.carillon.analytics.ScriptedServer.Reply;
import dev.carillon.testkit.FaultProxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client does on bad days. */
class RetryTest {

  private static final TrackedEvent EVENT = TrackedEvent.of("c", "event_a");
  private static final Duration LONG = Duration.ofSeconds(30);

  private static AnalyticsClientBuilder quick(String url) {
    return AnalyticsClient.builder().baseUrl(url).retryDelay(Duration.ofMillis(2));
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504, 599})
  void triesAgainUnderTheSameId(int status) {
    try (ScriptedServer server =
            ScriptedServer.answeringInTurn(
                Reply.of(status, ""), Reply.of(status, "<html>"), Reply.accepted(EVENT.id()));
        AnalyticsClient client = quick(server.url()).build()) {
      assertThat(client.trackEvent(EVENT)).isEqualTo(EVENT.id());
      assertThat(server.requests()).hasSize(3);
      assertThat(server.requests())
          .extracting(request -> request.json().get("id"))
          .containsOnly(EVENT.id());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 405, 409, 413, 415})
  void triesNothingAgainThatCannotSucceed(int status) {
    try (ScriptedServer server = ScriptedServer.answering(Reply.refusal(status, "no"));
        AnalyticsClient client = quick(server.url()).build()) {
      assertThatThrownBy(() -> client.trackEvent(EVENT)).isInstanceOf(AnalyticsException.class);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void showsWhoWaited() {
    try (ScriptedServer server = ScriptedServer.answering(Reply.refusal(400, "no"));
        AnalyticsClient client = quick(server.url()).build()) {
      assertThatThrownBy(() -> client.trackEvent(EVENT))
          .satisfies(
              failure ->
                  assertThat(failure.getSuppressed()[0].getStackTrace())
                      .extracting(StackTraceElement::getClassName)
                      .contains(RetryTest.class.getName()));
    }
  }

  @Test
  void givesUpAfterAsManyRetriesAsItWasTold() {
    try (ScriptedServer server = ScriptedServer.answering(Reply.refusal(503, "busy"));
        AnalyticsClient client = quick(server.url()).maxRetries(2).build()) {
      AnalyticsException failure =
          catchThrowableOfType(AnalyticsException.class, () -> client.trackEvent(EVENT));

      assertThat(failure.status()).isEqualTo(503);
      assertThat(failure.isRetryable()).isTrue();
      assertThat(server.requests()).hasSize(3);
    }
  }

  @Test
  void waitsAsLongAsTheServiceAsks() {
    try (ScriptedServer server =
            ScriptedServer.answeringInTurn(
                Reply.refusal(429, "slow down").with("Retry-After", "1"), Reply.accepted("x"));
        AnalyticsClient client = quick(server.url()).build()) {
      long start = System.nanoTime();
      client.trackEvent(EVENT);

      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }
  }

  @Test
  void waitsUntilTheDateThatTheServiceNames() {
    String until = httpDate(Instant.now().plusSeconds(90));
    try (ScriptedServer server =
            ScriptedServer.answering(Reply.refusal(503, "later").with("Retry-After", until));
        AnalyticsClient client =
            quick(server.url())
                .deadline(Duration.ofSeconds(30))
                .clock(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC))
                .build()) {
      AnalyticsException failure =
          catchThrowableOfType(AnalyticsException.class, () -> client.trackEvent(EVENT));

      assertThat(failure.retryAfter().orElseThrow())
          .as("by the clock of the service, not the client's")
          .isBetween(Duration.ofSeconds(40), Duration.ofSeconds(91));
      assertThat(server.requests()).as("a wait beyond the deadline is not begun").hasSize(1);
    }
  }

  private static String httpDate(Instant time) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC));
  }

  @Test
  void waitsTwiceAsLongEachTime() {
    AnalyticsException failure = AnalyticsException.unanswered("down", true, null);
    Backoff.Waits waits = Backoff.retries(4, Duration.ofSeconds(1)).waits();

    for (int expected : new int[] {1000, 2000, 4000, 8000}) {
      Duration wait = waits.after(failure);
      assertThat(wait).isNotNull();
      assertThat((double) wait.toMillis()).isBetween(expected * 0.75 - 1, expected * 1.25 + 1);
    }
    assertThat(waits.after(failure)).isNull();
  }

  @Test
  void waitsDifferently() {
    AnalyticsException failure = AnalyticsException.unanswered("down", true, null);

    assertThat(
            IntStream.range(0, 20)
                .mapToObj(i -> Backoff.retries(1, Duration.ofSeconds(1)).waits().after(failure))
                .distinct())
        .hasSizeGreaterThan(1);
  }

  @Test
  void survivesACutConnection() {
    try (ScriptedServer server = ScriptedServer.accepting();
        FaultProxy proxy = FaultProxy.before(server.port());
        AnalyticsClient client = quick("http://127.0.0.1:" + proxy.port()).build()) {
      client.trackEvent(EVENT);
      server.script(
          request -> {
            if (server.requests().size() == 2) {
              proxy.cut();
            }
            return ScriptedServer.accept(request);
          });

      assertThat(client.trackEvent(EVENT)).isEqualTo(EVENT.id());
      assertThat(server.requests().size()).isGreaterThanOrEqualTo(3);
    }
  }

  @Test
  void survivesAServiceThatComesLater() {
    try (ScriptedServer server = ScriptedServer.accepting();
        FaultProxy proxy = FaultProxy.before(server.port())) {
      proxy.refuse();
      try (AnalyticsClient client =
          quick("http://127.0.0.1:" + proxy.port()).maxRetries(1000).build()) {
        CompletableFuture<String> sent = client.async().trackEvent(EVENT);
        await().during(Duration.ofMillis(50)).until(() -> !sent.isDone());
        proxy.pass();

        assertThat(sent).succeedsWithin(LONG).isEqualTo(EVENT.id());
      }
    }
  }

  @Test
  void givesUpOnAServiceThatHangs() {
    try (ScriptedServer server = ScriptedServer.accepting();
        FaultProxy proxy = FaultProxy.before(server.port());
        AnalyticsClient client =
            quick("http://127.0.0.1:" + proxy.port())
                .timeout(Duration.ofMillis(100))
                .maxRetries(1)
                .build()) {
      proxy.hang();

      assertThatThrownBy(() -> client.trackEvent(EVENT))
          .isInstanceOf(AnalyticsException.class)
          .hasMessageContaining("no answer within PT0.1S");

      proxy.pass();
      await().atMost(LONG).until(client::healthCheck, is -> true);
    }
  }

  @Test
  void endsEveryCallAtItsDeadline() {
    try (ScriptedServer server = ScriptedServer.accepting();
        FaultProxy proxy = FaultProxy.before(server.port());
        AnalyticsClient client =
            quick("http://127.0.0.1:" + proxy.port())
                .maxInFlight(2)
                .deadline(Duration.ofMillis(300))
                .build()) {
      proxy.hang();
      List<CompletableFuture<String>> calls = track(client, 10);

      assertThat(calls)
          .allSatisfy(
              call ->
                  assertThat(call)
                      .failsWithin(LONG)
                      .withThrowableThat()
                      .withMessageContaining("no success within PT0.3S"));
    }
  }

  @Test
  void boundsWhatIsUnderWayAndWhatWaits() {
    CountDownLatch answer = new CountDownLatch(1);
    try (ScriptedServer server = new ScriptedServer(request -> held(answer, request));
        AnalyticsClient client =
            quick(server.url()).maxInFlight(3).maxPending(5, 1 << 20).build()) {
      List<CompletableFuture<String>> calls = track(client, 20);

      await().atMost(LONG).until(() -> server.requests().size() == 3);
      assertThat(calls.subList(8, 20))
          .allSatisfy(
              call ->
                  assertThat(call)
                      .failsWithin(LONG)
                      .withThrowableThat()
                      .withMessageContaining("waiting already"));
      assertThat(server.requests()).hasSize(3);
      answer.countDown();
      assertThat(calls.subList(0, 8)).allSatisfy(call -> assertThat(call).succeedsWithin(LONG));
    }
  }

  @Test
  void closingWaitsForWhatIsUnderWayAndEndsTheRest() {
    CountDownLatch answer = new CountDownLatch(1);
    try (ScriptedServer server = new ScriptedServer(request -> held(answer, request))) {
      AnalyticsClient client =
          quick(server.url()).maxInFlight(3).closeTimeout(Duration.ofMillis(100)).build();
      List<CompletableFuture<String>> calls = track(client, 10);
      client.close();
      client.close();

      assertThat(calls).allMatch(CompletableFuture::isCompletedExceptionally);
      assertThat(client.async().trackEvent(EVENT))
          .failsWithin(LONG)
          .withThrowableThat()
          .withMessageContaining("closed");
      answer.countDown();
    }
  }

  @Test
  void aCallbackMayBlock() {
    try (ScriptedServer server = ScriptedServer.accepting();
        AnalyticsClient client = quick(server.url()).build()) {
      List<CompletableFuture<String>> calls = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        calls.add(client.async().trackEvent(EVENT).thenApply(id -> client.trackEvent(EVENT)));
      }

      assertThat(calls).allSatisfy(call -> assertThat(call).succeedsWithin(LONG));
    }
  }

  private static Reply held(CountDownLatch until, ScriptedServer.Request request) {
    ScriptedServer.holdUntil(until);
    return ScriptedServer.accept(request);
  }

  private static List<CompletableFuture<String>> track(AnalyticsClient client, int events) {
    return IntStream.range(0, events)
        .mapToObj(i -> client.async().trackEvent(TrackedEvent.of("c", "event_a")))
        .toList();
  }
}
