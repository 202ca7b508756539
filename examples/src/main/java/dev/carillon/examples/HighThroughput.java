package dev.carillon.examples;

import dev.carillon.core.Outcome;
import dev.carillon.dataservices.EventClient;
import dev.carillon.dataservices.EventMessage;
import dev.carillon.dataservices.PublishConfirmation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** Many events: without waiting for each, or many in one request. */
public final class HighThroughput {

  private HighThroughput() {}

  /** Publishes without waiting for each, a thousand under way; the client takes some 10,000. */
  public static List<PublishConfirmation> publishAll(
      EventClient client, Iterable<EventMessage> events) {
    // docs:begin publish-async
    List<PublishConfirmation> confirmed = new ArrayList<>();
    Queue<CompletableFuture<PublishConfirmation>> underWay = new ArrayDeque<>();
    for (EventMessage event : events) {
      if (underWay.size() == 1_000) {
        confirmed.add(underWay.remove().join()); // the oldest first
      }
      underWay.add(client.publishAsync(event));
    }
    underWay.forEach(last -> confirmed.add(last.join()));
    // docs:end publish-async
    return confirmed;
  }

  /** Publishes in batches and returns what was refused, each with its reason. */
  public static List<Outcome> refusedOf(EventClient client, List<EventMessage> events) {
    // docs:begin publish-batch
    List<Outcome> outcomes = client.publishBatch(events);
    return outcomes.stream().filter(outcome -> !outcome.isAccepted()).toList();
    // docs:end publish-batch
  }
}
