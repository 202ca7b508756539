package dev.carillon.examples;

import dev.carillon.analytics.AnalyticsClient;
import dev.carillon.analytics.BufferPolicy;
import dev.carillon.analytics.EventBuffer;
import dev.carillon.analytics.FlushReport;
import dev.carillon.analytics.TrackedEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Tracking that never holds up whoever answers the user. */
public final class BufferedTracking {

  private BufferedTracking() {}

  /** Tracks events; returns the futures of their ids, each of which says what became of it. */
  public static List<CompletableFuture<String>> track(
      AnalyticsClient client, List<TrackedEvent> events) {
    // docs:begin analytics-buffer
    try (EventBuffer buffer = client.openBuffer()) {
      List<CompletableFuture<String>> tracked = events.stream().map(buffer::trackEvent).toList();
      FlushReport report = buffer.flush(Duration.ofSeconds(10));
      report.unsent().forEach(id -> System.err.println("not sent in time: " + id));
      return tracked;
    }
    // docs:end analytics-buffer
  }

  /** A buffer whose events survive a crash of this process. */
  public static EventBuffer surviving(AnalyticsClient client, Path folder) {
    // docs:begin analytics-spill
    BufferPolicy policy =
        BufferPolicy.builder()
            .max(50_000, 256L << 20)
            .batch(1_000, 4 << 20)
            .maxAge(Duration.ofMillis(500))
            .spill(folder)
            .build();
    return client.openBuffer(policy);
    // docs:end analytics-spill
  }
}
