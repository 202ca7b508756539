package dev.carillon.dataservices;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.core.EventException;
import dev.carillon.core.EventValidationException;
import dev.carillon.http.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads events back. */
final class EventReader {

  static final int MAX_LIMIT = 10_000;
  private static final int NO_CONTENT = 204;
  private static final int NOT_FOUND = 404;

  private final Requests requests;
  private final Clock clock;

  EventReader(Requests requests, Clock clock) {
    this.requests = requests;
    this.clock = clock;
  }

  CompletableFuture<List<StoredEvent>> page(EventQuery query, int limit, long offset) {
    if (limit < 1 || limit > MAX_LIMIT) {
      return invalid("limit", "must be 1 to " + MAX_LIMIT);
    }
    if (offset < 0) {
      return invalid("offset", "must not be negative");
    }
    String order = query.newestFirst() ? "&order=desc" : "";
    String path = Call.QUERY + "?limit=" + limit + "&offset=" + offset + order;
    try {
      byte[] filter = Json.MAPPER.writeValueAsBytes(query);
      return requests.submit(Call.query(path, filter), this::readPage);
    } catch (JsonProcessingException e) {
      return invalid("query", "cannot be written as JSON: " + e.getMessage());
    }
  }

  CompletableFuture<Optional<StoredEvent>> one(String id) {
    if (id.isBlank()) {
      return invalid("id", "must not be blank");
    }
    if (MessageRules.isUnreachable(id)) {
      return invalid("id", "is one that no path can ask for");
    }
    String segment = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    return requests.submit(Call.getLarge(Call.EVENTS + "/" + segment), this::readOne);
  }

  private List<StoredEvent> readPage(Answer answer) {
    if (answer.isSuccess() && answer.cut()) {
      throw unreadable("the answer is too large to read; ask for fewer events at a time");
    }
    JsonNode json = content("the query", answer);
    if (json == null) {
      return List.of();
    }
    if (!json.isArray()) {
      throw unreadable("the answer to the query is no list");
    }
    List<StoredEvent> events = new ArrayList<>(json.size());
    json.forEach(event -> events.add(StoredEvent.of(event)));
    return List.copyOf(events);
  }

  private Optional<StoredEvent> readOne(Answer answer) {
    if (answer.status() == NOT_FOUND) {
      return Optional.empty();
    }
    JsonNode json = content("reading an event", answer);
    if (json != null && !json.isObject()) {
      throw unreadable("the answer is no event");
    }
    return Optional.ofNullable(json).map(StoredEvent::of);
  }

  /** The JSON of an answer; null for none. */
  private @Nullable JsonNode content(String what, Answer answer) {
    if (!answer.isSuccess()) {
      throw Refusals.of(what, answer, clock);
    }
    if (answer.cut()) {
      throw unreadable(what + ": the answer is too large to read");
    }
    if (answer.status() == NO_CONTENT) {
      return null;
    }
    JsonNode json = Json.readOrNull(answer.body());
    if (json == null) {
      throw unreadable(what + ": the answer is no JSON");
    }
    return json;
  }

  private static EventException unreadable(String message) {
    return new EventException(message, false, false, null, null);
  }

  private static <T> CompletableFuture<T> invalid(String field, String message) {
    return CompletableFuture.failedFuture(new EventValidationException(field, message));
  }
}
