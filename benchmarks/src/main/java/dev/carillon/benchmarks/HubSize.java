package dev.carillon.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.benchmarks.Run.Better;
import dev.carillon.testkit.HubProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** What a large log costs: memory when idle, ingest and queries at five million events. */
final class HubSize implements Benchmark {

  private static final int MEMORY_BOUND_MB = 350;
  private static final int QUERY_BOUND_MS = 100;
  private static final int CONNECTIONS = 64;
  private static final int BATCH = 100;
  private static final int BATCH_CONNECTIONS = 16;

  private final HttpClient client = HttpClient.newHttpClient();
  private final ObjectMapper mapper = new ObjectMapper();

  @Override
  public void run(Run run) throws Exception {
    long target = run.quick() ? 500_000 : 5_000_000;
    try (HubProcess small = Servers.hub(run.folder().resolve("small"));
        HubProcess large = Servers.hub(run.folder().resolve("large"))) {
      publishOne(small.http());
      lastHundred(small.http());
      run.compare(
          "idle, resident memory beside its bound",
          Servers.residentMegabytes(small.pid()),
          MEMORY_BOUND_MB,
          "MB",
          Better.LESS);
      fill(run, large, target);
      Wrk wrk = Wrk.posting(run.folder(), Bodies.event("sample.processed"));
      run.interleave(
          "ingest at " + target + " events, beside ingest at none",
          "events/s",
          () -> wrk.on(Servers.publish(large.http()), CONNECTIONS, run.seconds()).rate(),
          () -> wrk.on(Servers.publish(small.http()), CONNECTIONS, run.seconds()).rate());
      query(run, large, target);
    }
  }

  private static void fill(Run run, HubProcess hub, long target) throws Exception {
    Wrk wrk = Wrk.posting(run.folder(), Bodies.batch(BATCH));
    double stored = 0;
    while (stored < target) {
      stored += 10 * BATCH * wrk.on(Servers.publishBatch(hub.http()), BATCH_CONNECTIONS, 10).rate();
      run.note("filled with %.0f of %d events", stored, target);
    }
  }

  private void query(Run run, HubProcess hub, long target) throws Exception {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < 21; i++) {
      long started = System.nanoTime();
      lastHundred(hub.http());
      millis.add((System.nanoTime() - started) / 1e6);
    }
    run.compare(
        "last 100 events of a topic at " + target + " events, beside the bound",
        Run.median(millis.subList(1, millis.size())),
        QUERY_BOUND_MS,
        "ms",
        Better.LESS);
  }

  private void publishOne(URI http) throws IOException, InterruptedException {
    post(Servers.publish(http), Bodies.event("sample.processed.7"));
  }

  private void lastHundred(URI http) throws IOException, InterruptedException {
    URI query = http.resolve("/api/v2.0/QueryService/Events?limit=100&order=desc");
    JsonNode events = mapper.readTree(post(query, "{\"topic\":\"sample.processed.7\"}"));
    if (events.isEmpty()) {
      throw new IllegalStateException("the query found nothing");
    }
  }

  private String post(URI address, String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(address + " answered " + answer.statusCode());
    }
    return answer.body();
  }
}
