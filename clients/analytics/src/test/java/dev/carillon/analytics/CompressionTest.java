package dev.carillon.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carillon.analytics.ScriptedServer.Reply;
import dev.carillon.analytics.ScriptedServer.Request;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of large requests where gzip is not taken, or not by every server. */
class CompressionTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final int AT_ONCE = 4;

  private final ScriptedServer server = new ScriptedServer(CompressionTest::takeNoGzip);
  private final AnalyticsClient client =
      AnalyticsClient.builder()
          .baseUrl(server.url())
          .maxInFlight(AT_ONCE)
          .retryDelay(Duration.ofMillis(400))
          .build();

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  /** Answers as a server to which gzip is broken JSON. */
  private static Reply takeNoGzip(Request request) {
    return request.isGzip()
        ? Reply.refusal(400, "invalid character in the body")
        : ScriptedServer.accept(request);
  }

  private static TrackedEvent large() {
    return TrackedEvent.builder("c", "event_a").input("word ".repeat(4000)).build();
  }

  private <T> List<CompletableFuture<T>> fifty(
      Function<TrackedEvent, CompletableFuture<T>> tracking) {
    return Stream.generate(CompressionTest::large).limit(50).map(tracking).toList();
  }

  private List<Boolean> gzip() {
    return server.requests().stream().map(Request::isGzip).toList();
  }

  @Test
  void losesNothingThatWaitedCompressed() {
    assertThat(fifty(client.async()::trackEvent))
        .allSatisfy(result -> assertThat(result).succeedsWithin(LONG));

    assertThat(gzip().stream().filter(is -> is)).hasSizeLessThanOrEqualTo(AT_ONCE);
  }

  @Test
  void compressesNoBodyThatIsNotThere() {
    try (AnalyticsClient eager =
        AnalyticsClient.builder().baseUrl(server.url()).compressFrom(0).build()) {
      eager.deleteEvent("018f0000-0000-7000-8000-000000000001");
    }
    assertThat(gzip()).containsExactly(false);
  }

  @Test
  void losesNothingThatABufferSendsOneByOne() {
    server.script(
        request ->
            request.path().endsWith("/batch")
                ? Reply.refusal(404, "no such path")
                : takeNoGzip(request));
    EventBuffer buffer = client.openBuffer();
    List<CompletableFuture<String>> results = fifty(buffer::trackEvent);

    assertThat(buffer.flush(LONG)).isEqualTo(new FlushReport(50, 0, List.of()));
    assertThat(results).allSatisfy(result -> assertThat(result).isCompleted());
  }

  @Test
  void losesNothingThatIsTriedAgainAfterwards() {
    TrackedEvent first = large();
    AtomicBoolean busy = new AtomicBoolean(true);
    server.script(
        request ->
            first.id().equals(request.json().get("id")) && busy.getAndSet(false)
                ? Reply.refusal(503, "busy")
                : takeNoGzip(request));
    CompletableFuture<String> triedAgain = client.async().trackEvent(first);
    await().atMost(LONG).until(() -> !busy.get());

    client.trackEvent(large());

    assertThat(triedAgain).succeedsWithin(LONG);
  }

  @Test
  void doubtsAlsoAServerThatComesLater() {
    server.script(ScriptedServer::accept);
    client.trackEvent(large());
    server.script(CompressionTest::takeNoGzip);

    client.trackEvent(large());
    client.trackEvent(large());

    assertThat(gzip()).as("then none is compressed").containsExactly(true, true, false, false);
  }

  @Test
  void believesARefusalOfThePlainRequest() {
    server.script(request -> Reply.refusal(400, "event_name: is not one of these"));

    assertThatThrownBy(() -> client.trackEvent(large()))
        .isInstanceOf(AnalyticsValidationException.class)
        .hasMessageContaining("event_name");

    server.script(ScriptedServer::accept);
    client.trackEvent(large());
    assertThat(gzip()).as("gzip is not to blame").containsExactly(true, false, true);
  }
}
