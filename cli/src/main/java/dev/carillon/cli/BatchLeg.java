package dev.carillon.cli;

import dev.carillon.core.Outcome;
import dev.carillon.dataservices.EventClient;
import dev.carillon.dataservices.EventMessage;
import java.util.List;

/** The day as it is, in one call. Twice, it must still be there once: the ids are the file's. */
final class BatchLeg implements DemoLeg {

  private final String name;

  BatchLeg(String name) {
    this.name = name;
  }

  @Override
  public String client() {
    return name;
  }

  @Override
  public String label() {
    return "";
  }

  @Override
  public String transport() {
    return "HTTP, batch";
  }

  @Override
  public List<Outcome> publish(DemoHub hub, List<EventMessage> events) {
    try (EventClient client = EventClient.of(hub.http().toString())) {
      return client.publishBatchAsync(events).join();
    }
  }
}
