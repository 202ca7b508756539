package dev.carillon.benchmarks;

import dev.carillon.benchmarks.Run.Better;
import dev.carillon.dataservices.EventClient;
import dev.carillon.dataservices.EventMessage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What the Data Services client costs beside a bare java.net.http client that posts ready bytes,
 * both against a bare server, 64 requests under way; and whether its heap stays flat.
 */
final class DataServicesClient implements Benchmark {

  private static final int WINDOW = 64;

  @Override
  public void run(Run run) throws Exception {
    int port = Servers.freePort();
    Process server = Servers.bare(port);
    try (EventClient client = EventClient.of("http://127.0.0.1:" + port)) {
      Supplier<CompletableFuture<?>> ours = () -> client.publishAsync(message());
      Supplier<CompletableFuture<?>> bare =
          bare(URI.create("http://127.0.0.1:" + port + "/api/v2.0/EventService"));
      run.interleave(
          "publishAsync, 64 in flight, beside java.net.http with ready bytes",
          "events/s",
          () -> rate(ours, run.seconds()),
          () -> rate(bare, run.seconds()));
      heap(run, ours);
    } finally {
      server.destroyForcibly();
    }
  }

  private static EventMessage message() {
    return EventMessage.builder()
        .topic("sample.processed")
        .subjects(List.of("sample-123"))
        .data(
            Map.of("operator", "lab_tech_1", "processing_time", "00:45:30", "status", "completed"))
        .tags(List.of("laboratory", "processing"))
        .createdDateUtc(Instant.parse("2026-03-02T08:15:00Z"))
        .sourceTraceIds(List.of("batch-7"))
        .build();
  }

  private static Supplier<CompletableFuture<?>> bare(URI address) {
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    byte[] body = Bodies.event("sample.processed").getBytes(StandardCharsets.UTF_8);
    return () -> {
      HttpRequest request =
          HttpRequest.newBuilder(address)
              .header("Content-Type", "application/json")
              .header("Accept", "application/json")
              .POST(BodyPublishers.ofByteArray(body))
              .build();
      return http.sendAsync(request, BodyHandlers.ofByteArray())
          .thenAccept(DataServicesClient::require200);
    };
  }

  private static void require200(HttpResponse<byte[]> answer) {
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("answered " + answer.statusCode());
    }
  }

  private static double rate(Supplier<CompletableFuture<?>> send, int seconds) throws Exception {
    long started = System.nanoTime();
    long deadline = started + TimeUnit.SECONDS.toNanos(seconds);
    long sent = 0;
    Semaphore window = new Semaphore(WINDOW);
    CompletableFuture<Void> failure = new CompletableFuture<>();
    while (System.nanoTime() < deadline) {
      sendOne(send, window, failure);
      sent++;
    }
    window.acquire(WINDOW);
    if (failure.isDone()) {
      failure.get();
    }
    return sent * 1e9 / (System.nanoTime() - started);
  }

  private static void sendOne(
      Supplier<CompletableFuture<?>> send, Semaphore window, CompletableFuture<Void> failure)
      throws InterruptedException {
    window.acquire();
    CompletableFuture<?> unused =
        send.get()
            .whenComplete(
                (answer, error) -> {
                  if (error != null) {
                    failure.completeExceptionally(error);
                  }
                  window.release();
                });
  }

  private static void heap(Run run, Supplier<CompletableFuture<?>> send) throws Exception {
    int events = run.quick() ? 100_000 : 1_000_000;
    double early = heapAfter(send, events / 10);
    double late = heapAfter(send, events - events / 10);
    run.compare(
        "heap after " + events + " events, beside a tenth of them", late, early, "MB", Better.LESS);
  }

  private static double heapAfter(Supplier<CompletableFuture<?>> send, int events)
      throws Exception {
    Semaphore window = new Semaphore(WINDOW);
    CompletableFuture<Void> failure = new CompletableFuture<>();
    for (int i = 0; i < events; i++) {
      sendOne(send, window, failure);
    }
    window.acquire(WINDOW);
    if (failure.isDone()) {
      failure.get();
    }
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) / 1e6;
  }
}
