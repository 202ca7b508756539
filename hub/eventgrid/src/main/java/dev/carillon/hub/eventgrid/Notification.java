package dev.carillon.hub.eventgrid;

import static java.util.stream.Collectors.joining;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The request that carries events to a webhook.
 *
 * @param headers as Azure sends them
 * @param body the events
 */
record Notification(Map<String, String> headers, Buffer body) {

  /** Events that were tried as often as the first of them. */
  static Notification of(List<Delivery> batch, Subscription subscription) {
    boolean array = !subscription.cloudEvents() || subscription.maxEvents() > 1;
    String type =
        !subscription.cloudEvents()
            ? "application/json"
            : array ? "application/cloudevents-batch+json" : "application/cloudevents+json";
    Delivery first = batch.get(0);
    Map<String, String> headers =
        Map.of(
            "Content-Type",
            type + "; charset=utf-8",
            "aeg-event-type",
            "Notification",
            "aeg-subscription-name",
            subscription.name().toUpperCase(Locale.ROOT),
            "aeg-delivery-count",
            Integer.toString(first.deliveryAttempts()),
            "aeg-data-version",
            first.member("dataVersion", "1.0"),
            "aeg-metadata-version",
            "1");
    String body =
        array ? batch.stream().map(Delivery::event).collect(joining(",", "[", "]")) : first.event();
    return new Notification(headers, Buffer.buffer(body));
  }
}
