package dev.carillon.cli;

import dev.carillon.core.EventException;
import dev.carillon.core.Outcome;
import dev.carillon.dataservices.EventClient;
import dev.carillon.dataservices.EventMessage;
import java.util.ArrayList;
import java.util.List;

/** Every event in a request of its own, each after the answer to the one before. */
final class OneByOneLeg implements DemoLeg {

  @Override
  public String client() {
    return "EventClient.publishEvent";
  }

  @Override
  public String transport() {
    return "HTTP, one by one";
  }

  @Override
  public List<Outcome> publish(DemoHub hub, List<EventMessage> events) {
    try (EventClient client = EventClient.of(hub.http().toString())) {
      List<Outcome> outcomes = new ArrayList<>();
      for (EventMessage event : events) {
        outcomes.add(publish(client, event));
      }
      return outcomes;
    }
  }

  private static Outcome publish(EventClient client, EventMessage event) {
    try {
      return Answers.accepted(event, client.publishEvent(event));
    } catch (EventException e) {
      return Answers.failed(event, e);
    }
  }
}
