package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.carillon.testkit.HubProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is to be delivered to a webhook survives {@code kill -9} of the hub. */
@Timeout(240)
final class DeliveryKillTest {

  private static final int EVENTS = 10_000;
  private static final String[] FLAGS = {
    "--eventgrid-private-targets", "--eventgrid-time-scale", "1000"
  };

  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Set<String> delivered = ConcurrentHashMap.newKeySet();
  private volatile boolean open;

  @Test
  void everythingPendingIsDeliveredOrADeadLetterAfterTwoKills() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    HttpServer webhook =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
    webhook.setExecutor(threads);
    webhook.createContext("/", this::answer);
    webhook.start();
    Path data = folder.resolve("data");
    HubProcess hub = HubProcess.start(data, FLAGS);
    try {
      String url = "http://127.0.0.1:" + webhook.getAddress().getPort() + "/";
      subscribe(hub.http(), url);
      for (int from = 0; from < EVENTS; from += 1000) {
        publish(hub.http(), from, from + 1000);
      }
      hub.kill();
      hub = HubProcess.start(data, FLAGS);
      open = true;
      await().atMost(Duration.ofMinutes(1)).until(() -> delivered.size() > EVENTS / 10);
      hub.kill();
      hub = HubProcess.start(data, FLAGS);
      URI now = hub.http();
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> delivered.size() + deadLetters(now).size() >= EVENTS);
      Set<String> all = new HashSet<>(delivered);
      all.addAll(deadLetters(now));
      assertThat(all).hasSize(EVENTS);
    } finally {
      hub.close();
      webhook.stop(0);
      threads.shutdownNow();
    }
  }

  /** Passes the handshake; is closed at first, then takes everything. */
  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode events =
          Log.json(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      JsonNode code = events.get(0).path("data").path("validationCode");
      if (code.isTextual()) {
        byte[] answer =
            ("{\"validationResponse\":\"" + code.asText() + "\"}").getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        return;
      }
      if (open) {
        events.forEach(event -> delivered.add(event.get("id").asText()));
      }
      exchange.sendResponseHeaders(open ? 200 : 503, -1);
    }
  }

  private void subscribe(URI hub, String url) throws Exception {
    String body = "{\"topic\":\"t\",\"maxEventsPerBatch\":20,\"endpointUrl\":\"" + url + "\"}";
    HttpRequest request =
        HttpRequest.newBuilder(hub.resolve("/api/eventgrid/subscriptions/killed"))
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private void publish(URI hub, int from, int to) throws Exception {
    StringJoiner batch = new StringJoiner(",", "[", "]");
    for (int i = from; i < to; i++) {
      batch.add("{\"id\":\"e%d\",\"subject\":\"s\",\"eventType\":\"t\"}".formatted(i));
    }
    HttpRequest request =
        HttpRequest.newBuilder(hub.resolve("/t/api/events"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(batch.toString()))
            .build();
    assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
  }

  private static Set<String> deadLetters(URI hub) {
    Set<String> ids = new HashSet<>();
    Log.json(Log.get(hub, "/api/eventgrid/subscriptions/killed/deadletters?limit=10000").body())
        .forEach(letter -> ids.add(letter.path("event").path("id").asText()));
    return ids;
  }
}
