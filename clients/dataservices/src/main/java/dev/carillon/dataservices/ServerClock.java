package dev.carillon.dataservices;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.core.EventException;
import dev.carillon.http.Answer;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Asks the server what time it is. */
final class ServerClock {

  private final Requests requests;
  private final Clock clock;

  ServerClock(Requests requests, Clock clock) {
    this.requests = requests;
    this.clock = clock;
  }

  CompletableFuture<Instant> now() {
    return requests.submit(Call.get(Call.SERVER_TIME), this::read);
  }

  private Instant read(Answer answer) {
    Instant said = answer.isSuccess() ? body(answer) : null;
    if (said == null) {
      said = answer.date();
    }
    if (said != null) {
      return said.plusNanos(answer.roundTripNanos() / 2);
    }
    if (!answer.isSuccess()) {
      throw Refusals.of("asking for the server's time", answer, clock);
    }
    throw new EventException(
        "the server does not say what time it is, nor does its Date header",
        false,
        false,
        null,
        null);
  }

  private static @Nullable Instant body(Answer answer) {
    JsonNode json = Json.readOrNull(answer.body());
    if (json == null) {
      return null;
    }
    return Timestamps.isoOrNull(
        json.isTextual() ? json.textValue() : Json.text(json, "serverTimeUtc"));
  }
}
