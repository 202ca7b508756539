package dev.carillon.cli;

import dev.carillon.core.Outcome;
import dev.carillon.dataservices.EventClient;
import dev.carillon.dataservices.EventMessage;
import dev.carillon.rabbitmq.EventPublisher;
import dev.carillon.rabbitmq.EventPublisherConfig;
import io.cloudevents.CloudEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Every event through an AMQP broker, from which the hub takes it. */
final class RabbitMqLeg implements DemoLeg {

  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);
  private static final long LOOK_AGAIN = TimeUnit.MILLISECONDS.toNanos(20);

  @Override
  public String client() {
    return "EventPublisher.sendAll";
  }

  @Override
  public String transport() {
    return "AMQP, confirmed";
  }

  @Override
  public LegResult publish(DemoHub hub, List<EventMessage> day) {
    List<EventMessage> events = Relabelled.of(day, client());
    List<CloudEvent> cloudEvents = events.stream().map(EventMessage::toCloudEvent).toList();
    EventPublisherConfig config =
        EventPublisherConfig.builder()
            .rabbitmqUrl(hub.amqpUrl())
            .organizationId(() -> "laboratory")
            .enableValidation(false)
            .build();
    long start = System.nanoTime();
    List<Outcome> outcomes;
    try (EventPublisher publisher = EventPublisher.of(config)) {
      outcomes = publisher.sendAll(cloudEvents).join();
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    List<String> ids = Relabelled.idsOf(events);
    awaitTaken(hub, ids.get(ids.size() - 1));
    return new LegResult(ids, outcomes, took);
  }

  /** The broker's confirm says nothing of the hub, which takes events in their order. */
  private static void awaitTaken(DemoHub hub, String last) {
    long end = System.nanoTime() + PATIENCE;
    try (EventClient client = EventClient.of(hub.http().toString())) {
      while (client.getEvent(last).isEmpty() && System.nanoTime() - end < 0) {
        LockSupport.parkNanos(LOOK_AGAIN);
      }
    }
  }
}
