package dev.carillon.dataservices;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.core.Guarantee;
import dev.carillon.http.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server's confirmation that it has an event.
 *
 * @param id the event's id, as the server says, else as it was sent; null if neither said one
 * @param createdDateUtc the event's time, as the server says; null if it does not
 * @param guarantee {@link Guarantee#STORED} if the server said with its header {@code
 *     Carillon-Durable: true} that the event is on durable storage, as the Carillon hub does; else
 *     {@link Guarantee#ACKNOWLEDGED}
 * @param body the answer's body as it came; empty if the server sent none
 */
public record PublishConfirmation(
    @Nullable String id, @Nullable Instant createdDateUtc, Guarantee guarantee, String body) {

  static PublishConfirmation of(Answer answer, @Nullable String sentId) {
    String body = new String(answer.body(), StandardCharsets.UTF_8);
    JsonNode json = Json.readOrNull(answer.body());
    if (json == null || !json.isObject()) {
      return new PublishConfirmation(sentId, null, guarantee(answer), body);
    }
    String id = Json.text(json, "id");
    return new PublishConfirmation(
        id == null ? sentId : id,
        Timestamps.isoOrNull(Json.text(json, "createdDateUtc")),
        guarantee(answer),
        body);
  }

  /** How far an event got whose publication was answered so. */
  static Guarantee guarantee(Answer answer) {
    return "true".equalsIgnoreCase(answer.header("Carillon-Durable"))
        ? Guarantee.STORED
        : Guarantee.ACKNOWLEDGED;
  }

  /** Everything the server said, by name; empty if its answer is no JSON object. */
  public Map<String, @Nullable Object> fields() {
    JsonNode json = Json.readOrNull(body.getBytes(StandardCharsets.UTF_8));
    return json == null || !json.isObject()
        ? Map.of()
        : Json.MAPPER.convertValue(json, Json.OBJECT);
  }
}
