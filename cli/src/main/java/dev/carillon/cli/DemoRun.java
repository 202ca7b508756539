package dev.carillon.cli;

import dev.carillon.core.Outcome;
import dev.carillon.dataservices.EventMessage;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Publishes the day in every way there is, reads it back in every way there is. */
final class DemoRun {

  /** A new client adds one line here, and a class. */
  private static final List<DemoLeg> LEGS =
      List.of(
          new BatchLeg("EventClient.publishBatch"),
          new BatchLeg("  the same again"),
          new AsyncLeg(),
          new OneByOneLeg(),
          new EventBusLeg(false),
          new EventBusLeg(true),
          new RabbitMqLeg(),
          new EventGridLeg(),
          new EventGridGatheringLeg());

  private final DemoHub hub;
  private final PrintWriter out;

  DemoRun(DemoHub hub, PrintWriter out) {
    this.hub = hub;
    this.out = out;
  }

  /** Runs all legs and prints the table; whether nothing is missing. */
  boolean run(List<EventMessage> day) throws IOException, InterruptedException {
    Map<DemoLeg, LegResult> results = new LinkedHashMap<>();
    for (DemoLeg leg : LEGS) {
      results.put(leg, run(leg, Relabelled.of(day, leg.label())));
    }
    ReadBack query = new QueryReader().readAll(hub.http());
    ReadBack cloudEvents = new CloudEventsReader(HttpClient.newHttpClient()).readAll(hub.http());
    DemoTable table = new DemoTable(query, cloudEvents);
    results.forEach(table::add);
    table.print(out);
    out.println();
    out.printf(
        "read back: %d events by the Data Services query, %d by the CloudEvents API%n",
        query.counts().size(), cloudEvents.counts().size());
    out.println();
    boolean complete = new ConversationLeg(hub, out).run() && table.isComplete();
    out.println();
    out.println(complete ? "nothing is missing" : "SOMETHING IS MISSING");
    return complete;
  }

  /** Takes the time from the making of the client to its end. */
  private LegResult run(DemoLeg leg, List<EventMessage> events) {
    long start = System.nanoTime();
    List<Outcome> outcomes = leg.publish(hub, events);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    List<String> ids = Relabelled.idsOf(events);
    leg.awaitTaken(hub, ids.get(ids.size() - 1));
    return new LegResult(ids, outcomes, took);
  }
}
