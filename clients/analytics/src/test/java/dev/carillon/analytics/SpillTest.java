package dev.carillon.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.analytics.ScriptedServer.Reply;
import dev.carillon.testkit.FaultProxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a spill keeps, and for how long. */
class SpillTest extends SpillingClient {

  private static List<String> numbers(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "number " + i).toList();
  }

  /** What the service accepted, in order, each once. */
  private Set<String> accepted() {
    Set<String> inputs = new LinkedHashSet<>();
    server
        .requests()
        .forEach(
            request -> request.entries().forEach(e -> inputs.add(String.valueOf(e.get("input")))));
    return inputs;
  }

  @Test
  void sendsWhatAKilledProcessLeft() throws Exception {
    for (int life = 0; life < 2; life++) {
      kill(start("http://127.0.0.1:1", "conversation-" + life, 120));
    }

    try (EventBuffer buffer = client.openBuffer(policy())) {
      assertThat(buffer.size()).isGreaterThanOrEqualTo(1);
      assertThat(buffer.flush(LONG).isComplete()).isTrue();
    }

    List<String> expected = new ArrayList<>();
    for (int life = 0; life < 2; life++) {
      for (int i = 0; i < 120; i++) {
        expected.add("conversation-" + life + " number " + i);
      }
    }
    assertThat(
            server.requests().stream()
                .flatMap(request -> request.entries().stream())
                .map(entry -> entry.get("conversation_id") + " " + entry.get("input")))
        .containsExactlyElementsOf(expected);
  }

  @Test
  void losesAndDoublesNothingWhenKilledWhileSending() throws Exception {
    CountDownLatch killed = new CountDownLatch(1);
    server.script(
        request -> {
          if (server.requests().size() > 3) {
            ScriptedServer.holdUntil(killed);
          }
          return ScriptedServer.accept(request);
        });
    Process process = start(server.url(), "conversation", 500);
    await().atMost(LONG).until(() -> server.requests().size() > 3);
    kill(process);
    killed.countDown();

    try (EventBuffer buffer = client.openBuffer(policy())) {
      assertThat(buffer.flush(LONG).isComplete()).isTrue();
    }

    assertThat(accepted()).containsExactlyElementsOf(numbers(0, 500));
    assertThat(
            server.requests().stream()
                .flatMap(request -> request.entries().stream())
                .map(entry -> entry.get("id"))
                .distinct())
        .as("what is sent again has the same id")
        .hasSize(500);
  }

  private Process start(String url, String conversation, int events) throws IOException {
    Process process =
        SpillingProcess.of(folder, url, conversation, events)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("tracked");
    return process;
  }

  private static void kill(Process process) throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void neverGivesUpOnAServiceThatIsAway() {
    try (FaultProxy proxy = FaultProxy.before(server.port());
        AnalyticsClient away = clientOf("http://127.0.0.1:" + proxy.port())) {
      proxy.refuse();
      EventBuffer buffer = away.openBuffer(policy());
      List<CompletableFuture<String>> results = track(buffer, 0, 25);
      assertThat(buffer.flush(Duration.ofMillis(200)).unsent()).hasSize(25);
      assertThat(results).noneMatch(CompletableFuture::isDone);

      proxy.pass();

      assertThat(results).allSatisfy(result -> assertThat(result).succeedsWithin(LONG));
      assertThat(accepted()).containsExactlyElementsOf(numbers(0, 25));
    }
  }

  @Test
  void keepsWhatIsLeftAtClosing() {
    server.script(request -> Reply.refusal(503, "away"));
    EventBuffer first = client.openBuffer(policy());
    List<CompletableFuture<String>> results = track(first, 0, 25);
    FlushReport report = first.close(SHORT);

    assertThat(report.unsent()).hasSize(25);
    assertThat(results)
        .allSatisfy(
            result ->
                assertThat(result)
                    .failsWithin(LONG)
                    .withThrowableThat()
                    .withMessageContaining("the spill folder keeps it"));

    server.script(ScriptedServer::accept);
    try (EventBuffer second = client.openBuffer(policy())) {
      List<CompletableFuture<String>> more = track(second, 25, 30);
      assertThat(second.flush(LONG)).isEqualTo(new FlushReport(30, 0, List.of()));
      assertThat(more).allMatch(CompletableFuture::isDone);
    }
    assertThat(accepted()).containsExactlyElementsOf(numbers(0, 30));
    try (EventBuffer third = client.openBuffer(policy())) {
      assertThat(third.size()).isZero();
    }
  }

  @Test
  void keepsUpdatesAndDeletesInOrder() {
    server.script(request -> Reply.refusal(503, "away"));
    TrackedEvent event = TrackedEvent.of("c", "event_a");
    EventBuffer first = client.openBuffer(policy());
    List<CompletableFuture<String>> results =
        List.of(
            first.trackEvent(event),
            first.updateEvent(event.id(), EventUpdate.builder().output("x").build()),
            first.deleteEvent(event.id()));
    first.close(SHORT);
    assertThat(results).allMatch(CompletableFuture::isDone);
    int before = server.requests().size();

    server.script(
        request ->
            request.path().endsWith("/batch") ? Reply.of(404, "") : ScriptedServer.accept(request));
    try (EventBuffer second = client.openBuffer(policy())) {
      assertThat(second.flush(LONG).isComplete()).isTrue();
    }
    assertThat(server.requests().subList(before + 1, server.requests().size()))
        .extracting(ScriptedServer.Request::line)
        .containsExactly("POST /event/", "PUT /event/" + event.id(), "DELETE /event/" + event.id());
  }

  @Test
  void keepsWhatAWrongKeyHeldUpButNotWhatIsNotValid() {
    server.script(request -> Reply.refusal(401, "who are you"));
    EventBuffer buffer = client.openBuffer(policy());
    List<CompletableFuture<String>> results = track(buffer, 0, 3);
    assertThat(buffer.flush(SHORT).unsent()).hasSize(3);

    server.script(request -> Reply.refusal(400, "not valid"));
    assertThat(buffer.flush(LONG)).isEqualTo(new FlushReport(0, 3, List.of()));
    assertThat(results).allMatch(CompletableFuture::isCompletedExceptionally);
  }

  @Test
  void anInterruptOfACallerHarmsNobody() throws InterruptedException {
    EventBuffer buffer = client.openBuffer(policy());
    Thread caller =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              track(buffer, 0, 5);
            });
    caller.start();
    caller.join();
    track(buffer, 5, 10);

    assertThat(buffer.flush(LONG)).isEqualTo(new FlushReport(10, 0, List.of()));
  }
}
