package dev.carillon.cli;

import dev.carillon.core.Outcome;
import dev.carillon.dataservices.EventClient;
import dev.carillon.dataservices.EventMessage;
import java.time.Duration;
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
  public String transport() {
    return "HTTP, batch";
  }

  @Override
  public LegResult publish(DemoHub hub, List<EventMessage> day) {
    try (EventClient client = EventClient.of(hub.http().toString())) {
      long start = System.nanoTime();
      List<EventMessage> events = Relabelled.of(day, "");
      List<Outcome> outcomes = client.publishBatchAsync(events).join();
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      return new LegResult(Relabelled.idsOf(events), outcomes, took);
    }
  }
}
