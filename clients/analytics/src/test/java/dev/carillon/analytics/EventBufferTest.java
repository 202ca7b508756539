package dev.carillon.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.analytics.ScriptedServer.Reply;
import dev.carillon.analytics.ScriptedServer.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tracking in the background: when it sends, what it refuses, and what it says about it. */
class EventBufferTest extends BufferingClient {

  private List<List<String>> batches() {
    return server.requests().stream()
        .map(
            request ->
                request.entries().stream()
                    .map(entry -> String.valueOf(entry.get("input")))
                    .toList())
        .toList();
  }

  @Test
  void sendsWhenEnoughAreTogether() {
    EventBuffer buffer = client.openBuffer(patient().batch(10, 1 << 20).build());
    List<CompletableFuture<String>> some = track(buffer, 9);
    assertThat(server.requests()).isEmpty();

    CompletableFuture<String> last = buffer.trackEvent(event(9));

    assertThat(last).succeedsWithin(LONG);
    assertThat(some).allSatisfy(result -> assertThat(result).succeedsWithin(LONG));
    assertThat(server.only().line()).isEqualTo("POST /event/batch");
    assertThat(batches().get(0))
        .containsExactlyElementsOf(IntStream.range(0, 10).mapToObj(i -> "number " + i).toList());
  }

  @Test
  void sendsWhenEnoughBytesAreTogether() {
    EventBuffer buffer = client.openBuffer(patient().batch(10_000, 20_000).build());
    String long_ = "x".repeat(5_000);
    List<CompletableFuture<String>> results =
        IntStream.range(0, 4)
            .mapToObj(
                i -> buffer.trackEvent(TrackedEvent.builder("c", "event_a").input(long_).build()))
            .toList();

    assertThat(results.get(0)).succeedsWithin(LONG);
    assertThat(server.requests().get(0).body().length()).isLessThanOrEqualTo(20_000);
    assertThat(buffer.flush(LONG).isComplete()).isTrue();
  }

  @Test
  void sendsWhenTheOldestHasWaitedLongEnough() {
    EventBuffer buffer =
        client.openBuffer(BufferPolicy.builder().maxAge(Duration.ofMillis(20)).build());

    TrackedEvent event = event(1);

    assertThat(buffer.trackEvent(event)).succeedsWithin(LONG).isEqualTo(event.id());
    assertThat(buffer.trackEvent(event(2))).succeedsWithin(LONG);
    assertThat(buffer.size()).isZero();
  }

  @Test
  void keepsTheOrderOfCreatesUpdatesAndDeletes() {
    EventBuffer buffer = client.openBuffer(patient().batch(3, 1 << 20).build());
    TrackedEvent event = event(0);
    List<CompletableFuture<String>> results = new ArrayList<>();
    results.add(buffer.trackEvent(event));
    for (int i = 1; i <= 20; i++) {
      results.add(
          buffer.updateEvent(event.id(), EventUpdate.builder().input("number " + i).build()));
    }
    results.add(buffer.deleteEvent(event.id()));

    assertThat(buffer.flush(LONG).unsent()).isEmpty();
    assertThat(results).allSatisfy(result -> assertThat(result).isCompletedWithValue(event.id()));
    List<Object> operations =
        server.requests().stream()
            .flatMap(request -> request.entries().stream())
            .map(entry -> entry.getOrDefault("operation", "create") + " " + entry.get("input"))
            .map(Object.class::cast)
            .toList();
    assertThat(operations).hasSize(22).startsWith("create number 0", "update number 1");
    assertThat(operations).endsWith("update number 20", "delete null");
  }

  @Test
  void refusesVisiblyWhenFull() {
    server.script(request -> Reply.refusal(503, "away"));
    EventBuffer buffer = client.openBuffer(patient().max(5, 1 << 20).build());
    List<CompletableFuture<String>> taken = track(buffer, 5);

    assertThat(buffer.trackEvent(event(6)))
        .isCompletedExceptionally()
        .failsWithin(LONG)
        .withThrowableThat()
        .withCauseInstanceOf(BufferFullException.class)
        .withMessageContaining("5 events");
    assertThat(taken).noneMatch(CompletableFuture::isDone);

    server.script(ScriptedServer::accept);
    assertThat(buffer.flush(LONG).isComplete()).isTrue();
    assertThat(buffer.trackEvent(event(7))).isNotDone();
    assertThat(buffer.close(LONG).accepted()).isEqualTo(6);
  }

