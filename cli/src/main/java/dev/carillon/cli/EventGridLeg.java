package dev.carillon.cli;

import dev.carillon.core.Outcome;
import dev.carillon.dataservices.EventMessage;
import dev.carillon.eventgrid.EventGridClient;
import dev.carillon.eventgrid.EventGridConfig;
import dev.carillon.eventgrid.EventGridCredential;
import dev.carillon.eventgrid.EventGridTopicConfig;
import dev.carillon.eventgrid.TopicEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The day to an Event Grid topic over HTTPS, with a key, in one call. */
final class EventGridLeg implements DemoLeg {

  static final String TOPIC = "laboratory";

  @Override
  public String client() {
    return "EventGridClient.emitEvents";
  }

  @Override
  public String transport() {
    return "Event Grid, HTTPS";
  }

  @Override
  public List<Outcome> publish(DemoHub hub, List<EventMessage> events) {
    EventGridTopicConfig topic =
        new EventGridTopicConfig(TOPIC, hub.eventGrid() + "/" + TOPIC + "/api/events");
    try (EventGridClient client =
        EventGridClient.builder()
            .config(EventGridConfig.of(topic))
            .credential(EventGridCredential.key("ZGVtbw=="))
            .sslContext(Trust.of(hub.certificate()))
            .build()) {
      return client.emitEvents(TOPIC, events.stream().map(EventGridLeg::topicEvent).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A message of the day as a topic takes it. */
  static TopicEvent topicEvent(EventMessage message) {
    String subject = message.subjects().isEmpty() ? TOPIC : message.subjects().get(0);
    TopicEvent.Builder event =
        TopicEvent.builder(message.topic(), subject, message.data())
            .id(String.valueOf(message.id()));
    @Nullable Instant created = message.createdDateUtc();
    return (created == null ? event : event.eventTime(created)).build();
  }
}
