package dev.carillon.dataservices;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventException;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.core.Outcome;
import dev.carillon.core.SinkClosedException;
import dev.carillon.core.SinkFullException;
import dev.carillon.dataservices.ScriptedServer.Reply;
import dev.carillon.http.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class WindowTest {

  private static final EventMessage EVENT = PublishingTest.sampleProcessed();
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Reply CONFIRMED = Reply.of(200, "{\"id\":\"1\"}");

  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();
  private ScriptedServer server;

  @BeforeEach
  void start() throws Exception {
    server = new ScriptedServer(request -> behindTheGate());
  }

  @AfterEach
  void stop() {
    gate.countDown();
    server.close();
  }

  private Reply behindTheGate() {
    mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
    try {
      return gate.await(20, TimeUnit.SECONDS) ? CONFIRMED : Reply.of(500, "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Reply.of(500, "");
    } finally {
      atOnce.decrementAndGet();
    }
  }

  private static List<CompletableFuture<PublishConfirmation>> publish(EventClient client, int n) {
    return IntStream.range(0, n).mapToObj(i -> client.publishAsync(EVENT)).toList();
  }

  private static EventException failureOf(CompletableFuture<?> future) {
    return future.handle((value, error) -> EventException.of(error)).join();
  }

  @Test
  void keepsTheBoundOnTheWire() {
    try (var client = EventClient.builder().url(server.url()).maxInFlight(3).build()) {
      var sent = publish(client, 200);
      Awaitility.await().until(() -> atOnce.get() == 3);
      gate.countDown();
      sent.forEach(future -> assertThat(future).succeedsWithin(Duration.ofSeconds(10)));
      assertThat(mostAtOnce).hasValue(3);
      assertThat(server.requests().stream().map(ScriptedServer.Request::connection).distinct())
          .hasSizeLessThanOrEqualTo(6);
    }
  }

  @Test
  void refusesWhatIsBeyondTheQueue() {
    try (var client =
        EventClient.builder().url(server.url()).maxInFlight(2).maxPending(5, 1 << 20).build()) {
      var sent = publish(client, 10);
      assertThat(sent.subList(0, 7)).noneMatch(CompletableFuture::isDone);
      assertThat(sent.subList(7, 10))
          .allSatisfy(
              future -> {
                assertThat(failureOf(future)).isInstanceOf(SinkFullException.class);
                assertThat(failureOf(future).mayHaveArrived()).isFalse();
              });
      gate.countDown();
      sent.subList(0, 7)
          .forEach(future -> assertThat(future).succeedsWithin(Duration.ofSeconds(10)));
      assertThat(client.publishAsync(EVENT)).succeedsWithin(Duration.ofSeconds(10));
    }
  }

  @Test
  void boundsTheQueuesBytes() {
    try (var client =
        EventClient.builder().url(server.url()).maxInFlight(1).maxPending(100, 500).build()) {
      var sent = publish(client, 6);
      assertThat(sent.subList(0, 3)).noneMatch(CompletableFuture::isDone);
      assertThat(failureOf(sent.get(5))).isInstanceOf(SinkFullException.class);
      gate.countDown();
      assertThat(sent.get(2)).succeedsWithin(Duration.ofSeconds(10));
    }
  }

  @Test
  void keepsOrderWithOneInFlight() throws Exception {
    gate.countDown();
    try (var client = EventClient.builder().url(server.url()).maxInFlight(1).build()) {
      List<CompletableFuture<?>> sent = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        sent.add(client.publishAsync(EVENT.toBuilder().topic("t" + i).build()));
      }
      CompletableFuture.allOf(sent.toArray(new CompletableFuture<?>[0])).get(20, TimeUnit.SECONDS);
      assertThat(server.requests())
          .extracting(request -> request.body().split("\"", 5)[3])
          .containsExactlyElementsOf(IntStream.range(0, 300).mapToObj(i -> "t" + i).toList());
    }
  }

  @Test
  void failsWhatWaitedTooLongForItsTurn() {
    try (var client =
        EventClient.builder()
            .url(server.url())
            .maxInFlight(1)
            .pendingTimeout(Duration.ofMillis(100))
            .build()) {
      var sent = publish(client, 2);
      assertThat(sent.get(1)).failsWithin(Duration.ofSeconds(5));
      assertThat(failureOf(sent.get(1))).isInstanceOf(EventTimeoutException.class);
      assertThat(failureOf(sent.get(1)).mayHaveArrived()).isFalse();
      gate.countDown();
      assertThat(sent.get(0)).succeedsWithin(Duration.ofSeconds(5));
    }
  }

  @Test
  void keepsTheTimeThoughThereIsNoThreadToHandWorkTo() {
    Executor noThreads =
        task -> {
          throw new OutOfMemoryError("unable to create native thread");
        };
    ClientSettings settings =
        EventClient.builder()
            .url(server.url())
            .maxInFlight(2)
            .requestTimeout(Duration.ofMillis(400))
            .pendingTimeout(Duration.ofMillis(100))
            .closeTimeout(Duration.ZERO)
            .settings();
    Requests requests = new Requests(settings, noThreads, noThreads);
    for (int i = 0; i < 2; i++) {
      var sent =
          IntStream.range(0, 4)
              .mapToObj(n -> requests.submit(Call.get("/"), Answer::status))
              .toList();
      for (var each : sent) {
        assertThat(each).failsWithin(Duration.ofSeconds(10));
      }
      assertThat(sent)
          .extracting(future -> failureOf(future).mayHaveArrived())
          .containsExactly(true, true, false, false);
    }
    requests.close();
  }

  @Test
  void settlesWhatFailsAtOnceThoughThereIsNoThreadToHandItTo() {
    Executor noThreads =
        task -> {
          throw new RejectedExecutionException("full");
        };
    Requests requests =
        new Requests(
            EventClient.builder().urlProvider(() -> "ftp://x").maxInFlight(1).settings(),
            noThreads,
            noThreads);
    for (int i = 0; i < 3; i++) {
      var sent = requests.submit(Call.get("/"), Answer::status);
      assertThat(sent).failsWithin(Duration.ofSeconds(10));
      assertThat(failureOf(sent)).isInstanceOf(EventConnectionException.class);
    }
    requests.close();
  }

  @Test
  void callbacksMayPublishAndWait() {
    gate.countDown();
    try (var client = EventClient.builder().url(server.url()).maxInFlight(2).build()) {
      var sent =
          IntStream.range(0, 50)
              .mapToObj(
                  i -> client.publishAsync(EVENT).thenApply(first -> client.publishEvent(EVENT)))
              .toList();
      sent.forEach(future -> assertThat(future).succeedsWithin(Duration.ofSeconds(20)));
    }
  }

  @Test
  void closeLetsWhatWasAcceptedFinishAndRefusesTheRest() {
    var client = EventClient.builder().url(server.url()).maxInFlight(2).build();
    var sent = publish(client, 20);
    Awaitility.await().until(() -> atOnce.get() == 2);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(client::close);
    Awaitility.await().until(() -> firstFailureOf(client) instanceof SinkClosedException);
    gate.countDown();
    assertThat(closing).succeedsWithin(Duration.ofSeconds(10));
    assertThat(sent)
        .allMatch(CompletableFuture::isDone)
        .noneMatch(f -> f.isCompletedExceptionally());
    client.close();
  }

  @Test
  void closeWaitsForTheRestOfAListToo() {
    server.script(
        request -> {
          Reply alone = behindTheGate();
          return request.path().endsWith("/batch")
              ? Reply.of(200, "[{\"id\":\"1\"},{\"id\":\"2\"}]")
              : alone;
        });
    var client =
        EventClient.builder().url(server.url()).maxInFlight(2).maxBatch(2, 1 << 20).build();
    var list = client.publishBatchAsync(Collections.nCopies(11, EVENT));
    Awaitility.await().until(() -> atOnce.get() == 1);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(client::close);
    Awaitility.await().until(() -> firstFailureOf(client) instanceof SinkClosedException);
    gate.countDown();
    assertThat(closing).succeedsWithin(Duration.ofSeconds(10));
    assertThat(list)
        .succeedsWithin(Duration.ofSeconds(10))
        .satisfies(all -> assertThat(all).hasSize(11).allMatch(Outcome::isAccepted));
    assertThat(client.publishBatch(List.of(EVENT))).noneMatch(Outcome::isAccepted);
  }

  @Test
  void closeDoesNotWaitForAListWhoseCallerNoLongerDoes() {
    var client = EventClient.builder().url(server.url()).closeTimeout(LONG).build();
    var list = client.publishBatchAsync(Collections.nCopies(2, EVENT));
    Awaitility.await().until(() -> atOnce.get() == 1);
    list.cancel(true);
    gate.countDown();
    assertThat(CompletableFuture.runAsync(client::close)).succeedsWithin(Duration.ofSeconds(10));
  }

  @Test
  void whatIsCancelledBeforeItsTurnIsNotSent() {
    try (var client = EventClient.builder().url(server.url()).maxInFlight(1).build()) {
      var first = client.publishAsync(EVENT);
      var others = publish(client, 1_000);
      others.forEach(other -> other.cancel(true));
      var last = client.publishAsync(EVENT);
      gate.countDown();
      assertThat(first).succeedsWithin(Duration.ofSeconds(20));
      assertThat(last).succeedsWithin(Duration.ofSeconds(20));
    }
    assertThat(server.requests()).hasSize(2);
  }

  private static EventException firstFailureOf(EventClient client) {
    var sent = client.publishAsync(EVENT);
    return sent.isDone() ? failureOf(sent) : new EventException("sent", false, false, null, null);
  }

  @Test
  void aCallbackMayCloseTheClient() {
    gate.countDown();
    var client = EventClient.of(server.url());
    var closed = client.publishAsync(EVENT).thenRun(client::close);
    assertThat(closed).succeedsWithin(Duration.ofSeconds(5));
    assertThat(failureOf(client.publishAsync(EVENT))).isInstanceOf(SinkClosedException.class);
  }

  @Test
  void closeFailsWhatDoesNotFinishInTime() {
    var client =
        EventClient.builder()
            .url(server.url())
            .maxInFlight(2)
            .closeTimeout(Duration.ofMillis(100))
            .build();
    var sent = publish(client, 4);
    Awaitility.await().until(() -> atOnce.get() == 2);
    client.close();
    assertThat(sent).allMatch(CompletableFuture::isDone);
    assertThat(sent)
        .extracting(WindowTest::failureOf)
        .allMatch(SinkClosedException.class::isInstance)
        .extracting(EventException::mayHaveArrived)
        .containsExactly(true, true, false, false);
  }

  @Test
  void leavesNoThreadBehind() {
    gate.countDown();
    for (int i = 0; i < 200; i++) {
      try (var client = EventClient.of(server.url())) {
        client.publishEvent(EVENT);
      }
    }
    awaitNoThreads();
  }

  @Test
  void aClientNobodyClosedIsCollected() {
    gate.countDown();
    EventClient.of(server.url()).publishEvent(EVENT);
    awaitNoThreads();
  }

  private static void awaitNoThreads() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () -> {
              System.gc();
              assertThat(Thread.getAllStackTraces().keySet())
                  .extracting(Thread::getName)
                  .noneMatch(name -> name.startsWith("carillon-dataservices"))
                  .noneMatch(name -> name.matches("HttpClient-.*-SelectorManager"));
            });
  }
}
