package dev.carillon.examples;

import dev.carillon.core.Outcome;
import dev.carillon.dataservices.EventClient;
import dev.carillon.dataservices.EventMessage;
import dev.carillon.dataservices.PublishConfirmation;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Many events: without waiting for each, or many in one request. */
public final class HighThroughput {

  private HighThroughput() {}

  /** Publishes all at once; the client bounds what is on the wire and what waits behind it. */
  public static List<PublishConfirmation> publishAll(
      EventClient client, List<EventMessage> events) {
    // docs:begin publish-async
    List<CompletableFuture<PublishConfirmation>> sent =
        events.stream().map(client::publishAsync).toList();
    return sent.stream().map(CompletableFuture::join).toList();
    // docs:end publish-async
  }

  /** Publishes in batches and returns what was refused, each with its reason. */
  public static List<Outcome> refusedOf(EventClient client, List<EventMessage> events) {
    // docs:begin publish-batch
    List<Outcome> outcomes = client.publishBatch(events);
    return outcomes.stream().filter(outcome -> !outcome.isAccepted()).toList();
    // docs:end publish-batch
  }
}
