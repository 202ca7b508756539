package dev.carillon.eventgrid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.HubProcess;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hub that gets no answer when it looks up names. Java can read its names from a file, and a pipe
 * that nobody writes to never answers.
 */
@Timeout(60)
final class SilentNamesTest {

  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();

  private CompletableFuture<HttpResponse<String>> send(
      HubProcess hub, String method, String path, String body) {
    return client.sendAsync(
        HttpRequest.newBuilder(hub.http().resolve(path))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .timeout(Duration.ofSeconds(20))
            .build(),
        BodyHandlers.ofString());
  }

  @Test
  void takesEventsWhileItLooksForWebhooks() throws Exception {
    Path pipe = folder.resolve("hosts");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    List<String> options = new ArrayList<>(HubProcess.SHORT_LIVED);
    options.add("-Djdk.net.hosts.file=" + pipe);
    HubProcess hub =
        HubProcess.start(options, folder.resolve("data"), "--eventgrid-time-scale", "10");
    try {
      List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        String webhook = "{\"topic\":\"t\",\"endpointUrl\":\"https://w%d.example/\"}".formatted(i);
        asked.add(send(hub, "PUT", "/api/eventgrid/subscriptions/silent-" + i, webhook));
      }
      send(hub, "GET", "/api/eventgrid/subscriptions", "").join();
      String large = "x".repeat(500_000); // read where nothing else waits
      String event =
          "[{\"id\":\"1\",\"subject\":\"s\",\"eventType\":\"t\",\"data\":\"" + large + "\"}]";
      assertThat(send(hub, "POST", "/t/api/events", event))
          .succeedsWithin(Duration.ofSeconds(2))
          .returns(200, HttpResponse::statusCode);
      assertThat(asked).noneMatch(CompletableFuture::isDone);
      for (CompletableFuture<HttpResponse<String>> answer : asked) {
        assertThat(answer)
            .succeedsWithin(Duration.ofSeconds(10))
            .returns(400, HttpResponse::statusCode);
      }
    } finally {
      hub.kill();
    }
  }
}
