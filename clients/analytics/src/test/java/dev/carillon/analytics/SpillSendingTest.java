package dev.carillon.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.analytics.ScriptedServer.Reply;
import dev.carillon.analytics.ScriptedServer.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In which order a spill is sent, and what in it is given up. */
class SpillSendingTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final String ID = "11111111-2222-3333-4444-555555555555";

  private final ScriptedServer server = ScriptedServer.accepting();
  private final AnalyticsClient client = clientOf(server.url());

  /** The outputs that updates gave, in the order in which the service took them. */
  private final List<@Nullable Object> taken = new CopyOnWriteArrayList<>();

  private final Logger logger = Logger.getLogger("dev.carillon.analytics");
  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private final Handler listener =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          warnings.add(new SimpleFormatter().formatMessage(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @TempDir private Path folder;

  @BeforeEach
  void listen() {
    logger.addHandler(listener);
  }

  @AfterEach
  void close() {
    logger.removeHandler(listener);
    client.close();
    server.close();
  }

  private static AnalyticsClient clientOf(String url) {
    return AnalyticsClient.builder()
        .baseUrl(url)
        .maxRetries(0)
        .closeTimeout(Duration.ofSeconds(2))
        .build();
  }

  private BufferPolicy policy() {
    return BufferPolicy.builder().maxAge(Duration.ofHours(1)).spill(folder).build();
  }

  private static List<CompletableFuture<String>> update(EventBuffer buffer, int updates) {
    return IntStream.range(0, updates)
        .mapToObj(i -> buffer.updateEvent(ID, EventUpdate.builder().output("number " + i).build()))
        .toList();
  }

  private static boolean isBatch(Request request) {
    return request.path().endsWith("/batch");
  }

  private Reply take(Request request) {
    List<Map<String, @Nullable Object>> updates =
        isBatch(request) ? request.entries() : List.of(request.json());
    updates.forEach(update -> taken.add(update.get("output")));
    return ScriptedServer.accept(request);
  }

  /** Is away once, for what is so; else takes what it is given. */
  private Reply takeAfterFailing(Request request, AtomicBoolean away, Predicate<Request> what) {
    return what.test(request) && away.getAndSet(false) ? Reply.refusal(503, "away") : take(request);
  }

  private void assertFourUpdatesArriveInOrder() {
    EventBuffer buffer = client.openBuffer(policy());
    List<CompletableFuture<String>> results = update(buffer, 4);

    assertThat(buffer.flush(LONG)).isEqualTo(new FlushReport(4, 0, List.of()));

    assertThat(results).allSatisfy(result -> assertThat(result).isCompletedWithValue(ID));
    assertThat(taken).containsExactly("number 0", "number 1", "number 2", "number 3");
  }

  @Test
  void aClosedBufferDoesNotOvertakeTheNext() {
    AtomicBoolean away = new AtomicBoolean(true);
    server.script(request -> away.get() ? Reply.refusal(503, "away") : take(request));
    try (AnalyticsClient trying =
        AnalyticsClient.builder()
            .baseUrl(server.url())
            .retryDelay(Duration.ofMillis(300))
            .closeTimeout(LONG)
            .build()) {
      EventBuffer first = trying.openBuffer(policy());
      update(first, 1);
      assertThat(first.close(Duration.ofMillis(50)).unsent()).hasSize(1);
      away.set(false);

      EventBuffer next = trying.openBuffer(policy());
      CompletableFuture<String> newer =
          next.updateEvent(ID, EventUpdate.builder().output("newer").build());
      assertThat(next.flush(LONG).isComplete()).isTrue();
      assertThat(newer).isCompleted();
    } // which waits for what is under way
    assertThat(taken).containsExactly("number 0", "newer");
  }

  @Test
  void whatWasAcceptedBeforeClosingIsNotSentAgain() {
    CountDownLatch forAWhile = new CountDownLatch(1);
    server.script(
        request -> {
          if (isBatch(request)) {
            return Reply.of(404, "");
          }
          if (request.body().contains("number 2") && forAWhile.getCount() > 0) {
            ScriptedServer.holdUntil(forAWhile);
            return Reply.refusal(503, "away");
          }
          return take(request);
        });
    EventBuffer first = client.openBuffer(policy());
    update(first, 4);
    FlushReport report = first.close(Duration.ofSeconds(1));
    assertThat(report).isEqualTo(new FlushReport(2, 0, List.of(ID, ID)));
    forAWhile.countDown();

    assertThat(client.openBuffer(policy()).flush(LONG).accepted()).isEqualTo(2);

    assertThat(taken).containsExactly("number 0", "number 1", "number 2", "number 3");
  }

  @Test
  void anUpdateSentAgainAloneComesBeforeTheNext() {
    AtomicBoolean away = new AtomicBoolean(true);
    server.script(
        request ->
            isBatch(request)
                ? Reply.of(404, "")
                : takeAfterFailing(request, away, r -> r.body().contains("number 1")));
    assertFourUpdatesArriveInOrder();
  }

  @Test
  void aPartOfABatchSentAgainComesBeforeTheNext() {
    AtomicBoolean away = new AtomicBoolean(true);
    server.script(
        request ->
            request.entries().size() > 1
                ? Reply.refusal(413, "large")
                : takeAfterFailing(request, away, r -> r.body().contains("number 1")));
    assertFourUpdatesArriveInOrder();
  }

  @Test
  void givesUpWhatCannotBeReadAnyMore() throws IOException {
    server.script(request -> Reply.refusal(503, "away"));
    BufferPolicy small = BufferPolicy.builder().max(1_000, 20_000).spill(folder).build();
    try (EventBuffer first = client.openBuffer(small)) {
      assertThat(update(first, 50)).hasSize(50);
      first.close(Duration.ZERO);
    }
    try (AnalyticsClient restarted = clientOf(server.url() + "/restarted");
        EventBuffer second = restarted.openBuffer(small)) {
      await()
          .atMost(LONG)
          .until(() -> server.requests().stream().anyMatch(r -> r.path().contains("restarted")));
      Path oldest;
      try (Stream<Path> files = Files.list(folder)) {
        oldest =
            files
                .filter(file -> file.toString().endsWith(".ndjson"))
                .sorted()
                .findFirst()
                .orElseThrow();
      }
      int lost = Files.readAllLines(oldest).size();
      Files.write(oldest, new byte[0]);

      server.script(this::take);
      assertThat(second.flush(LONG)).isEqualTo(new FlushReport(50 - lost, lost, List.of()));
      assertThat(taken).hasSizeBetween(1, 49).startsWith("number " + lost).endsWith("number 49");
      assertThat(warnings).filteredOn(text -> text.contains(ID + " is lost")).hasSize(lost);
    }
  }

  @Test
  void goesOnAfterUpdatesAndDeletesThatTheServiceDoesNotHave() {
    server.script(
        request ->
            switch (request.method()) {
              case "PUT" -> Reply.of(405, "");
              case "DELETE" -> Reply.of(404, "");
              default -> isBatch(request) ? Reply.of(404, "") : ScriptedServer.accept(request);
            });
    EventBuffer buffer = client.openBuffer(policy());
    List<CompletableFuture<String>> refused =
        List.of(update(buffer, 1).get(0), buffer.deleteEvent(ID));
    CompletableFuture<String> tracked = buffer.trackEvent(TrackedEvent.of("c", "event_a"));

    assertThat(buffer.flush(LONG)).isEqualTo(new FlushReport(1, 2, List.of()));
    assertThat(refused).allMatch(CompletableFuture::isCompletedExceptionally);
    assertThat(tracked).isCompleted();
  }

  @Test
  void keepsEventsThatWentToAWrongAddress() {
    server.script(request -> Reply.of(404, "no such page"));
    EventBuffer buffer = client.openBuffer(policy());
    CompletableFuture<String> tracked = buffer.trackEvent(TrackedEvent.of("c", "event_a"));
    assertThat(buffer.flush(Duration.ofMillis(50)).unsent()).hasSize(1);
    await().atMost(LONG).until(() -> server.requests().size() > 1);

    server.script(ScriptedServer::accept);
    assertThat(buffer.flush(LONG)).isEqualTo(new FlushReport(1, 0, List.of()));
    assertThat(tracked).isCompleted();
  }

  @Test
  void keepsUpdatesWhileSomethingElseAnswers() {
    AtomicInteger strangers = new AtomicInteger(5);
    server.script(
        request ->
            strangers.getAndDecrement() > 0
                ? Reply.of(404, "<html>no such page</html>")
                : take(request));
    EventBuffer buffer = client.openBuffer(policy());
    update(buffer, 1);

    assertThat(buffer.flush(LONG)).isEqualTo(new FlushReport(1, 0, List.of()));
    assertThat(taken).containsExactly("number 0");
  }

  @Test
  void goesOnAfterAListOfUpdatesThatTheServiceDoesNotHave() {
    server.script(
        request ->
            request.method().equals("PUT") || isBatch(request)
                ? Reply.of(404, "")
                : ScriptedServer.accept(request));
    EventBuffer buffer = client.openBuffer(policy());
    update(buffer, 200);
    assertThat(buffer.flush(LONG)).isEqualTo(new FlushReport(0, 200, List.of()));

    CompletableFuture<String> tracked = buffer.trackEvent(TrackedEvent.of("c", "event_a"));
    assertThat(buffer.flush(LONG)).isEqualTo(new FlushReport(1, 200, List.of()));
    assertThat(tracked).isCompleted();
  }

  @Test
  void warnsOnceAMinuteThatItSendsAgainLater() {
    AtomicInteger failures = new AtomicInteger();
    server.script(
        request -> failures.incrementAndGet() < 3 ? Reply.refusal(503, "asleep") : take(request));
    EventBuffer buffer = client.openBuffer(policy());
    List<CompletableFuture<String>> results = update(buffer, 2);

    assertThat(buffer.flush(LONG)).isEqualTo(new FlushReport(2, 0, List.of()));

    assertThat(results).allMatch(CompletableFuture::isDone);
    assertThat(warnings)
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("2 operations", ID, "503: asleep");
  }
}
