package dev.carillon.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.GetResponse;
import dev.carillon.amqp.AmqpUrl;
import dev.carillon.core.EventFilter;
import dev.carillon.core.EventRejectedException;
import dev.carillon.hub.amqp.AmqpIntake;
import dev.carillon.hub.amqp.AmqpRecorder;
import dev.carillon.testkit.engines.RabbitBroker;
import io.cloudevents.CloudEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be handled is set aside whole, and comes back as the event that it was. */
@Timeout(120)
final class DeadLettersTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String url = Brokers.shared().url();
  private final BoundQueue queue = new BoundQueue(url);
  private final List<CloudEvent> received = new CopyOnWriteArrayList<>();

  @AfterEach
  void delete() {
    Brokers.with(url, channel -> channel.queueDelete(deadLetters()));
    queue.delete();
  }

  private String deadLetters() {
    return queue.queue() + ".dead-letters";
  }

  private EventSubscriber subscriber() {
    return EventSubscriber.of(
        EventSubscriberConfig.builder()
            .rabbitmqUrl(url)
            .exchangeName(queue.exchange())
            .queue(queue.queue())
            .bindings("#")
            .retryAttempts(0)
            .reconnectDelay(Duration.ofMillis(50))
            .build());
  }

  private AmqpIntake intake(AmqpRecorder recorder) {
    return intake(url, recorder);
  }

  private AmqpIntake intake(String url, AmqpRecorder recorder) {
    AmqpIntake intake =
        AmqpIntake.start(AmqpUrl.of(url), queue.exchange(), queue.queue(), recorder);
    assertThat(intake.awaitConsuming(PATIENCE)).isTrue();
    return intake;
  }

  private void publish(String id) {
    publish(url, id);
  }

  private void publish(String url, String id) {
    try (EventPublisher publisher =
        EventPublisher.of(RabbitPeer.settings(url, queue.exchange()).build())) {
      publisher.publishOrThrow(OutgoingEvent.of("workout.moved", Map.of()).withId(id));
    }
  }

  /** A message that is no event, with headers that just fit into a frame. */
  private void publishMalformed() {
    publishMalformed(Map.of("large", "x".repeat(130_800), "small", "kept"));
  }

  private void publishMalformed(Map<String, Object> headers) {
    publishMalformed(new BasicProperties.Builder().headers(headers).build());
  }

  private void publishMalformed(BasicProperties properties) {
    Brokers.with(
        url,
        channel -> {
          channel.basicPublish(queue.exchange(), "any", properties, new byte[] {'?'});
          return true;
        });
  }

  /** The headers of a dead letter, which stays where it is. */
  private Map<String, Object> deadLetter() {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(firstDeadLetter()).isNotEmpty());
    return firstDeadLetter();
  }

  private Map<String, Object> firstDeadLetter() {
    return Brokers.with(
        url,
        channel -> {
          GetResponse dead = channel.basicGet(deadLetters(), false);
          return dead == null ? Map.of() : dead.getProps().getHeaders();
        });
  }

  @Test
  void whatIsBroughtBackIsTheSameEventAndStillNamesItsExchange() {
    String source = "/" + queue.exchange();
    try (EventSubscriber subscriber = subscriber()) {
      subscriber.subscribe(
          EventFilter.all().withSource(source),
          event -> {
            received.add(event);
            throw new EventRejectedException("not now", false, null);
          });
      publish("event-1");
      await().atMost(PATIENCE).until(() -> subscriber.stats().deadLettered() == 1);
      assertThat(subscriber.redrive(10)).isEqualTo(1);
      await().atMost(PATIENCE).until(() -> subscriber.stats().deadLettered() == 2);
    }
    assertThat(received)
        .extracting(CloudEvent::getSource)
        .hasSize(2)
        .allMatch(known -> known.toString().equals(source));
    Map<String, Object> headers = deadLetter();
    assertThat(headers.get("x-carillon-exchange")).hasToString(queue.exchange());
    assertThat(headers.get("x-carillon-routing-key")).hasToString("workout.moved");
    assertThat(headers.get("x-carillon-queue")).hasToString(queue.queue());
    assertThat(headers.get("x-carillon-redriven")).isEqualTo(1);
  }

  /** The AMQP library ends the connection at 64 MiB, unless told otherwise. */
  @Test
  void aMessageLargerThanAnyEventDoesNotHoldUpTheNext(@TempDir Path folder) {
    AmqpRecorder recorder =
        events -> {
          received.addAll(events);
          return Collections.nCopies(events.size(), null);
        };
    try (RabbitBroker roomy = RabbitBroker.start(folder)) {
      roomy.control("set_vm_memory_high_watermark", "absolute", "4GB"); // it holds some copies
      try (AmqpIntake intake = intake(roomy.url(), recorder)) {
        Brokers.with(
            roomy.url(),
            channel -> {
              channel.basicPublish(queue.exchange(), "any", null, new byte[70 << 20]);
              return true;
            });
        publish(roomy.url(), "event-1");
        await().atMost(PATIENCE).until(() -> received.size() == 1);
        await().atMost(PATIENCE).until(() -> intake.malformed() == 1);
      }
    }
  }

  @Test
  void theHubKnowsAnEventAgainThatWasBroughtBack() {
    AmqpRecorder refusing =
        events -> {
          boolean first = received.isEmpty();
          received.addAll(events);
          return Collections.nCopies(events.size(), first ? "not now" : null);
        };
    try (AmqpIntake intake = intake(refusing);
        EventSubscriber subscriber = subscriber()) {
      publish("event-1");
      await().atMost(PATIENCE).until(() -> intake.malformed() == 1);
      await().atMost(PATIENCE).until(() -> subscriber.redrive(10) == 1);
      await().atMost(PATIENCE).until(() -> received.size() == 2);
      assertThat(received.get(1).getSource()).hasToString("/" + queue.exchange());
    }
  }

  @Test
  void headersThatFillAFrameHoldUpNoSubscriber() {
    try (EventSubscriber subscriber = subscriber()) {
      subscriber.subscribe(EventFilter.all(), received::add);
      assertThat(subscriber.awaitConsuming(PATIENCE)).isTrue();
      publishMalformed();
      publish("event-1");
      await().atMost(PATIENCE).until(() -> received.size() == 1);
      assertThat(subscriber.stats().skipped()).isEqualTo(1);
    }
    Map<String, Object> headers = deadLetter();
    assertThat(headers.get("x-carillon-headers-dropped")).isEqualTo(1);
    assertThat(headers.get("x-carillon-reason")).hasToString("malformed");
    assertThat(headers.get("small")).hasToString("kept");
  }

  /** Takes everything. */
  private AmqpRecorder recorder() {
    return events -> {
      received.addAll(events);
      return Collections.nCopies(events.size(), null);
    };
  }

  /** The headers of the dead letter of a message that held up nothing. */
  private Map<String, Object> setAside(String url, BasicProperties malformed) {
    try (AmqpIntake intake = intake(url, recorder())) {
      publishMalformed(malformed);
      publish("event-1");
      await().atMost(PATIENCE).until(() -> received.size() == 1);
      assertThat(intake.malformed()).isEqualTo(1);
    }
    return deadLetter();
  }

  @Test
  void aUserIdThatIsNotTheHubsHoldsUpNothing() {
    RabbitBroker broker = Brokers.shared();
    broker.control("add_user", "hub", "secret");
    try {
      broker.control("set_permissions", "hub", ".*", ".*", ".*");
      Map<String, Object> headers =
          setAside(
              url.replace("guest:guest", "hub:secret"),
              new BasicProperties.Builder().userId("guest").build());
      assertThat(headers.get("x-carillon-user-id")).hasToString("guest");
    } finally {
      broker.control("delete_user", "hub");
    }
  }

  @Test
  void aStrangersHeadersThatLookLikeOursHoldUpNothing() {
    Map<String, Object> large =
        Map.of(
            "x-carillon-headers-dropped", "x".repeat(60_000),
            "x-carillon-note", "x".repeat(70_800));
    Map<String, Object> headers =
        setAside(url, new BasicProperties.Builder().headers(large).build());
    assertThat(headers).doesNotContainKey("x-carillon-note");
    assertThat(headers.get("x-carillon-reason")).hasToString("malformed");
  }

  @Test
  void aPlaceOfOriginThatIsNoneHoldsUpNothing() {
    Map<String, Object> forged =
        Map.of("x-carillon-redriven", 1, "x-carillon-exchange", "x".repeat(130_800));
    Map<String, Object> headers =
        setAside(url, new BasicProperties.Builder().headers(forged).build());
    assertThat(headers.get("x-carillon-exchange")).hasToString(queue.exchange());
  }

  @Test
  void aCopyGoesNowhereElse() {
    Map<String, Object> more = Map.of("CC", List.of(queue.queue()));
    Map<String, Object> headers =
        setAside(url, new BasicProperties.Builder().headers(more).build());
    assertThat(headers).doesNotContainKey("CC").containsKey("x-carillon-reason");
    assertThat(queue.messages()).isEmpty();
  }

  @Test
  void headersThatFillAFrameDoNotHoldUpTheHub() {
    try (AmqpIntake intake = intake(recorder())) {
      publishMalformed();
      publish("event-1");
      await().atMost(PATIENCE).until(() -> received.size() == 1);
      assertThat(intake.malformed()).isEqualTo(1);
    }
    assertThat(deadLetter().get("x-carillon-headers-dropped")).isEqualTo(1);
  }
}
