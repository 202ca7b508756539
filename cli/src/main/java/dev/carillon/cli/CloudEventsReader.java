package dev.carillon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads every event from the hub's CloudEvents API, page by page along its next links. */
final class CloudEventsReader {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;\\s*rel=\"?next\"?");

  private final HttpClient http;

  CloudEventsReader(HttpClient http) {
    this.http = http;
  }

  ReadBack readAll(URI hub) throws IOException, InterruptedException {
    Map<String, Long> counts = new HashMap<>();
    URI page = hub.resolve("/api/events?limit=1000");
    while (page != null) {
      HttpResponse<byte[]> answer =
          http.send(
              HttpRequest.newBuilder(page).timeout(TIMEOUT).build(), BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200) {
        throw new IOException(page + " answered " + answer.statusCode());
      }
      JsonNode events = new JsonMapper().readTree(answer.body());
      for (JsonNode event : events) {
        counts.merge(event.path("id").asText(), 1L, Long::sum);
      }
      page = events.isEmpty() ? null : next(page, answer);
    }
    return new ReadBack(counts);
  }

  private static @Nullable URI next(URI page, HttpResponse<?> answer) {
    for (String link : answer.headers().allValues("Link")) {
      Matcher found = NEXT.matcher(link);
      if (found.find()) {
        return page.resolve(found.group(1));
      }
    }
    return null;
  }
}