  @Test
  void refusesVisiblyWhenFullOfBytes() {
    EventBuffer buffer = client.openBuffer(patient().max(100, 2_000).build());
    TrackedEvent large = TrackedEvent.builder("c", "event_a").input("x".repeat(1_500)).build();

    assertThat(buffer.trackEvent(large)).isNotDone();
    assertThat(buffer.trackEvent(large))
        .failsWithin(LONG)
        .withThrowableThat()
        .withCauseInstanceOf(BufferFullException.class);
    assertThat(buffer.flush(LONG).accepted()).isEqualTo(1);
    assertThat(buffer.trackEvent(large)).isNotDone();
  }

  @Test
  void aBadEventDoesNotStopItsNeighbours() {
    server.script(
        request -> {
          StringJoiner entries = new StringJoiner(",", "[", "]");
          request
              .entries()
              .forEach(
                  entry ->
                      entries.add(
                          "event_x".equals(entry.get("event_name"))
                              ? "{\"error\":\"event_name: is none of event_a, event_b, event_c\"}"
                              : "{\"id\":\"" + entry.get("id") + "\"}"));
          return Reply.of(202, "{\"success\":true,\"data\":" + entries + "}");
        });
    EventBuffer buffer = client.openBuffer(patient().build());
    CompletableFuture<String> before = buffer.trackEvent(event(1));
    CompletableFuture<String> bad = buffer.trackEvent(TrackedEvent.of("c", "event_x"));
    CompletableFuture<String> after = buffer.trackEvent(event(2));

    FlushReport report = buffer.flush(LONG);

    assertThat(report).isEqualTo(new FlushReport(2, 1, List.of()));
    assertThat(before).isCompleted();
    assertThat(after).isCompleted();
    assertThat(bad)
        .failsWithin(LONG)
        .withThrowableThat()
        .withCauseInstanceOf(AnalyticsValidationException.class)
        .withMessageContaining("event_name: is none of");
  }

  @Test
  void cutsABatchThatIsTooLarge() {
    server.script(
        request ->
            request.entries().size() > 3
                ? Reply.refusal(413, "large")
                : ScriptedServer.accept(request));
    EventBuffer buffer = client.openBuffer(patient().build());
    List<CompletableFuture<String>> results = track(buffer, 16);

    assertThat(buffer.flush(LONG).isComplete()).isTrue();
    assertThat(results).allMatch(result -> !result.isCompletedExceptionally());
    assertThat(batches().stream().filter(batch -> batch.size() <= 3).flatMap(List::stream))
        .containsExactlyElementsOf(IntStream.range(0, 16).mapToObj(i -> "number " + i).toList());

    int before = server.requests().size();
    track(buffer, 2);
    buffer.flush(LONG);
    assertThat(server.requests().size() - before).as("it has learnt").isEqualTo(1);
  }

  @Test
  void cutsOutTheEventThatSpoilsABatch() {
    Predicate<Request> spoilt =
        request -> request.entries().stream().anyMatch(e -> "number 7".equals(e.get("input")));
    server.script(
        request ->
            spoilt.test(request) ? Reply.refusal(400, "spoilt") : ScriptedServer.accept(request));
    EventBuffer buffer = client.openBuffer(patient().build());
    List<CompletableFuture<String>> results = track(buffer, 10);

    assertThat(buffer.flush(LONG)).isEqualTo(new FlushReport(9, 1, List.of()));
    assertThat(results.get(7)).isCompletedExceptionally();
  }

  @Test
  void asksOnceWhenNothingInABatchIsValid() {
    server.script(
        request -> {
          StringJoiner entries = new StringJoiner(",", "[", "]");
          request.entries().forEach(e -> entries.add("{\"error\":\"bad " + e.get("input") + "\"}"));
          return Reply.of(
              400, "{\"success\":false,\"error\":\"nothing is valid\",\"data\":" + entries + "}");
        });
    EventBuffer buffer = client.openBuffer(patient().build());
    List<CompletableFuture<String>> results = track(buffer, 20);

    assertThat(buffer.flush(LONG)).isEqualTo(new FlushReport(0, 20, List.of()));
    assertThat(server.requests()).hasSize(1);
    assertThat(results.get(7))
        .failsWithin(LONG)
        .withThrowableThat()
        .withCauseInstanceOf(AnalyticsValidationException.class)
        .withMessageContaining("bad number 7");
  }

