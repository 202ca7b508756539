package dev.carillon.benchmarks;

import com.azure.core.credential.AzureKeyCredential;
import com.azure.core.credential.AzureSasCredential;
import com.azure.core.util.BinaryData;
import com.azure.messaging.eventgrid.EventGridEvent;
import com.azure.messaging.eventgrid.EventGridPublisherAsyncClient;
import com.azure.messaging.eventgrid.EventGridPublisherClientBuilder;
import dev.carillon.eventgrid.EventGridClient;
import dev.carillon.eventgrid.EventGridConfig;
import dev.carillon.eventgrid.EventGridCredential;
import dev.carillon.eventgrid.EventGridTopicConfig;
import dev.carillon.eventgrid.TopicEvent;
import dev.carillon.sinks.CoalescingPolicy;
import dev.carillon.testkit.HubProcess;
import java.net.URI;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The Event Grid client beside Azure's SDK alone, both at the hub's endpoint over HTTP with a
 * signature; and that endpoint beside the hub's own for batches.
 */
final class EventGrid implements Benchmark {

  private static final String KEY = "YmVuY2htYXJr";
  private static final int BATCH = 100;
  private static final int REQUESTS = 16;
  private static final int SINGLES = 2_000;
  private static final int CONNECTIONS = 16;
  private static final Map<String, Object> DATA =
      Map.of("operator", "lab_tech_1", "processing_time", "00:45:30", "status", "completed");

  @Override
  public void run(Run run) throws Exception {
    // Azure's adapter to the JDK's HTTP client logs at every request
    System.setProperty("org.slf4j.simpleLogger.log.com.azure", "error");
    try (HubProcess hub = Servers.hub(run.folder().resolve("hub"))) {
      String endpoint = hub.http() + "/bench/api/events";
      batches(run, endpoint);
      singles(run, endpoint);
      ingest(run, hub, endpoint);
    }
  }

  private static EventGridClient ours(String endpoint, boolean coalescing) {
    var builder =
        EventGridClient.builder()
            .config(EventGridConfig.of(new EventGridTopicConfig("bench", endpoint)))
            .credential(EventGridCredential.signingKey(KEY));
    if (coalescing) {
      builder.coalescing(new CoalescingPolicy(500, 512 << 10, Duration.ofMillis(5)));
    }
    return builder.build();
  }

  private static EventGridPublisherAsyncClient<EventGridEvent> theirs(String endpoint) {
    String sas =
        EventGridPublisherAsyncClient.generateSas(
            endpoint, new AzureKeyCredential(KEY), OffsetDateTime.now(ZoneOffset.UTC).plusHours(2));
    return new EventGridPublisherClientBuilder()
        .endpoint(endpoint)
        .credential(new AzureSasCredential(sas))
        .buildEventGridEventPublisherAsyncClient();
  }

  private static TopicEvent event(int number) {
    return TopicEvent.of("sample.processed", "samples/" + number, DATA);
  }

  private static EventGridEvent sdkEvent(int number) {
    return new EventGridEvent(
        "samples/" + number, "sample.processed", BinaryData.fromObject(DATA), "1.0");
  }

  private static void batches(Run run, String endpoint) throws Exception {
    EventGridPublisherAsyncClient<EventGridEvent> sdk = theirs(endpoint);
    try (EventGridClient client = ours(endpoint, false)) {
      run.interleave(
          "batches of 100, 16 in flight, beside Azure's SDK alone",
          "events/s",
          () ->
              BATCH
                  * rate(
                      REQUESTS,
                      run.seconds(),
                      () ->
                          client.emitEventsAsync(
                              "bench",
                              IntStream.range(0, BATCH).mapToObj(EventGrid::event).toList())),
          () ->
              BATCH
                  * rate(
                      REQUESTS,
                      run.seconds(),
                      () ->
                          sdk.sendEvents(
                                  IntStream.range(0, BATCH).mapToObj(EventGrid::sdkEvent).toList())
                              .toFuture()));
    }
  }

  private static void singles(Run run, String endpoint) throws Exception {
    EventGridPublisherAsyncClient<EventGridEvent> sdk = theirs(endpoint);
    try (EventGridClient client = ours(endpoint, true)) {
      run.interleave(
          "single emits, coalescing, beside one call of the SDK an event",
          "events/s",
          () -> rate(SINGLES, run.seconds(), () -> client.emitEventAsync("bench", event(1))),
          () -> rate(64, run.seconds(), () -> sdk.sendEvent(sdkEvent(1)).toFuture()));
    }
  }

  private static void ingest(Run run, HubProcess hub, String endpoint) throws Exception {
    Wrk own = Wrk.posting(run.folder(), Bodies.batchWithIds(BATCH));
    Wrk topic = Wrk.posting(run.folder(), topicBatch(), Map.of("aeg-sas-key", KEY));
    run.interleave(
        "endpoint ingest, batches of 100, beside the hub's own batch endpoint with ids as well",
        "events/s",
        () -> BATCH * topic.on(URI.create(endpoint), CONNECTIONS, run.seconds()).rate(),
        () -> BATCH * own.on(Servers.publishBatch(hub.http()), CONNECTIONS, run.seconds()).rate());
  }

  private static String topicBatch() {
    StringJoiner batch = new StringJoiner(",", "[", "]");
    for (int i = 0; i < BATCH; i++) {
      batch.add(
          """
          {"id":"%s-%d","subject":"sample-123","eventType":"sample.processed.%d",\
          "eventTime":"2026-03-02T08:15:00Z","dataVersion":"1.0","data":{"operator":"lab_tech_1",\
          "processing_time":"00:45:30","status":"completed"}}"""
              .formatted(Wrk.UNIQUE, i, i % 20));
    }
    return batch.toString();
  }

  /** Calls a second, so many at once. */
  private static double rate(int window, int seconds, Supplier<CompletableFuture<?>> call)
      throws Exception {
    Semaphore free = new Semaphore(window);
    CompletableFuture<Void> failure = new CompletableFuture<>();
    long began = System.nanoTime();
    long until = began + TimeUnit.SECONDS.toNanos(seconds);
    long calls = 0;
    while (System.nanoTime() < until && !failure.isDone()) {
      free.acquire();
      calls++;
      call.get()
          .whenComplete(
              (done, error) -> {
                if (error != null) {
                  failure.completeExceptionally(error);
                }
                free.release();
              });
    }
    free.acquire(window);
    if (failure.isDone()) {
      failure.get();
    }
    return calls * 1e9 / (System.nanoTime() - began);
  }
}
