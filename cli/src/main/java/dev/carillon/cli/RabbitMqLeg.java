package dev.carillon.cli;

import dev.carillon.core.Outcome;
import dev.carillon.dataservices.EventClient;
import dev.carillon.dataservices.EventMessage;
import dev.carillon.rabbitmq.EventPublisher;
import dev.carillon.rabbitmq.EventPublisherConfig;
import io.cloudevents.CloudEvent;
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
  public List<Outcome> publish(DemoHub hub, List<EventMessage> events) {
    List<CloudEvent> cloudEvents = events.stream().map(EventMessage::toCloudEvent).toList();
    EventPublisherConfig config =
        EventPublisherConfig.builder()
            .rabbitmqUrl(hub.amqpUrl())
            .organizationId(() -> "laboratory")
            .enableValidation(false)
            .build();
    try (EventPublisher publisher = EventPublisher.of(config)) {
      return publisher.sendAll(cloudEvents).join();
    }
  }

  /** The broker's confirm says nothing of the hub, which takes events in their order. */
  @Override
  public void awaitTaken(DemoHub hub, String last) {
    long end = System.nanoTime() + PATIENCE;
    try (EventClient client = EventClient.of(hub.http().toString())) {
      while (client.getEvent(last).isEmpty() && System.nanoTime() - end < 0) {
        LockSupport.parkNanos(LOOK_AGAIN);
      }
    }
  }
}
