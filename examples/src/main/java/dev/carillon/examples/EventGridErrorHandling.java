package dev.carillon.examples;

import dev.carillon.core.EventException;
import dev.carillon.core.Receipt;
import dev.carillon.eventgrid.EventGridClient;
import dev.carillon.eventgrid.EventGridConfig;
import dev.carillon.eventgrid.EventGridCredential;
import dev.carillon.eventgrid.EventGridHttpException;
import dev.carillon.resilience.RetryPolicy;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/** What can go wrong with an event of a topic, and what is tried again. */
public final class EventGridErrorHandling {

  private EventGridErrorHandling() {}

  /** A client that tries four times, and waits about 1, 2 and 4 seconds in between. */
  public static EventGridClient retrying(EventGridConfig config, EventGridCredential credential) {
    // docs:begin retrying
    RetryPolicy retry =
        RetryPolicy.builder()
            .maxAttempts(4)
            .delay(Duration.ofSeconds(1), Duration.ofSeconds(4))
            .build();
    return EventGridClient.builder().config(config).credential(credential).retry(retry).build();
    // docs:end retrying
  }

  /** Publishes an event, and says in the log why it could not be. */
  public static Receipt publish(EventGridClient client, Map<String, ?> data, Consumer<String> log) {
    // docs:begin errors
    try {
      return client.emitEvent("user-events", "user.created", "users/12345", data);
    } catch (EventGridHttpException e) {
      switch (e.status()) {
        case 400, 401, 403 -> log.accept("client error, sent once: " + e.getMessage());
        case 429, 503 -> log.accept("still refused after all retries: " + e.getMessage());
        default -> log.accept("refused: " + e.getMessage());
      }
      throw e;
    } catch (EventException e) {
      log.accept("not valid, no token or no network: " + e.getMessage());
      throw e;
    }
    // docs:end errors
  }
}
