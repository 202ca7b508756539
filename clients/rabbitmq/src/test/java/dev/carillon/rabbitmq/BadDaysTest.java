package dev.carillon.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.BuiltinExchangeType;
import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventException;
import dev.carillon.core.EventRejectedException;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.core.Receipt;
import dev.carillon.core.SinkClosedException;
import dev.carillon.testkit.FaultProxy;
import dev.carillon.testkit.engines.RabbitBroker;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever is wrong with the broker ends in bounded time, with a reason. */
@Timeout(180)
final class BadDaysTest {

  private static final Map<String, Object> DATA = Map.of("workout_id", "1", "title", "t");

  private final RabbitBroker broker = Brokers.shared();
  private final BoundQueue queue = new BoundQueue(broker.url());

  @AfterEach
  void delete() {
    queue.delete();
  }

  private EventPublisherConfigBuilder settings() {
    return RabbitPeer.settings(broker.url(), queue.exchange());
  }

  private static EventException failure(EventPublisher publisher) {
    assertThat(publisher.publish("workout.created", DATA)).isFalse();
    return publisher.lastFailure().orElseThrow();
  }

  private static void eventuallyPublishes(EventPublisher publisher) {
    await().atMost(Duration.ofSeconds(60)).until(() -> publisher.publish("workout.created", DATA));
  }

