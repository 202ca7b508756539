package dev.carillon.eventbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventFilter;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.eventbus.TestEvents.Event;
import dev.carillon.eventbus.TestEvents.Kind;
import dev.carillon.eventbus.TestEvents.Topic;
import dev.carillon.hub.bus.EventBusProxy;
import dev.carillon.testkit.FaultProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ConnectingTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(300);

  private ProxyPeer bus;

  @BeforeEach
  void start() throws Exception {
    bus = ProxyPeer.plain();
  }

  @AfterEach
  void stop() {
    bus.close();
  }

  @Test
  void aHostThatNobodyKnowsYetIsLookedForAgain() {
    try (var client =
        TestEvents.builder(bus)
            .host("nowhere.invalid")
            .connectTimeout(SHORT)
            .closeTimeout(Duration.ZERO)
            .build()) {
      await()
          .atMost(LONG)
          .untilAsserted(
              () ->
                  assertThatThrownBy(client::connect)
                      .isInstanceOf(EventConnectionException.class)
                      .hasMessageContaining("nowhere.invalid"));
      client.emitEvent(Kind.started, Topic.other);
      assertThat(client.state()).isEqualTo(ConnectionState.CONNECTING);
      assertThat(client.metrics().waitingToSend()).isEqualTo(1);
    }
  }

  @Test
  void whatWaitsForEventsSaysThatNobodyConnected() {
    try (var client = TestEvents.builder(bus).build()) {
      client.attachCallback(Kind.started, event -> {});
      client.subscribe(Topic.other);
      saysThatNobodyConnected(client::receiveEvent);
      saysThatNobodyConnected(client::listenForever);
      saysThatNobodyConnected(client::startConsumer);
      saysThatNobodyConnected(() -> client.subscribe(EventFilter.all(), event -> {}));
      client.connect();
      client.startConsumer();
      client.emitEvent(Kind.started, Topic.other);
      assertThat(client.receiveEvent(LONG)).isPresent();
    }
  }

  private static void saysThatNobodyConnected(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(EventConnectionException.class)
        .hasMessageContaining("connect was not called");
  }

  @Test
  void saysThatTwoPortsBelongToNoOneProxy() throws Exception {
    try (ProxyPeer another = ProxyPeer.plain();
        var client =
            TestEvents.builder(bus)
                .subscribePort(another.subscribePort())
                .connectTimeout(Duration.ofSeconds(3))
                .build()) {
      assertThatThrownBy(client::connect).hasMessageContaining("do they belong to one proxy?");
    }
  }

  @Test
  void saysWhichOptionIsOutOfItsRange() {
    refuses("publishPort", builder -> builder.publishPort(70_000));
    refuses("subscribePort", builder -> builder.subscribePort(0));
    refuses("acknowledgePort", builder -> builder.acknowledgePort(-2));
    refuses("heartbeat", builder -> builder.heartbeat(Duration.ZERO));
  }

  private void refuses(
      String option, UnaryOperator<EventBusClientBuilder<Event, Kind, Topic>> setting) {
    assertThatThrownBy(() -> setting.apply(TestEvents.builder(bus)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(option);
  }

  @Test
  void rareHeartbeatsAreHeartbeats() {
    for (Duration rare : List.of(Duration.ofMinutes(5), Duration.ofDays(1_000))) {
      try (var client = TestEvents.builder(bus).heartbeat(rare).build()) {
        client.connect();
      }
    }
  }

  @Test
  void connectingAgainWaitsForTheProxyToComeBack() throws Exception {
    try (var client = TestEvents.builder(bus).build()) {
      client.connect();
      bus.stop();
      await().atMost(LONG).until(() -> !client.isConnected());
      CompletableFuture<Boolean> again =
          CompletableFuture.supplyAsync(
              () -> {
                client.connect();
                return client.isConnected();
              });
      bus.start();
      assertThat(again).succeedsWithin(LONG).isEqualTo(true);
    }
  }

  @Test
  void whoOnlyPublishesIsReadyOnceItKnowsOfAllSubscriptions() throws IOException {
    List<String> topics = IntStream.range(0, 5_000).mapToObj(i -> "topic-" + i).toList();
    try (EventBusProxy proxy = // one that subscribes to nothing itself
            EventBusProxy.builder().publishPort(0).subscribePort(0).start();
        FaultProxy gate = FaultProxy.before(proxy.publishAddress().getPort());
        var receiver = named(proxy).build();
        var publisher = named(proxy).publishPort(gate.port()).publishOnly().build()) {
      receiver.connect();
      receiver.subscribeAll(topics);
      gate.slow(1 << 20); // all of them take a while, yet less than the client waits for any proxy
      publisher.connect();
      publisher.emitEvent(Event.of(Kind.started, 1), topics.get(4_999));
      assertThat(receiver.receiveEvent(LONG)).isPresent();
    }
  }

  private static EventBusClientBuilder<Event, Kind, String> named(EventBusProxy proxy) {
    return EventBusClient.builder(Event.class, Kind.class, String.class)
        .host("127.0.0.1")
        .publishPort(proxy.publishAddress().getPort())
        .subscribePort(proxy.subscribeAddress().getPort())
        .connectTimeout(LONG);
  }

  @Test
  void aSubscriptionThatIsNotConfirmedInTimeIsNoneAtAll() {
    try (FaultProxy gate = FaultProxy.before(bus.publishPort());
        var client =
            TestEvents.builder(bus)
                .publishPort(gate.port())
                .connectTimeout(Duration.ofSeconds(2))
                .closeTimeout(Duration.ZERO)
                .build()) {
      client.connect();
      gate.hang();
      assertThatThrownBy(() -> client.subscribe(EventFilter.all(), event -> {}))
          .isInstanceOf(EventTimeoutException.class);
      await().atMost(LONG).until(() -> !bus.statistics().subscriptions().contains(""));
    }
  }
}
