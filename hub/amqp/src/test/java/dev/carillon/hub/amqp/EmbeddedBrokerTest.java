package dev.carillon.hub.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import dev.carillon.amqp.AmqpUrl;
import io.cloudevents.CloudEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broker in this process, and the intake that brings its events. */
@Timeout(120)
final class EmbeddedBrokerTest {

  private static final String BODY =
      "{\"event_id\":\"%s\",\"event_type\":\"workout.created\",\"data\":{}}";

  private static Connection connect(EmbeddedBroker broker, String password) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(broker.address());
    factory.setPassword(password);
    return factory.newConnection();
  }

  @Test
  void letsInWhoKnowsThePassword() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start("127.0.0.1", 0, "a ${secret} $1")) {
      connect(broker, "a ${secret} $1").close();
      assertThatThrownBy(() -> connect(broker, "guest")).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aPortInUseIsSaidInOneLine() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start("127.0.0.1", 0, "guest")) {
      int port = broker.address().getPort();
      assertThatThrownBy(() -> EmbeddedBroker.start("127.0.0.1", port, "guest"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("AMQP port " + port);
    }
  }

  @Test
  void bringsEventsAndSetsAsideTheRest() throws Exception {
    List<String> stored = Collections.synchronizedList(new ArrayList<>());
    AmqpRecorder recorder = new RefusingRecorder(stored);
    try (EmbeddedBroker broker = EmbeddedBroker.start("127.0.0.1", 0, "guest");
        AmqpIntake intake =
            AmqpIntake.start(AmqpUrl.of(broker.address().toString()), "events", "hub", recorder);
        Connection connection = connect(broker, "guest");
        Channel channel = connection.createChannel()) {
      await().atMost(Duration.ofSeconds(30)).until(intake::isConsuming);
      publish(channel, BODY.formatted("1"));
      publish(channel, "no event");
      publish(channel, BODY.formatted("refused"));
      publish(channel, BODY.formatted("2"));
      await().atMost(Duration.ofSeconds(30)).until(() -> stored.size() == 2);
      assertThat(stored).containsExactly("1", "2");
      await().atMost(Duration.ofSeconds(30)).until(() -> intake.malformed() == 2);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> channel.messageCount("hub.dead-letters") == 2);
      GetResponse dead = channel.basicGet("hub.dead-letters", true);
      assertThat(dead.getProps().getHeaders().get("x-carillon-error"))
          .asString()
          .contains("is not JSON");
    }
  }

  private static void publish(Channel channel, String body) throws IOException {
    channel.basicPublish("events", "any", null, body.getBytes(StandardCharsets.UTF_8));
  }

  /** Fails once as a whole, and always for one event. */
  private static final class RefusingRecorder implements AmqpRecorder {
    private final List<String> stored;
    private boolean failed;

    RefusingRecorder(List<String> stored) {
      this.stored = stored;
    }

    @Override
    public List<@Nullable String> record(List<CloudEvent> events) throws IOException {
      if (!failed) {
        failed = true;
        throw new IOException("not now");
      }
      List<@Nullable String> reasons = new ArrayList<>();
      for (CloudEvent event : events) {
        boolean refused = event.getId().equals("refused");
        reasons.add(refused ? "refused" : null);
        if (!refused) {
          stored.add(event.getId());
        }
      }
      return reasons;
    }
  }
}