  @Test
  void aBrokerThatIsAbsentAtStartIsFoundWhenItComes() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String absent = "amqp://user:secret@127.0.0.1:" + port;
    try (EventPublisher publisher =
        EventPublisher.of(settings().rabbitmqUrl(absent).retryAttempts(2).build())) {
      EventException why = failure(publisher);
      assertThat(why).isInstanceOf(EventConnectionException.class);
      assertThat(why.mayHaveArrived()).isFalse();
      assertThat(why).hasMessageNotContaining("secret");
      assertThat(publisher.toString()).doesNotContain("secret").contains("***@127.0.0.1");
      publisher.close();
      assertThat(failure(publisher)).isInstanceOf(SinkClosedException.class);
    }
    try (FaultProxy proxy = FaultProxy.before(broker.port())) {
      proxy.refuse();
      try (EventPublisher publisher = EventPublisher.of(through(proxy).build())) {
        assertThat(failure(publisher)).isInstanceOf(EventConnectionException.class);
        proxy.pass();
        eventuallyPublishes(publisher);
      }
    }
  }

  private EventPublisherConfigBuilder through(FaultProxy proxy) {
    return settings().rabbitmqUrl("amqp://guest:guest@127.0.0.1:" + proxy.port());
  }

  @Test
  void aDeadBrokerCostsNextToNothing() {
    try (FaultProxy proxy = FaultProxy.before(broker.port());
        EventPublisher publisher = EventPublisher.of(through(proxy).retryAttempts(1).build())) {
      assertThat(publisher.publish("workout.created", DATA)).isTrue();
      proxy.refuse();
      await().atMost(Duration.ofSeconds(20)).until(() -> !publisher.isConnected());
      assertThat(failure(publisher)).isInstanceOf(EventConnectionException.class);
      long began = System.nanoTime();
      for (int i = 0; i < 10_000; i++) {
        assertThat(publisher.publish("workout.created", DATA)).isFalse();
      }
      assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began))
          .as("seconds for 10,000 refusals")
          .isLessThan(10);
      proxy.pass();
      eventuallyPublishes(publisher);
    }
  }

  @Test
  void aWrongPasswordAndAWrongVirtualHostAreSaidAtOnce() {
    String address = "127.0.0.1:" + broker.port();
    Map<String, String> wrong =
        Map.of(
            "amqp://guest:wrongly@" + address,
            "ACCESS_REFUSED",
            "amqp://guest:guest@" + address + "/nowhere",
            "vhost nowhere not found");
    wrong.forEach(
        (url, reason) -> {
          try (EventPublisher publisher =
              EventPublisher.of(
                  settings()
                      .rabbitmqUrl(url)
                      .retryAttempts(1_000)
                      .publishTimeout(Duration.ofMinutes(1))
                      .build())) {
            assertThat(failure(publisher))
                .isInstanceOf(EventConnectionException.class)
                .hasMessageContaining(reason)
                .hasMessageNotContaining("wrongly");
          }
        });
  }

  @Test
  void anExchangeOfAnotherTypeIsARefusal() {
    String fanout = Brokers.unique("fanout");
    Brokers.with(
        broker.url(), channel -> channel.exchangeDeclare(fanout, BuiltinExchangeType.FANOUT, true));
    try (EventPublisher publisher = EventPublisher.of(settings().exchangeName(fanout).build())) {
      EventException why = failure(publisher);
      assertThat(why).isInstanceOf(EventRejectedException.class).hasMessageContaining("'fanout'");
      assertThat(why.isRetryable()).isFalse();
    }
    Brokers.with(broker.url(), channel -> channel.exchangeDelete(fanout));
  }

  @Test
  void anExchangeThatIsDeletedMeanwhileIsMadeAnew() {
    String exchange = Brokers.unique("deleted");
    try (EventPublisher publisher =
        EventPublisher.of(settings().exchangeName(exchange).mandatory(false).build())) {
      assertThat(publisher.publish("workout.created", DATA)).isTrue();
      Brokers.with(broker.url(), channel -> channel.exchangeDelete(exchange));
      List<CompletableFuture<Receipt>> sent = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        sent.add(publisher.publishAsync("workout.created", DATA));
      }
      assertThat(sent).allSatisfy(one -> assertThat(one).succeedsWithin(Duration.ofSeconds(30)));
    }
    Brokers.with(broker.url(), channel -> channel.exchangeDelete(exchange));
  }

  @Test
  void aFullQueueRefusesAndSaysSo() {
    BoundQueue small =
        new BoundQueue(
            broker.url(), "#", Map.of("x-max-length", 5, "x-overflow", "reject-publish"));
    try (EventPublisher publisher =
        EventPublisher.of(settings().exchangeName(small.exchange()).build())) {
      int taken = 0;
      while (taken < 100 && publisher.publish("workout.created", DATA)) {
        taken++;
      }
      EventException why = publisher.lastFailure().orElseThrow();
      assertThat(why).isInstanceOf(EventRejectedException.class).hasMessageContaining("full");
      assertThat(why.isRetryable()).isTrue();
      assertThat(small.messages()).hasSize(taken);
      eventuallyPublishes(publisher);
    } finally {
      small.delete();
    }
  }

  @Test
  void aMemoryAlarmEndsInATimeoutAndThenInFastRefusals() {
    try (EventPublisher publisher =
        EventPublisher.of(settings().publishTimeout(Duration.ofSeconds(1)).build())) {
      assertThat(publisher.publish("workout.created", DATA)).isTrue();
      broker.control("set_vm_memory_high_watermark", "absolute", "1MB");
      try {
        await()
            .atMost(Duration.ofSeconds(60))
            .until(
                () ->
                    failure(publisher) instanceof EventTimeoutException late
                        && String.valueOf(late.getMessage()).contains("blocked"));
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> String.valueOf(failure(publisher).getMessage()).contains("blocked pub"));
      } finally {
        broker.control("set_vm_memory_high_watermark", "absolute", "1GB");
      }
      eventuallyPublishes(publisher);
    }
  }

  @Test
  void aBrokerThatWasBlockedHasTimeForWhatPiledUp() {
    EventPublisherConfigBuilder patient =
        settings().socketTimeout(Duration.ofSeconds(1)).publishTimeout(Duration.ofMinutes(1));
    try (EventPublisher publisher = EventPublisher.of(patient.build())) {
      assertThat(publisher.publish("workout.created", DATA)).isTrue();
      broker.control("set_vm_memory_high_watermark", "absolute", "1MB"); // takes a second or two
      List<CompletableFuture<Receipt>> sent = new ArrayList<>();
      try {
        for (int i = 0; i < 100; i++) {
          sent.add(publisher.publishAsync("workout.created", DATA));
        }
      } finally {
        broker.control("set_vm_memory_high_watermark", "absolute", "1GB");
      }
      assertThat(sent).allSatisfy(one -> assertThat(one).succeedsWithin(Duration.ofSeconds(30)));
    }
  }

  @Test
  void aConnectionThatIsCutWithoutAWordEndsInATimeout() {
    try (FaultProxy proxy = FaultProxy.before(broker.port());
        EventPublisher publisher =
            EventPublisher.of(
                through(proxy)
                    .socketTimeout(Duration.ofSeconds(1))
                    .publishTimeout(Duration.ofSeconds(2))
                    .build())) {
      assertThat(publisher.publish("workout.created", DATA)).isTrue();
      proxy.hang();
      List<CompletableFuture<Receipt>> sent = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        sent.add(
            publisher.publishAsync(
                "workout.created", Map.of("workout_id", "x".repeat(20_000), "title", "t")));
      }
      for (CompletableFuture<Receipt> one : sent) {
        assertThat(one)
            .failsWithin(Duration.ofSeconds(30))
            .withThrowableThat()
            .havingCause()
            .isInstanceOfAny(EventTimeoutException.class, EventConnectionException.class);
      }
      proxy.cut();
      proxy.pass();
      eventuallyPublishes(publisher);
    }
  }

  @Test
  void whatWasUnconfirmedWhenTheConnectionFellIsSentAgainUnderTheSameId() {
    try (FaultProxy proxy = FaultProxy.before(broker.port());
        EventPublisher publisher =
            EventPublisher.of(
                through(proxy)
                    .retryAttempts(20)
                    .publishTimeout(Duration.ofSeconds(60))
                    .socketTimeout(Duration.ofSeconds(10))
                    .build())) {
      assertThat(publisher.publish("workout.created", DATA)).isTrue();
      List<CompletableFuture<Receipt>> sent = new ArrayList<>();
      for (int i = 0; i < 1_500; i++) {
        sent.add(
            publisher.publishAsync(OutgoingEvent.of("workout.created", DATA).withId("event-" + i)));
        if (i % 500 == 400) {
          proxy.cut();
        }
      }
      assertThat(sent).allSatisfy(one -> assertThat(one).succeedsWithin(Duration.ofSeconds(60)));
      assertThat(queue.messages().stream().map(one -> one.getProps().getMessageId()).distinct())
          .hasSize(1_501);
    }
  }

  @Test
  void closingIsBoundedThoughTheConnectionHangs() {
    try (FaultProxy proxy = FaultProxy.before(broker.port())) {
      EventPublisher publisher =
          EventPublisher.of(
              through(proxy)
                  .publishTimeout(Duration.ofMinutes(5))
                  .socketTimeout(Duration.ofMinutes(5))
                  .closeTimeout(Duration.ofSeconds(1))
                  .build());
      assertThat(publisher.publish("workout.created", DATA)).isTrue();
      proxy.hang();
      List<CompletableFuture<Receipt>> sent = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        sent.add(
            publisher.publishAsync(
                "workout.created", Map.of("workout_id", "x".repeat(20_000), "title", "t")));
      }
      assertThat(CompletableFuture.runAsync(publisher::close))
          .succeedsWithin(Duration.ofSeconds(30));
      assertThat(sent)
          .allSatisfy(
              one ->
                  assertThat(one)
                      .failsWithin(Duration.ofSeconds(5))
                      .withThrowableThat()
                      .withCauseInstanceOf(SinkClosedException.class));
    }
  }
}