  @Test
  void goesOnOneByOneWhereThereIsNoBatchEndpoint() {
    server.script(
        request ->
            request.path().endsWith("/event/batch")
                ? Reply.of(405, "")
                : ScriptedServer.accept(request));
    EventBuffer buffer = client.openBuffer(patient().build());
    TrackedEvent event = event(0);
    EventUpdate update = EventUpdate.builder().output("changed").build();
    assertThat(buffer.trackEvent(event)).isNotDone();
    assertThat(buffer.updateEvent(event.id(), update)).isNotDone();
    CompletableFuture<String> deleted = buffer.deleteEvent(event.id());
    List<CompletableFuture<String>> others = track(buffer, 20);

    assertThat(buffer.flush(LONG)).isEqualTo(new FlushReport(23, 0, List.of()));
    assertThat(deleted).isCompletedWithValue(event.id());
    assertThat(others).allMatch(CompletableFuture::isDone);
    assertThat(server.requests())
        .filteredOn(
            request -> request.body().contains(event.id()) || request.path().contains(event.id()))
        .extracting(Request::line)
        .containsSubsequence(
            "POST /event/", "PUT /event/" + event.id(), "DELETE /event/" + event.id());

    track(buffer, 1);
    buffer.flush(LONG);
    assertThat(server.requests())
        .filteredOn(request -> request.path().endsWith("/batch"))
        .as("asked once")
        .hasSize(1);
  }

  @Test
  void looksForTheBatchEndpointAgain() {
    AtomicBoolean away = new AtomicBoolean(true);
    server.script(
        request ->
            request.path().endsWith("/event/batch") && away.getAndSet(false)
                ? Reply.of(404, "<html>no such page</html>")
                : ScriptedServer.accept(request));
    EventBuffer buffer = client.openBuffer(patient().build());
    for (int list = 0; list < 102; list++) {
      track(buffer, 1);
      assertThat(buffer.flush(LONG).isComplete()).isTrue();
    }
    assertThat(server.requests())
        .filteredOn(request -> request.path().endsWith("/batch"))
        .hasSizeBetween(2, 3);
  }

  @Test
  void compressesLargeBatches() {
    EventBuffer buffer = client.openBuffer(patient().build());
    track(buffer, 200);

    assertThat(buffer.flush(LONG).accepted()).isEqualTo(200);
    assertThat(server.only().isGzip()).isTrue();
  }

  @Test
  void repeatsABatchUnderTheSameIds() {
    server.script(
        request ->
            server.requests().size() < 3
                ? Reply.refusal(503, "busy").with("Retry-After", "0")
                : ScriptedServer.accept(request));
    EventBuffer buffer = client.openBuffer(patient().build());
    track(buffer, 5);

    assertThat(buffer.flush(LONG)).isEqualTo(new FlushReport(5, 0, List.of()));
    assertThat(server.requests())
        .extracting(Request::body)
        .hasSize(3)
        .containsOnly(server.requests().get(0).body());
  }

  @Test
  void failsWhatCouldNotBeSent() {
    server.script(request -> Reply.refusal(401, "who are you"));
    EventBuffer buffer = client.openBuffer(patient().build());
    List<CompletableFuture<String>> results = track(buffer, 5);

    assertThat(buffer.flush(LONG)).isEqualTo(new FlushReport(0, 5, List.of()));
    assertThat(results).allMatch(CompletableFuture::isCompletedExceptionally);
  }

  @Test
  void namesAnIdThatIsNone() {
    EventBuffer buffer = client.openBuffer(patient().build());

    assertThat(buffer.deleteEvent("x"))
        .failsWithin(LONG)
        .withThrowableThat()
        .withCauseInstanceOf(AnalyticsValidationException.class)
        .withMessageContaining("id: is no UUID");
    assertThat(buffer.size()).isZero();
  }

  @Test
  void takesFromManyThreadsAndLosesNothing() throws InterruptedException {
    EventBuffer buffer =
        client.openBuffer(
            BufferPolicy.builder().batch(100, 1 << 20).maxAge(Duration.ofMillis(5)).build());
    int threads = 8;
    int each = 500;
    CountDownLatch done = new CountDownLatch(threads);
    List<CompletableFuture<String>> results =
        java.util.Collections.synchronizedList(new ArrayList<>());
    for (int t = 0; t < threads; t++) {
      new Thread(
              () -> {
                results.addAll(track(buffer, each));
                done.countDown();
              })
          .start();
    }
    done.await();

    FlushReport report = buffer.flush(LONG);

    assertThat(report).isEqualTo(new FlushReport(results.size(), 0, List.of()));
    assertThat(results).allMatch(CompletableFuture::isDone);
    assertThat(
            server.requests().stream()
                .flatMap(request -> request.entries().stream())
                .map(entry -> Objects.requireNonNull(entry.get("id")))
                .distinct())
        .hasSize(4_000);
    await().atMost(LONG).until(() -> buffer.size() == 0);
  }
}
