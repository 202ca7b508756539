package dev.carillon.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.amqp.AmqpUrl;
import dev.carillon.hub.amqp.AmqpIntake;
import dev.carillon.testkit.engines.RabbitBroker;
import io.cloudevents.CloudEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The hub's intake where RabbitMQ allows its user one connection. */
@Timeout(120)
final class OneConnectionTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String SMALL = "{\"event_id\":\"1\",\"event_type\":\"any\",\"data\":{}}";
  private static final int UNTIL_TRUSTED = 64;

  private final RabbitBroker broker = Brokers.shared();
  private final BoundQueue queue = new BoundQueue(broker.url());
  private final List<CloudEvent> received = new CopyOnWriteArrayList<>();

  @BeforeEach
  void addUser() {
    broker.control("add_user", "lonely", "secret");
    broker.control("set_permissions", "lonely", ".*", ".*", ".*");
    broker.control("set_user_limits", "lonely", "{\"max-connections\":1}");
  }

  @AfterEach
  void delete() {
    broker.control("delete_user", "lonely");
    Brokers.with(broker.url(), channel -> channel.queueDelete(queue.queue() + ".dead-letters"));
    queue.delete();
  }

  @Test
  void largeMessagesAndSmallOnesPass() {
    AmqpUrl url = AmqpUrl.of(broker.url().replace("guest:guest", "lonely:secret"));
    try (AmqpIntake intake =
        AmqpIntake.start(
            url,
            queue.exchange(),
            queue.queue(),
            events -> {
              received.addAll(events);
              return Collections.nCopies(events.size(), null);
            })) {
      assertThat(intake.awaitConsuming(PATIENCE)).isTrue();
      for (int turn = 1; turn <= 2; turn++) {
        int turns = turn;
        publish(1, new byte[2 << 20]);
        await().atMost(PATIENCE).until(() -> intake.malformed() == turns);
        publish(UNTIL_TRUSTED, SMALL.getBytes(StandardCharsets.UTF_8));
        await().atMost(PATIENCE).until(() -> received.size() >= turns * UNTIL_TRUSTED);
      }
    }
  }

  private void publish(int count, byte[] body) {
    Brokers.with(
        broker.url(),
        channel -> {
          for (int i = 0; i < count; i++) {
            channel.basicPublish(queue.exchange(), "any", null, body);
          }
          return true;
        });
  }
}
