package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A hub's log as its CloudEvents API shows it, by bare HTTP. */
final class Log {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Log() {}

  /** One request. */
  static HttpResponse<String> get(URI hub, String path) {
    return get(hub.resolve(path));
  }

  private static HttpResponse<String> get(URI address) {
    return send(HttpRequest.newBuilder(address));
  }

  /** One publish of an event message. */
  static HttpResponse<String> post(URI hub, String message) {
    return send("POST", hub, "/api/v2.0/EventService", message);
  }

  /** One request with JSON. */
  static HttpResponse<String> send(String method, URI hub, String path, String json) {
    return send(
        HttpRequest.newBuilder(hub.resolve(path))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(json)));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError("the hub does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** The ids of all events, in the log's order, read page by page with the cursor. */
  static List<String> ids(URI hub) {
    List<String> ids = new ArrayList<>();
    URI page = hub.resolve("/api/events?limit=5000");
    while (page != null) {
      HttpResponse<String> answer = get(page);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      for (JsonNode event : json(answer.body())) {
        ids.add(event.get("id").textValue());
      }
      String link = answer.headers().firstValue("Link").orElse(null);
      page = link == null ? null : hub.resolve(link.substring(1, link.indexOf('>')));
    }
    return ids;
  }

  /** Checks that all of these are in the log, and nothing twice; returns the log's ids. */
  static List<String> assertHoldsOnce(URI hub, Collection<String> acknowledged) {
    List<String> ids = ids(hub);
    Set<String> distinct = new HashSet<>(ids);
    assertThat(ids.size() - distinct.size()).as("duplicates").isZero();
    Set<String> lost = new HashSet<>(acknowledged);
    lost.removeAll(distinct);
    assertThat(lost).as("acknowledged events that are lost").isEmpty();
    return ids;
  }

  static JsonNode json(String text) {
    try {
      return new JsonMapper().readTree(text);
    } catch (IOException e) {
      throw new AssertionError("no JSON: " + text, e);
    }
  }
}
