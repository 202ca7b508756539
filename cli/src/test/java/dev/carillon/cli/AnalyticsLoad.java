package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writers that create, update and delete analytics events of their own until closed, each operation
 * sent again until it is acknowledged, and now and then once more, as by a client that never got
 * the answer.
 */
final class AnalyticsLoad implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final URI hub;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<Integer, Map<String, Double>> live = new ConcurrentHashMap<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final AtomicLong acknowledged = new AtomicLong();
  private final CountDownLatch stopping = new CountDownLatch(1);

  private AnalyticsLoad(URI hub) {
    this.hub = hub;
  }

  /** Starts so many writers. */
  static AnalyticsLoad on(URI hub, int writers) {
    AnalyticsLoad load = new AnalyticsLoad(hub);
    for (int i = 0; i < writers; i++) {
      int writer = i;
      load.live.put(writer, new TreeMap<>());
      load.threads.execute(() -> load.write(writer));
    }
    return load;
  }

  /** The conversation of a writer's events. */
  static String conversation(int writer) {
    return "writer-" + writer;
  }

  /** The latency of each live event of a writer, once closed. */
  Map<String, Double> expected(int writer) {
    return new TreeMap<>(live.getOrDefault(writer, Map.of()));
  }

  /** How many events are live, once closed. */
  long live() {
    return live.values().stream().mapToLong(Map::size).sum();
  }

  private void write(int writer) {
    Random random = new Random();
    Map<String, Double> mine = live.getOrDefault(writer, Map.of());
    List<String> ids = new ArrayList<>();
    try {
      for (int number = 1; stopping.getCount() > 0; number++) {
        int dice = random.nextInt(10);
        if (dice < 5 || ids.isEmpty()) {
          String id = UUID.randomUUID().toString();
          if (dice == 0) {
            put(id, number);
          }
          post(id, writer, dice == 0 ? -1 : number);
          mine.put(id, (double) number);
          ids.add(id);
        } else if (dice < 9) {
          String id = ids.get(random.nextInt(ids.size()));
          put(id, number);
          mine.replace(id, (double) number);
        } else {
          String id = ids.get(random.nextInt(ids.size()));
          send("DELETE", "/event/" + id, null);
          mine.remove(id);
        }
      }
    } catch (Exception e) {
      failures.add(e);
    }
  }

  private void post(String id, int writer, int latency) throws Exception {
    String body =
        "{\"id\":\"%s\",\"conversation_id\":\"%s\",\"event_name\":\"event_a\",\"latency\":%d}"
            .formatted(id, conversation(writer), Math.max(latency, 0));
    send("POST", "/event", body);
    if (latency % 10 == 0) {
      send("POST", "/event", body);
    }
  }

  private void put(String id, int latency) throws Exception {
    send("PUT", "/event/" + id, "{\"latency\":" + latency + "}");
  }

  private void send(String method, String path, @Nullable String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(hub.resolve(path))
            .timeout(Duration.ofSeconds(5))
            .header("Content-Type", "application/json")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() == 202) {
          acknowledged.incrementAndGet();
          return;
        }
        if (answer.statusCode() != 503) {
          throw new AssertionError(method + " was answered " + answer.body());
        }
      } catch (IOException e) {
        stopping.await(20, TimeUnit.MILLISECONDS); // the hub is down, as it should be
      }
    }
    throw new AssertionError("not acknowledged: " + method + " " + path);
  }

  /** Reads, which has the hub bring in what was acknowledged. */
  void ask() throws Exception {
    client.send(
        HttpRequest.newBuilder(hub.resolve("/analytics/totals"))
            .timeout(Duration.ofSeconds(20))
            .build(),
        BodyHandlers.discarding());
  }

  /** Waits until so many more are acknowledged. */
  void awaitMore(int count) {
    long target = acknowledged.get() + count;
    await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> acknowledged.get() >= target || !failures.isEmpty());
    assertThat(failures).isEmpty();
  }

  /** Ends when what every writer is sending is acknowledged. */
  @Override
  public void close() {
    stopping.countDown();
    threads.shutdown();
    try {
      assertThat(threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    assertThat(failures).isEmpty();
  }
}
