package dev.carillon.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.EventRejectedException;
import dev.carillon.core.Outcome;
import dev.carillon.hub.amqp.EmbeddedBroker;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broker that refuses before it returns is understood as well. */
@Timeout(120)
final class EmbeddedBrokerPublishingTest {

  @Test
  void unroutableEventsFailWithTheirReasonThoughTheRefusalComesFirst() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start("127.0.0.1", 0, "guest")) {
      BoundQueue queue = new BoundQueue(broker.address().toString(), "workout.*", Map.of());
      EventPublisherConfigBuilder settings =
          RabbitPeer.settings(broker.address().toString(), queue.exchange());
      try (EventPublisher publisher = EventPublisher.of(settings.build())) {
        List<OutgoingEvent> events =
            IntStream.range(0, 90)
                .mapToObj(i -> OutgoingEvent.of(i % 3 == 1 ? "other" : "workout.moved", Map.of()))
                .toList();
        List<Outcome> outcomes = publisher.publishBatch(events);
        for (int i = 0; i < events.size(); i++) {
          assertThat(outcomes.get(i).isAccepted()).as("event " + i).isEqualTo(i % 3 != 1);
        }
        assertThat(((Outcome.Failed) outcomes.get(1)).error())
            .isInstanceOf(EventRejectedException.class)
            .hasMessageContaining("no queue takes other");
        assertThat(publisher.stats().unroutable()).isEqualTo(30);
        assertThat(queue.messages()).hasSize(60);
      }
    }
  }
}
