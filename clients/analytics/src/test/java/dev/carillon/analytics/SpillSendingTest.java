package dev.carillon.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.analytics.ScriptedServer.Reply;
import dev.carillon.analytics.ScriptedServer.Request;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In which order a spill is sent, and what in it is given up. */
class SpillSendingTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final String ID = "11111111-2222-3333-4444-555555555555";

  private final ScriptedServer server = ScriptedServer.accepting();
  private final AnalyticsClient client =
      AnalyticsClient.builder()
          .baseUrl(server.url())
          .maxRetries(0)
          .closeTimeout(Duration.ofSeconds(2))
          .build();

  /** The outputs that updates gave, in the order in which the service took them. */
  private final List<@Nullable Object> taken = new CopyOnWriteArrayList<>();

  @TempDir private Path folder;

  @AfterEach
  void close() {
    client.close();
    server.close();
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

  @Test
  void anUpdateSentAgainAloneComesBeforeTheNext() {
    AtomicBoolean away = new AtomicBoolean(true);
    server.script(
        request ->
            isBatch(request)
                ? Reply.of(404, "")
                : takeAfterFailing(request, away, r -> r.body().contains("number 1")));
    EventBuffer buffer = client.openBuffer(policy());
    List<CompletableFuture<String>> results = update(buffer, 4);

    assertThat(buffer.flush(LONG)).isEqualTo(new FlushReport(4, 0, List.of()));

    assertThat(results).allSatisfy(result -> assertThat(result).isCompletedWithValue(ID));
    assertThat(taken).containsExactly("number 0", "number 1", "number 2", "number 3");
  }

  @Test
  void aPartOfABatchSentAgainComesBeforeTheNext() {
    AtomicBoolean away = new AtomicBoolean(true);
    server.script(
        request ->
            request.entries().size() > 1
                ? Reply.refusal(413, "large")
                : takeAfterFailing(request, away, r -> r.body().contains("number 1")));
    EventBuffer buffer = client.openBuffer(policy());
    List<CompletableFuture<String>> results = update(buffer, 4);

    assertThat(buffer.flush(LONG)).isEqualTo(new FlushReport(4, 0, List.of()));

    assertThat(results).allSatisfy(result -> assertThat(result).isCompletedWithValue(ID));
    assertThat(taken).containsExactly("number 0", "number 1", "number 2", "number 3");
  }
}
