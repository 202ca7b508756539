package dev.carillon.rabbitmq;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the thread that publishes brings with it: its organization, and that it is to stop. */
@Timeout(120)
final class PublishingThreadTest {

  private static final ThreadLocal<String> ORGANIZATION = new ThreadLocal<>();
  private static final Map<String, Object> DATA = Map.of("number", 1);

  private final BoundQueue queue = new BoundQueue(Brokers.shared().url());

  @AfterEach
  void clear() {
    ORGANIZATION.remove();
    queue.delete();
    boolean unused = Thread.interrupted();
  }

  private EventPublisherConfigBuilder settings() {
    return EventPublisherConfig.builder()
        .rabbitmqUrl(Brokers.shared().url())
        .exchangeName(queue.exchange())
        .organizationId(ORGANIZATION::get);
  }

  @Test
  void aListOfAnyLengthIsOfTheOrganizationOfItsThread() throws Exception {
    CloudEvent event =
        CloudEventBuilder.v1()
            .withId("1")
            .withType("workout.moved")
            .withSource(URI.create("/test"))
            .withData("application/json", "{}".getBytes(US_ASCII))
            .build();
    try (EventPublisher publisher = EventPublisher.of(settings().maxInFlight(10).build())) {
      ORGANIZATION.set("gym-1");
      CompletableFuture<List<Outcome>> domain =
          publisher.publishBatchAsync(
              Collections.nCopies(25, OutgoingEvent.of("workout.moved", DATA)));
      ORGANIZATION.set("gym-2");
      CompletableFuture<List<Outcome>> cloud = publisher.sendAll(Collections.nCopies(25, event));
      ORGANIZATION.remove();
      assertThat(domain.get()).hasSize(25).allMatch(Outcome::isAccepted);
      assertThat(cloud.get()).hasSize(25).allMatch(Outcome::isAccepted);
      assertThat(publisher.publishBatch(List.of(OutgoingEvent.of("workout.moved", DATA))))
          .noneMatch(Outcome::isAccepted);
    }
    assertThat(queue.messages())
        .extracting(message -> new String(message.getBody(), UTF_8))
        .filteredOn(body -> body.contains("gym-1"))
        .hasSize(25);
  }

  @Test
  void anInterruptedThreadHearsWhyItsEventIsInDoubt() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        EventPublisher publisher =
            EventPublisher.of(
                settings()
                    .rabbitmqUrl("amqp://127.0.0.1:" + silent.getLocalPort())
                    .closeTimeout(Duration.ZERO)
                    .build())) {
      ORGANIZATION.set("gym-1");
      Thread.currentThread().interrupt();
      assertThat(publisher.publish("workout.moved", DATA)).isFalse();
      assertThat(publisher.lastFailure())
          .hasValueSatisfying(why -> assertThat(why).hasMessageContaining("interrupted"));
    }
  }

  @Test
  void anInterruptedThreadClosesInOrderToo() {
    ORGANIZATION.set("gym-1");
    List<CompletableFuture<Receipt>> sent = new ArrayList<>();
    EventPublisher publisher = EventPublisher.of(settings().build());
    for (int i = 0; i < 1_000; i++) {
      sent.add(publisher.publishAsync("workout.moved", DATA));
    }
    Thread.currentThread().interrupt();
    publisher.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(sent).allMatch(CompletableFuture::isDone);
    assertThat(sent).noneMatch(CompletableFuture::isCompletedExceptionally);
  }
}
