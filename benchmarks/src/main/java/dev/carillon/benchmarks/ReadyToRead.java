package dev.carillon.benchmarks;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How long after its 202 an event can be read, while 2,000 a second come. */
final class ReadyToRead {

  private static final int RATE = 2_000;
  private static final int TICKS = 100;

  /** Few are looked for: those who look take time from the writer. */
  private static final int SAMPLED = 25;

  private static final int WARM_UP_SECONDS = 5;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI hub;
  private final Queue<Double> millis = new ConcurrentLinkedQueue<>();

  private ReadyToRead(URI hub) {
    this.hub = hub;
  }

  /** Sends for so many seconds, and looks for four events a second. */
  static double p95Millis(URI hub, int seconds) throws Exception {
    ReadyToRead run = new ReadyToRead(hub);
    run.send(WARM_UP_SECONDS);
    run.millis.clear();
    run.send(seconds);
    List<Double> sorted = run.millis.stream().sorted().toList();
    if (sorted.isEmpty()) {
      throw new IllegalStateException("nothing was sent");
    }
    return sorted.get((int) Math.ceil(sorted.size() * 0.95) - 1);
  }

  private void send(int seconds) throws Exception {
    List<CompletableFuture<?>> sent = new ArrayList<>();
    long started = System.nanoTime();
    for (int tick = 0; tick < seconds * TICKS; tick++) {
      long due = started + tick * TimeUnit.SECONDS.toNanos(1) / TICKS;
      LockSupport.parkNanos(due - System.nanoTime());
      String id = UUID.randomUUID().toString();
      CompletableFuture<HttpResponse<Void>> answer = post(id);
      sent.add(
          tick % SAMPLED == 0
              ? answer.thenCompose(accepted -> look(id, System.nanoTime()))
              : answer);
    }
    CompletableFuture.allOf(sent.toArray(new CompletableFuture<?>[0])).get(60, TimeUnit.SECONDS);
  }

  /** Sends what is due in one tick, with one event that is known by its id. */
  private CompletableFuture<HttpResponse<Void>> post(String id) {
    StringJoiner body = new StringJoiner(",", "[", "]").add(AnalyticsBodies.event(id));
    for (int i = 1; i < RATE / TICKS; i++) {
      body.add(AnalyticsBodies.event(UUID.randomUUID().toString()));
    }
    HttpRequest request =
        HttpRequest.newBuilder(hub.resolve("/event/batch"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString()))
            .build();
    return client
        .sendAsync(request, BodyHandlers.discarding())
        .thenApply(
            answer -> {
              if (answer.statusCode() != 202) {
                throw new IllegalStateException("answered " + answer.statusCode());
              }
              return answer;
            });
  }

  /** Asks for an event until it is there. */
  private CompletableFuture<Void> look(String id, long accepted) {
    HttpRequest request = HttpRequest.newBuilder(hub.resolve("/event/" + id)).build();
    return client
        .sendAsync(request, BodyHandlers.discarding())
        .thenCompose(
            answer -> {
              if (answer.statusCode() == 200) {
                millis.add((System.nanoTime() - accepted) / 1e6);
                return CompletableFuture.completedFuture(null);
              }
              return CompletableFuture.completedFuture(id)
                  .thenComposeAsync(
                      again -> look(again, accepted),
                      CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
            });
  }
}
