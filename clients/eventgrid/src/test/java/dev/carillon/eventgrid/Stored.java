package dev.carillon.eventgrid;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.carillon.testkit.HubProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

/** What a hub holds. */
final class Stored {

  private Stored() {}

  static List<JsonNode> in(HubProcess hub) {
    HttpRequest request =
        HttpRequest.newBuilder(hub.http().resolve("/api/events?limit=10000"))
            .header("X-Api-Key", Azure.KEY)
            .build();
    try {
      String body = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
      return new JsonMapper().readTree(body).valueStream().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  static List<String> ids(HubProcess hub) {
    return in(hub).stream().map(event -> event.get("id").asText()).toList();
  }
}
