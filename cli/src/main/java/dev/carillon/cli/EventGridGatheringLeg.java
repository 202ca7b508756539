package dev.carillon.cli;

import dev.carillon.core.Outcome;
import dev.carillon.dataservices.EventMessage;
import dev.carillon.eventgrid.EventGridClient;
import dev.carillon.eventgrid.EventGridConfig;
import dev.carillon.eventgrid.EventGridCredential;
import dev.carillon.eventgrid.EventGridSchema;
import dev.carillon.eventgrid.EventGridTopicConfig;
import dev.carillon.eventgrid.TopicEvent;
import dev.carillon.sinks.CoalescingPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Every event by itself, gathered into batches of CloudEvents, over HTTP with signed tokens. */
final class EventGridGatheringLeg implements DemoLeg {

  @Override
  public String client() {
    return "  emitEventAsync, gathered";
  }

  @Override
  public String transport() {
    return "Event Grid, HTTP";
  }

  @Override
  public List<Outcome> publish(DemoHub hub, List<EventMessage> events) {
    String name = EventGridLeg.TOPIC;
    EventGridTopicConfig topic =
        new EventGridTopicConfig(name, hub.http() + "/" + name + "/api/events")
            .withSchema(EventGridSchema.CLOUD_EVENTS);
    try (EventGridClient client =
        EventGridClient.builder()
            .config(EventGridConfig.of(topic))
            .credential(EventGridCredential.signingKey("ZGVtbw=="))
            .coalescing(CoalescingPolicy.ofDefaults())
            .build()) {
      List<CompletableFuture<Outcome>> answers = new ArrayList<>();
      for (EventMessage message : events) {
        TopicEvent event = EventGridLeg.topicEvent(message);
        answers.add(
            client
                .emitEventAsync(name, event)
                .handle((receipt, error) -> Outcome.of(event.id(), receipt, error)));
      }
      return answers.stream().map(CompletableFuture::join).toList();
    }
  }
}
