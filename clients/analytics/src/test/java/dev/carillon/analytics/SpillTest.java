package dev.carillon.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carillon.analytics.ScriptedServer.Reply;
import dev.carillon.testkit.FaultProxy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a spill folder keeps, for how long, and how much of it. */
class SpillTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(50);

  private final ScriptedServer server = ScriptedServer.accepting();
  private final AnalyticsClient client = clientOf(server.url());

  @TempDir private Path folder;

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private static AnalyticsClient clientOf(String url) {
    return AnalyticsClient.builder()
        .baseUrl(url)
        .maxRetries(0)
        .retryDelay(Duration.ofMillis(2))
        .closeTimeout(Duration.ofSeconds(2))
        .build();
  }

  private BufferPolicy policy() {
    return BufferPolicy.builder().batch(10, 1 << 20).maxAge(SHORT).spill(folder).build();
  }

  private static List<CompletableFuture<String>> track(EventBuffer buffer, int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(
            i ->
                buffer.trackEvent(
                    TrackedEvent.builder("c", "event_a").input("number " + i).build()))
        .toList();
  }

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

  private List<Path> files() {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".ndjson")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long bytes() {
    return files().stream().mapToLong(file -> file.toFile().length()).sum();
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
            awaitQuietly(killed);
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

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Process start(String url, String conversation, int events) throws IOException {
    Process process =
        process(url, conversation, events).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("tracked");
    return process;
  }

  private ProcessBuilder process(String url, String conversation, int events) {
    return new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx128m",
        "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        SpillingProcess.class.getName(),
        folder.toString(),
        url,
        conversation,
        Integer.toString(events));
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
  void isNotOpenedByAClientThatIsClosedOrBeingClosed() {
    server.script(request -> Reply.refusal(503, "away"));
    Path other = folder.resolve("other");
    BufferPolicy otherPolicy = BufferPolicy.builder().spill(other).build();
    AnalyticsClient closing =
        AnalyticsClient.builder().baseUrl(server.url()).closeTimeout(SHORT).build();
    EventBuffer buffer = closing.openBuffer(policy());
    CompletableFuture<EventBuffer> whileClosing =
        track(buffer, 0, 1).get(0).handle((id, error) -> closing.openBuffer(otherPolicy));
    closing.close();

    assertThat(whileClosing)
        .failsWithin(LONG)
        .withThrowableThat()
        .withMessageContaining("the analytics client is closed");
    assertThatThrownBy(() -> closing.openBuffer(policy()))
        .isInstanceOf(AnalyticsException.class)
        .hasMessageContaining("the analytics client is closed");

    server.script(ScriptedServer::accept);
    try (EventBuffer next = client.openBuffer(policy());
        EventBuffer free = client.openBuffer(otherPolicy)) {
      assertThat(next.flush(LONG)).isEqualTo(new FlushReport(1, 0, List.of()));
      assertThat(free.size()).isZero();
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
  void boundsTheFolder() {
    server.script(request -> Reply.refusal(503, "away"));
    long most = 20_000;
    BufferPolicy small =
        BufferPolicy.builder().max(100_000, most).maxAge(SHORT).spill(folder).build();
    EventBuffer buffer = client.openBuffer(small);
    List<CompletableFuture<String>> results = new ArrayList<>(track(buffer, 0, 500));

    assertThat(results.get(499))
        .failsWithin(LONG)
        .withThrowableThat()
        .withCauseInstanceOf(BufferFullException.class)
        .withMessageContaining("spill folder");
    assertThat(bytes()).isBetween(most / 2, most);

    server.script(ScriptedServer::accept);
    assertThat(buffer.flush(LONG).isComplete()).isTrue();
    for (int round = 0; round < 20; round++) {
      results.addAll(track(buffer, 0, 50));
      assertThat(buffer.flush(LONG).isComplete()).isTrue();
      assertThat(bytes()).isLessThanOrEqualTo(most);
    }
    assertThat(buffer.flush(LONG).accepted()).isGreaterThan(1_000);
    assertThat(files()).hasSizeLessThan(4);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void emptiesAFolderOnAFullDisk() throws IOException {
    assertThat(Files.createSymbolicLink(folder.resolve("sent"), Path.of("/dev/full"))).exists();
    server.script(request -> Reply.refusal(503, "away"));
    EventBuffer buffer =
        client.openBuffer(
            BufferPolicy.builder().max(1_000, 20_000).maxAge(SHORT).spill(folder).build());
    List<CompletableFuture<String>> results = track(buffer, 0, 50);
    assertThat(files()).hasSizeGreaterThan(2);

    server.script(ScriptedServer::accept);
    assertThat(buffer.flush(LONG)).isEqualTo(new FlushReport(50, 0, List.of()));

    assertThat(results).allMatch(CompletableFuture::isDone);
    assertThat(files()).as("but the one that is written to").hasSizeLessThan(2);
  }

  @Test
  void hasRoomToSayWhatWasSentBeforeTheDiskIsFull() {
    try (EventBuffer buffer = client.openBuffer(policy())) {
      assertThat(buffer.size()).isZero();
      assertThat(folder.resolve("sent")).isNotEmptyFile();
    }
  }

  @Test
  void isUsedByOneBufferAtATime() throws Exception {
    EventBuffer first = client.openBuffer(policy());

    assertThatThrownBy(() -> client.openBuffer(policy()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(folder.toString());
    Process other = process(server.url(), "conversation", 1).redirectErrorStream(true).start();
    BufferedReader said = other.inputReader(StandardCharsets.UTF_8);
    assertThat(said.readLine()).as("another process").contains("cannot use the spill folder");
    assertThat(said.lines()).anyMatch(line -> line.contains("another process uses it"));

    first.close();
    client.openBuffer(policy()).close();
  }

  @Test
  void passesOverWhatWasBeingWrittenAndWhatIsNone() throws IOException {
    server.script(request -> Reply.refusal(503, "away"));
    EventBuffer first = client.openBuffer(policy());
    List<CompletableFuture<String>> results = track(first, 0, 3);
    first.close(SHORT);
    assertThat(results).hasSize(3);
    Files.writeString(
        files().get(0),
        "{\"operation\":\"dance\",\"id\":1}\nnoise\n{\"id\":\"cu",
        StandardOpenOption.APPEND);

    server.script(ScriptedServer::accept);
    try (EventBuffer second = client.openBuffer(policy())) {
      assertThat(second.size()).isLessThanOrEqualTo(3);
      assertThat(second.flush(LONG)).isEqualTo(new FlushReport(3, 0, List.of()));
    }
  }

  @Test
  void keepsWhatComesAfterWhatWasBeingWritten() throws IOException {
    server.script(request -> Reply.refusal(503, "away"));
    for (int life = 0; life < 2; life++) {
      try (EventBuffer buffer = client.openBuffer(policy())) {
        assertThat(track(buffer, life, life + 1)).hasSize(1);
        buffer.close(Duration.ZERO);
      }
      Files.writeString(files().get(0), "{\"id\":\"cu", StandardOpenOption.APPEND);
    }

    server.script(ScriptedServer::accept);
    try (EventBuffer last = client.openBuffer(policy())) {
      assertThat(last.flush(LONG)).isEqualTo(new FlushReport(2, 0, List.of()));
    }
    assertThat(accepted()).containsExactlyElementsOf(numbers(0, 2));
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
