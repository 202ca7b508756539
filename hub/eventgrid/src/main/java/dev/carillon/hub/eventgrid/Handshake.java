package dev.carillon.hub.eventgrid;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Asks a webhook whether it wants the events: Event Grid's validation event, or for CloudEvents an
 * OPTIONS request (CloudEvents' web hook specification).
 */
final class Handshake {

  /** Who webhooks that were made for Azure allow, whoever asks. */
  private static final String AZURE = "eventgrid.azure.net";

  private final Webhook webhook;
  private final URI hub;

  /**
   * What a webhook said.
   *
   * @param accepted whether it wants the events
   * @param open whether it was reached, and may still call the validation URL
   * @param outcome of the request, as deliveries have it
   */
  record Answer(boolean accepted, boolean open, String outcome) {

    static Answer of(boolean accepted, WebhookAnswer answer) {
      return new Answer(accepted, !accepted && answer.succeeded(), answer.outcome());
    }
  }

  Handshake(Webhook webhook, URI hub) {
    this.webhook = webhook;
    this.hub = hub;
  }

  Future<Answer> with(Subscription subscription, String code) {
    return subscription.cloudEvents() ? options(subscription, code) : event(subscription, code);
  }

  private String validationUrl(Subscription subscription, String code) {
    return hub.resolve(
            "/api/eventgrid/validate?subscription=" + subscription.name() + "&code=" + code)
        .toString();
  }

  private Future<Answer> options(Subscription subscription, String code) {
    String origin = hub.getHost();
    Map<String, String> headers =
        Map.of(
            "WebHook-Request-Origin",
            origin,
            "WebHook-Request-Callback",
            validationUrl(subscription, code),
            "WebHook-Request-Rate",
            "120");
    return webhook
        .call(HttpMethod.OPTIONS, subscription.endpoint(), headers, Buffer.buffer())
        .map(
            answer -> {
              boolean wanted =
                  Stream.of("*", origin, AZURE).anyMatch(answer.allowedOrigin()::equalsIgnoreCase);
              return Answer.of(wanted && answer.succeeded(), answer);
            });
  }

  private Future<Answer> event(Subscription subscription, String code) {
    ArrayNode events = EventGridFile.MAPPER.createArrayNode();
    ObjectNode event = events.addObject();
    event.put("id", UUID.randomUUID().toString());
    event.put("topic", "/" + subscription.topic());
    event.put("subject", "");
    event.put("eventType", "Microsoft.EventGrid.SubscriptionValidationEvent");
    event.put("eventTime", Instant.now().toString());
    event.put("metadataVersion", "1");
    event.put("dataVersion", "2");
    event
        .putObject("data")
        .put("validationCode", code)
        .put("validationUrl", validationUrl(subscription, code));
    Map<String, String> headers =
        Map.of(
            "Content-Type",
            "application/json; charset=utf-8",
            "aeg-event-type",
            "SubscriptionValidation",
            "aeg-subscription-name",
            subscription.name().toUpperCase(Locale.ROOT));
    return webhook
        .call(HttpMethod.POST, subscription.endpoint(), headers, Buffer.buffer(events.toString()))
        .map(answer -> Answer.of(answer.status() == 200 && echoes(answer.body(), code), answer));
  }

  private static boolean echoes(String body, String code) {
    try {
      JsonNode answer = EventGridFile.MAPPER.readTree(body);
      return answer != null && code.equals(answer.path("validationResponse").asText(""));
    } catch (JsonProcessingException e) {
      return false;
    }
  }
}
