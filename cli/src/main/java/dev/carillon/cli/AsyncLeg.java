package dev.carillon.cli;

import dev.carillon.core.Outcome;
import dev.carillon.dataservices.EventClient;
import dev.carillon.dataservices.EventMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/** Every event in a request of its own, many of them under way at once. */
final class AsyncLeg implements DemoLeg {

  private static final int MAX_UNDER_WAY = 256;

  @Override
  public String client() {
    return "EventClient.publishAsync";
  }

  @Override
  public String transport() {
    return "HTTP, concurrent";
  }

  @Override
  public List<Outcome> publish(DemoHub hub, List<EventMessage> events) {
    try (EventClient client = EventClient.of(hub.http().toString())) {
      List<CompletableFuture<Outcome>> answers = new ArrayList<>();
      Semaphore free = new Semaphore(MAX_UNDER_WAY);
      for (EventMessage event : events) {
        free.acquireUninterruptibly();
        answers.add(
            client
                .publishAsync(event)
                .handle(
                    (confirmation, error) ->
                        error == null
                            ? Answers.accepted(event, confirmation)
                            : Answers.failed(event, error))
                .whenComplete((outcome, error) -> free.release()));
      }
      return answers.stream().map(CompletableFuture::join).toList();
    }
  }
}
