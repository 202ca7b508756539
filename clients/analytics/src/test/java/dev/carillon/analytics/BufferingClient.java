package dev.carillon.analytics;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;

/** A client whose buffers send when they are told to, and a service that does as it is told. */
abstract class BufferingClient {

  static final Duration LONG = Duration.ofSeconds(30);

  final ScriptedServer server = ScriptedServer.accepting();
  final AnalyticsClient client =
      AnalyticsClient.builder()
          .baseUrl(server.url())
          .retryDelay(Duration.ofMillis(2))
          .closeTimeout(Duration.ofSeconds(5))
          .build();

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  static BufferPolicy.Builder patient() {
    return BufferPolicy.builder().maxAge(Duration.ofHours(1));
  }

  static TrackedEvent event(int number) {
    return TrackedEvent.builder("c", "event_a").input("number " + number).build();
  }

  static List<CompletableFuture<String>> track(EventBuffer buffer, int events) {
    return IntStream.range(0, events).mapToObj(i -> buffer.trackEvent(event(i))).toList();
  }
}
