package dev.carillon.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.analytics.ScriptedServer.Reply;
import dev.carillon.testkit.FaultProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes of a buffer's events when it is closed, or its client. */
class BufferClosingTest extends BufferingClient {

  private static AnalyticsClient impatient(int port) {
    return AnalyticsClient.builder()
        .baseUrl("http://127.0.0.1:" + port)
        .closeTimeout(Duration.ZERO)
        .build();
  }

  @Test
  void saysWhatWasNotSentInTime() {
    try (FaultProxy proxy = FaultProxy.before(server.port());
        AnalyticsClient slow = impatient(proxy.port())) {
      proxy.hang();
      EventBuffer buffer = slow.openBuffer(patient().batch(4, 1 << 20).build());
      List<TrackedEvent> events = IntStream.range(0, 10).mapToObj(i -> event(i)).toList();
      List<CompletableFuture<String>> results = events.stream().map(buffer::trackEvent).toList();
      List<String> ids = events.stream().map(TrackedEvent::id).toList();

      assertThat(buffer.flush(Duration.ofMillis(50)).unsent()).isEqualTo(ids);
      assertThat(results).noneMatch(CompletableFuture::isDone);
      assertThat(buffer.close(Duration.ofMillis(50)).unsent()).isEqualTo(ids);
      assertThat(results).allMatch(CompletableFuture::isCompletedExceptionally);
      assertThat(buffer.close(LONG)).as("closing again").isEqualTo(new FlushReport(0, 0, ids));
      assertThat(buffer.size()).isZero();
    }
  }

  @Test
  void tellsThoseWhoWaitWhatItsClosingLetGoOf() throws InterruptedException {
    try (FaultProxy proxy = FaultProxy.before(server.port())) {
      proxy.hang();
      AnalyticsClient slow = impatient(proxy.port());
      EventBuffer buffer = slow.openBuffer(patient().batch(4, 1 << 20).build());
      List<CompletableFuture<String>> results = track(buffer, 10);
      List<FlushReport> reports = new CopyOnWriteArrayList<>();
      List<Thread> waiting =
          List.of(
              new Thread(() -> reports.add(buffer.flush(LONG))),
              new Thread(() -> reports.add(buffer.close(LONG))));
      waiting.forEach(Thread::start);
      await()
          .atMost(LONG)
          .until(() -> waiting.stream().allMatch(t -> t.getState() == Thread.State.TIMED_WAITING));

      slow.close();

      for (Thread thread : waiting) {
        thread.join();
      }
      assertThat(reports).extracting(report -> report.unsent().size()).containsExactly(10, 10);
      assertThat(results).allMatch(CompletableFuture::isCompletedExceptionally);
    }
  }

  @Test
  void closingTellsWhatWasAcceptedOfABatchUnderWay() throws InterruptedException {
    CountDownLatch forGood = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    server.script(
        request -> {
          if (request.path().endsWith("/batch")) {
            return Reply.of(404, "");
          }
          if (asked.incrementAndGet() > 5) {
            ScriptedServer.holdUntil(forGood);
          }
          return ScriptedServer.accept(request);
        });
    EventBuffer buffer = client.openBuffer(patient().build());
    List<CompletableFuture<String>> results = track(buffer, 60);

    FlushReport report = buffer.close(Duration.ofSeconds(1));

    assertThat(report.accepted()).isEqualTo(5);
    assertThat(report.failed()).isZero();
    assertThat(report.unsent()).hasSize(55);
    assertThat(results).allMatch(CompletableFuture::isDone);
    assertThat(results.stream().filter(result -> !result.isCompletedExceptionally())).hasSize(5);
    int sent = server.requests().size();
    forGood.countDown();
    client.close();
    assertThat(server.requests()).as("nothing is sent after closing").hasSize(sent);
  }

  @Test
  void closingTheClientTakesItsTimeOnceForAllBuffers() {
    try (FaultProxy proxy = FaultProxy.before(server.port())) {
      proxy.hang();
      AnalyticsClient slow =
          AnalyticsClient.builder()
              .baseUrl("http://127.0.0.1:" + proxy.port())
              .closeTimeout(Duration.ofSeconds(2))
              .build();
      List<CompletableFuture<String>> results = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        results.addAll(track(slow.openBuffer(patient().build()), 2));
      }
      long began = System.nanoTime();
      slow.close();

      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
      assertThat(results).allMatch(CompletableFuture::isCompletedExceptionally);
    }
  }

  @Test
  void takesNothingAfterClosing() {
    EventBuffer buffer = client.openBuffer(patient().build());
    CompletableFuture<String> before = buffer.trackEvent(event(1));
    buffer.close();

    assertThat(before).isCompleted();
    assertThat(buffer.trackEvent(event(2)))
        .failsWithin(LONG)
        .withThrowableThat()
        .withMessageContaining("closed");
  }

  @Test
  void isClosedWithItsClient() {
    EventBuffer buffer = client.openBuffer(patient().build());
    CompletableFuture<String> result = buffer.trackEvent(event(1));
    client.close();

    assertThat(result).isCompleted();
    assertThat(server.requests()).hasSize(1);
  }
}
