package dev.carillon.analytics;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A client whose buffers spill to a folder, and a service that does as it is told. */
abstract class SpillingClient {

  static final Duration LONG = Duration.ofSeconds(30);
  static final Duration SHORT = Duration.ofMillis(50);

  final ScriptedServer server = ScriptedServer.accepting();
  final AnalyticsClient client = clientOf(server.url());

  @TempDir Path folder;

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  static AnalyticsClient clientOf(String url) {
    return AnalyticsClient.builder()
        .baseUrl(url)
        .maxRetries(0)
        .retryDelay(Duration.ofMillis(2))
        .closeTimeout(Duration.ofSeconds(2))
        .build();
  }

  BufferPolicy policy() {
    return BufferPolicy.builder().batch(10, 1 << 20).maxAge(SHORT).spill(folder).build();
  }

  static List<CompletableFuture<String>> track(EventBuffer buffer, int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(
            i ->
                buffer.trackEvent(
                    TrackedEvent.builder("c", "event_a").input("number " + i).build()))
        .toList();
  }
}
