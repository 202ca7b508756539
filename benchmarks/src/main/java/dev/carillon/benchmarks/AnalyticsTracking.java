package dev.carillon.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.analytics.AnalyticsClient;
import dev.carillon.analytics.BufferPolicy;
import dev.carillon.analytics.EventBuffer;
import dev.carillon.analytics.TrackedEvent;
import dev.carillon.benchmarks.Run.Better;
import dev.carillon.testkit.HubProcess;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * What tracking in the background gains: one thread that tracks through a buffer, beside one that
 * waits for each event's own request, and beside one that has 64 such requests under way; all at a
 * hub that answers when an event is durable. And what the client allocates for an event, making the
 * event and its id included.
 */
final class AnalyticsTracking implements Benchmark {

  private static final int MAX_UNDER_WAY = 20_000;
  private static final int ASYNC_WINDOW = 64;
  private static final int MOST_ALLOCATED = 2048;
  private static final String INPUT = "What is the weather today?";
  private static final String OUTPUT = "It's sunny and 75°F.";
  private static final String METADATA = "{\"user_id\": \"u_456\", \"session\": 7}";

  @Override
  public void run(Run run) throws Exception {
    try (HubProcess hub = Servers.hub(run.folder().resolve("data"));
        AnalyticsClient client = AnalyticsClient.of(hub.http().toString())) {
      run.interleave(
          "buffered, beside one request an event, one after another",
          "events/s",
          () -> buffered(client, run.seconds()),
          () -> rate(event -> finished(client.trackEvent(event)), 1, run.seconds()));
      run.interleave(
          "buffered, beside one request an event, 64 under way",
          "events/s",
          () -> buffered(client, run.seconds()),
          () -> rate(client.async()::trackEvent, ASYNC_WINDOW, run.seconds()));
      allocated(run, client);
    }
  }

  private static CompletableFuture<String> finished(String id) {
    return CompletableFuture.completedFuture(id);
  }

  private static TrackedEvent event() {
    return TrackedEvent.builder("conv_123", "event_a")
        .input(INPUT)
        .output(OUTPUT)
        .latency(142.5)
        .conversationMetadata(METADATA)
        .build();
  }

  private static EventBuffer open(AnalyticsClient client) {
    return client.openBuffer(BufferPolicy.builder().batch(1_000, 4 << 20).build());
  }

  private static double buffered(AnalyticsClient client, int seconds) throws Exception {
    try (EventBuffer buffer = open(client)) {
      return rate(buffer::trackEvent, MAX_UNDER_WAY, seconds);
    }
  }

  private static double rate(
      Function<TrackedEvent, CompletableFuture<String>> track, int window, int seconds)
      throws Exception {
    long started = System.nanoTime();
    long deadline = started + TimeUnit.SECONDS.toNanos(seconds);
    long tracked = 0;
    Semaphore free = new Semaphore(window);
    CompletableFuture<Void> failure = new CompletableFuture<>();
    while (System.nanoTime() < deadline) {
      trackOne(track, free, failure);
      tracked++;
    }
    end(free, window, failure);
    return tracked * 1e9 / (System.nanoTime() - started);
  }

  private static void trackOne(
      Function<TrackedEvent, CompletableFuture<String>> track,
      Semaphore free,
      CompletableFuture<Void> failure)
      throws InterruptedException {
    free.acquire();
    CompletableFuture<String> unused =
        track
            .apply(event())
            .whenComplete(
                (id, error) -> {
                  if (error != null) {
                    failure.completeExceptionally(error);
                  }
                  free.release();
                });
  }

  private static void end(Semaphore free, int window, CompletableFuture<Void> failure)
      throws Exception {
    free.acquire(window);
    if (failure.isDone()) {
      failure.get();
    }
  }

  private static void allocated(Run run, AnalyticsClient client) throws Exception {
    int events = run.quick() ? 50_000 : 500_000;
    Semaphore free = new Semaphore(MAX_UNDER_WAY);
    CompletableFuture<Void> failure = new CompletableFuture<>();
    try (EventBuffer buffer = open(client)) {
      Map<Long, Long> before = allocatedByThread();
      for (int i = 0; i < events; i++) {
        trackOne(buffer::trackEvent, free, failure);
      }
      end(free, MAX_UNDER_WAY, failure);
      double each = allocatedSince(before) / (double) events;
      int json = encoded().length;
      run.note("%.0f B allocated an event of %d B as JSON", each, json);
      run.compare(
          "allocated an event beyond its JSON, beside 2 KB",
          each - json,
          MOST_ALLOCATED,
          "B",
          Better.LESS);
    }
  }

  private static Map<Long, Long> allocatedByThread() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    Map<Long, Long> allocated = new HashMap<>();
    for (long id : threads.getAllThreadIds()) {
      allocated.put(id, Math.max(0, threads.getThreadAllocatedBytes(id)));
    }
    return allocated;
  }

  /** What threads allocated since then; one that ended since then is not counted. */
  private static long allocatedSince(Map<Long, Long> before) {
    return allocatedByThread().entrySet().stream()
        .mapToLong(thread -> thread.getValue() - before.getOrDefault(thread.getKey(), 0L))
        .sum();
  }

  /** The event as it goes over the wire. */
  private static byte[] encoded() {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("id", event().id()).put("conversation_id", "conv_123").put("event_name", "event_a");
    json.put("conversation_metadata", METADATA).put("latency", 142.5);
    json.put("input", INPUT).put("output", OUTPUT);
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }
}
