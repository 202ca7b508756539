package dev.carillon.cli;

import dev.carillon.core.Outcome;
import dev.carillon.dataservices.EventMessage;
import dev.carillon.eventbus.EventBusClient;
import io.cloudevents.CloudEvent;
import java.util.List;

/** Every event over the hub's ZeroMQ bus, plainly or to the port that answers. */
final class EventBusLeg implements DemoLeg {

  private final boolean acknowledged;

  EventBusLeg(boolean acknowledged) {
    this.acknowledged = acknowledged;
  }

  @Override
  public String client() {
    return acknowledged ? "  acknowledged" : "EventBusClient.send";
  }

  @Override
  public String transport() {
    return acknowledged ? "ZeroMQ, answered" : "ZeroMQ";
  }

  @Override
  public List<Outcome> publish(DemoHub hub, List<EventMessage> events) {
    var builder =
        EventBusClient.builder(AnyEvent.class, String.class, String.class)
            .host("127.0.0.1")
            .publishPort(hub.busPort("publish"))
            .publishOnly();
    if (acknowledged) {
      builder.acknowledgePort(hub.busPort("acknowledge"));
    }
    try (var client = builder.build()) {
      client.connect();
      List<CloudEvent> cloudEvents = events.stream().map(EventMessage::toCloudEvent).toList();
      return client.sendAll(cloudEvents).join();
    }
  }
}
