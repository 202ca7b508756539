package dev.carillon.hub.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import dev.carillon.amqp.AmqpUrl;
import io.cloudevents.CloudEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the intake holds while its recorder is busy: the broker gives the rest to others. */
@Timeout(120)
final class LargeMessagesTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final int LARGE = 2 << 20;
  private static final int LARGE_ONES = 40;
  private static final int UNTIL_TRUSTED = 64;
  private static final int TURNS = 5;
  private static final String TOO_LARGE = "hub begins with a message of 2 MiB or more";
  private static final int SMALL_ONES = UNTIL_TRUSTED + 10;

  private final BusyRecorder recorder = new BusyRecorder();

  @Test
  void largeOnesAreHeldOneAtATimeAndSmallOnesTogether() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start("127.0.0.1", 0, "guest");
        AmqpIntake intake =
            AmqpIntake.start(AmqpUrl.of(broker.address().toString()), "events", "hub", recorder);
        Connection connection = connect(broker)) {
      assertThat(intake.awaitConsuming(LONG)).isTrue();
      publish(connection, 0, LARGE_ONES, LARGE);
      await().atMost(LONG).until(recorder.turns::hasQueuedThreads);
      assertThat(leftAtTheBroker(connection)).isEqualTo(LARGE_ONES - 1);

      publish(connection, LARGE_ONES, SMALL_ONES, 1);
      recorder.turns.release(LARGE_ONES + UNTIL_TRUSTED);
      await().atMost(LONG).until(() -> recorder.stored.size() == LARGE_ONES + UNTIL_TRUSTED);
      await().atMost(LONG).until(() -> leftAtTheBroker(connection) == 0);

      recorder.turns.release(SMALL_ONES);
      List<String> all =
          IntStream.range(0, LARGE_ONES + SMALL_ONES).mapToObj(Integer::toString).toList();
      await().atMost(LONG).until(() -> recorder.stored.size() == all.size());
      assertThat(recorder.stored.subList(0, LARGE_ONES)).isEqualTo(all.subList(0, LARGE_ONES));
      assertThat(recorder.stored).containsExactlyInAnyOrderElementsOf(all);
    }
  }

  @Test
  void largeAndSmallOnesInTurnPassWithoutAPauseOverOneConnection() throws Exception {
    recorder.turns.release(10_000);
    StandardError log = new StandardError();
    try (log;
        EmbeddedBroker broker = EmbeddedBroker.start("127.0.0.1", 0, "guest");
        AmqpIntake intake =
            AmqpIntake.start(AmqpUrl.of(broker.address().toString()), "events", "hub", recorder);
        Connection connection = connect(broker)) {
      assertThat(intake.awaitConsuming(LONG)).isTrue();
      for (int from = 0; from < TURNS * (1 + UNTIL_TRUSTED); from += 1 + UNTIL_TRUSTED) {
        publish(connection, from, 1, LARGE);
        publish(connection, from + 1, UNTIL_TRUSTED, 1);
        int all = from + 1 + UNTIL_TRUSTED;
        await()
            .atMost(LONG)
            .failFast("a pause", () -> !intake.isConsuming())
            .until(() -> recorder.stored.stream().distinct().count() == all);
      }
      await().atMost(LONG).until(() -> connections(broker) == 2);
    }
    assertThat(log.text()).contains("hub has a large message").doesNotContain("WARN dev.carillon");
  }

  @Test
  void oneTooLargeToFetchIsToldOfAndHoldsUpTheRestUntilItIsRemoved() throws Exception {
    recorder.turns.release(10);
    StandardError log = new StandardError();
    try (log;
        EmbeddedBroker broker = EmbeddedBroker.start("127.0.0.1", 0, "guest");
        AmqpIntake intake =
            AmqpIntake.start(
                AmqpUrl.of(broker.address().toString()), "events", "hub", recorder, LARGE);
        Connection connection = connect(broker)) {
      assertThat(intake.awaitConsuming(LONG)).isTrue();
      publish(connection, 0, 1, LARGE);
      publish(connection, 1, 1, 1);
      await().atMost(LONG).until(() -> log.text().contains(TOO_LARGE));
      assertThat(recorder.stored).isEmpty();

      await().atMost(LONG).until(() -> removedFirst(connection));
      await().atMost(LONG).until(() -> recorder.stored.equals(List.of("1")));
    }
    assertThat(log.text()).containsOnlyOnce(TOO_LARGE);
  }

  /** Removes the large message, unless it is with the intake just now. */
  private static boolean removedFirst(Connection connection) throws Exception {
    try (Channel channel = connection.createChannel()) {
      GetResponse first = channel.basicGet("hub", false);
      if (first == null || first.getBody().length < LARGE) {
        return false; // it goes back to its place
      }
      channel.basicAck(first.getEnvelope().getDeliveryTag(), false);
      return true;
    }
  }

  /** How many connections there are from here; the library names a thread after each. */
  private static long connections(EmbeddedBroker broker) {
    String name = "AMQP Connection 127.0.0.1:" + broker.address().getPort();
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .count();
  }

  private static Connection connect(EmbeddedBroker broker) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(broker.address());
    return factory.newConnection();
  }

  private static void publish(Connection connection, int from, int count, int size)
      throws Exception {
    try (Channel channel = connection.createChannel()) {
      channel.confirmSelect();
      for (int i = from; i < from + count; i++) {
        String body =
            "{\"event_id\":\"%d\",\"event_type\":\"workout.created\",\"data\":{\"text\":\"%s\"}}"
                .formatted(i, "x".repeat(size));
        channel.basicPublish("events", "any", null, body.getBytes(StandardCharsets.UTF_8));
      }
      channel.waitForConfirmsOrDie(LONG.toMillis());
    }
  }

  /** How many messages another consumer would get; they go back to their place. */
  private static int leftAtTheBroker(Connection connection) throws Exception {
    try (Channel channel = connection.createChannel()) {
      int left = 0;
      while (channel.basicGet("hub", false) != null) {
        left++;
      }
      return left;
    }
  }

  /** Takes as many batches as it has been given turns. */
  private static final class BusyRecorder implements AmqpRecorder {
    final Semaphore turns = new Semaphore(0);
    final List<String> stored = new CopyOnWriteArrayList<>();

    @Override
    public List<@Nullable String> record(List<CloudEvent> events) throws InterruptedException {
      turns.acquire();
      events.forEach(event -> stored.add(event.getId()));
      return Collections.nCopies(events.size(), null);
    }
  }

  /** What is logged meanwhile. */
  private static final class StandardError implements AutoCloseable {
    private final PrintStream before = System.err;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    StandardError() {
      System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    }

    String text() {
      return written.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
      System.setErr(before);
    }
  }
}
