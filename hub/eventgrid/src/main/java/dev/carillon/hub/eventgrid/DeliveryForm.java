package dev.carillon.hub.eventgrid;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.hub.store.StoredEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Turns events of the log into what subscribers are sent. */
final class DeliveryForm {

  private static final String TOPIC = "eventgridtopic";
  private static final String DATA_VERSION = "dataversion";

  private DeliveryForm() {}

  /** Whether an event is of a subscription's topic; true also if nobody can say. */
  static boolean isOfTopic(StoredEvent stored, Subscription subscription) {
    try (JsonParser json = EventGridFile.MAPPER.createParser(stored.json())) {
      return subscription.topic().equals(Delivery.member(json, TOPIC, ""));
    } catch (IOException e) {
      return true; // what cannot be read is told of, not passed over
    }
  }

  /** The event, of its topic, as a subscription wants it; null if it does not want it. */
  static @Nullable ObjectNode of(StoredEvent stored, Subscription subscription) {
    ObjectNode event;
    try {
      event = (ObjectNode) EventGridFile.MAPPER.readTree(stored.json());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String type = event.path("type").asText();
    String subject = event.path("subject").asText("");
    ObjectNode form = subscription.cloudEvents() ? cloudEvent(event) : eventGridEvent(event);
    return subscription.filter().matches(type, subject, form) ? form : null;
  }

  private static ObjectNode cloudEvent(ObjectNode event) {
    event.remove(TOPIC);
    return event;
  }

  private static ObjectNode eventGridEvent(ObjectNode event) {
    ObjectNode form = EventGridFile.MAPPER.createObjectNode();
    form.set("id", event.get("id"));
    form.put("topic", "/" + event.path(TOPIC).asText());
    form.put("subject", event.path("subject").asText(""));
    form.set("eventType", event.get("type"));
    form.set("eventTime", event.get("time"));
    form.put("dataVersion", event.path(DATA_VERSION).asText("1.0"));
    form.put("metadataVersion", "1");
    JsonNode data = event.get("data");
    form.set("data", data == null ? event.get("data_base64") : data);
    return form;
  }
}
