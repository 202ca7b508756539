package dev.carillon.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.carillon.amqp.AmqpLink;
import dev.carillon.amqp.AmqpMessage;
import dev.carillon.core.SinkClosedException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That each event has its result, at whatever moment its channel is closed. */
@Timeout(60)
final class ConfirmingChannelTest {

  private final EventPublisherConfig config = EventPublisherConfig.builder().build();
  private final AmqpLink link = new AmqpLink(config.link());
  private final Counters counters = new Counters(new FailureLog(), config.publishTimeout());
  private final AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
  private final InstantSource clock =
      () -> {
        meanwhile.getAndSet(() -> {}).run(); // as each is settled
        return Instant.EPOCH;
      };
  private final ConfirmingChannel channel =
      new ConfirmingChannel(
          link,
          config,
          new Settlement(clock.withZone(ZoneOffset.UTC), new Backlog(10, 1_000), counters),
          counters,
          0);

  @AfterEach
  void close() {
    channel.close();
    link.close();
  }

  private static Delivery delivery(String id) {
    AmqpMessage message = new AmqpMessage(new BasicProperties(), new byte[1]);
    long deadline = System.nanoTime() + TimeUnit.HOURS.toNanos(1);
    return new Delivery(id, "workout.moved", message, deadline, false);
  }

  private static void assertClosed(Delivery delivery) {
    assertThat(delivery.result())
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableThat()
        .withCauseInstanceOf(SinkClosedException.class);
  }

  @Test
  void whatComesWhileTheRestIsGivenUpIsGivenUpToo() {
    Delivery first = delivery("1");
    Delivery second = delivery("2");
    channel.add(first);
    meanwhile.set(() -> channel.add(second));
    channel.abandon();
    assertClosed(first);
    assertClosed(second);
  }

  @Test
  void aThreadThatEndsLeavesNothingBehind() {
    Delivery left = delivery("1");
    channel.add(left);
    channel.close();
    channel.start();
    assertClosed(left);
  }
}
