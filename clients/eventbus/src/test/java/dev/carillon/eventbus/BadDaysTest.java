package dev.carillon.eventbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventException;
import dev.carillon.core.EventFilter;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.core.SinkClosedException;
import dev.carillon.core.SinkFullException;
import dev.carillon.core.Subscription;
import dev.carillon.eventbus.TestEvents.Event;
import dev.carillon.eventbus.TestEvents.Kind;
import dev.carillon.eventbus.TestEvents.Topic;
import dev.carillon.testkit.FaultProxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
final class BadDaysTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

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
  void tellsHowMuchMayBeLostWhenTheProxyIsRestartedTwentyTimesUnderLoad() {
    List<ConnectionState> states = new CopyOnWriteArrayList<>();
    AtomicLong emitted = new AtomicLong();
    AtomicBoolean stop = new AtomicBoolean();
    try (EventBusClient<Event, Kind, Topic> client =
        TestEvents.builder(bus)
            .stateListener((state, reason) -> states.add(state))
            .reconnectDelay(Duration.ofMillis(5), Duration.ofMillis(50))
            .build()) {
      client.connect();
      CompletableFuture<Void> load =
          CompletableFuture.runAsync(
              () -> {
                while (!stop.get()) {
                  client.emitEvent(Event.of(Kind.updated, emitted.getAndIncrement()), Topic.other);
                }
              });
      for (int restart = 1; restart <= 20; restart++) {
        int times = restart;
        long before = client.metrics().confirmed();
        await().atMost(LONG).until(() -> client.metrics().confirmed() > before);
        bus.stop();
        bus.start();
        await().atMost(LONG).until(() -> client.metrics().reconnects() >= times);
      }
      stop.set(true);
      assertThat(load).succeedsWithin(LONG);
      await().atMost(LONG).until(() -> client.metrics().waitingToSend() == 0);
      BusMetrics metrics = client.metrics();
      await()
          .atMost(LONG)
          .until(() -> client.metrics().confirmed() + metrics.inDoubt() == emitted.get());
      long lost = emitted.get() - bus.passed();
      assertThat(metrics.sent()).isEqualTo(emitted.get());
      assertThat(lost).as("events lost").isBetween(0L, metrics.inDoubt());
      assertThat(metrics.confirmed()).isLessThanOrEqualTo(bus.passed());
    }
    await().atMost(LONG).until(() -> states.contains(ConnectionState.CLOSED));
    assertThat(states).contains(ConnectionState.RECONNECTING);
  }

  @Test
  void saysWhyItCannotConnectAndGoesOnLooking() throws Exception {
    try (FaultProxy gate = FaultProxy.before(bus.publishPort())) {
      gate.refuse();
      try (var client =
          TestEvents.builder(bus)
              .publishPort(gate.port())
              .connectTimeout(Duration.ofMillis(300))
              .build()) {
        assertThat(client.state()).isEqualTo(ConnectionState.NEW);
        assertThatThrownBy(client::connect)
            .isInstanceOf(EventConnectionException.class)
            .hasMessageContaining("nobody answers at tcp://127.0.0.1:" + gate.port());
        client.subscribe(Topic.other);
        client.emitEvent(Kind.started, Topic.other);
        gate.pass();
        assertThat(client.receiveEvent(LONG)).as("what waited in the queue").isPresent();
        assertThat(client.isConnected()).isTrue();
      }
    }
  }

  @Test
  void noticesAPeerThatHangsByItsHeartbeat() {
    try (FaultProxy gate = FaultProxy.before(bus.publishPort());
        var client =
            TestEvents.builder(bus)
                .publishPort(gate.port())
                .heartbeat(Duration.ofMillis(100))
                .build()) {
      client.connect();
      gate.hang();
      await().atMost(LONG).until(() -> client.state() == ConnectionState.RECONNECTING);
      gate.pass();
      await().atMost(LONG).until(client::isConnected);
    }
  }

  @Test
  void closingWhileEightThreadsEmitEndsAllOfThem() throws Exception {
    var client = TestEvents.builder(bus).build();
    client.connect();
    CountDownLatch running = new CountDownLatch(8);
    List<CompletableFuture<EventException>> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          CompletableFuture.supplyAsync(
              () -> {
                client.emitEvent(Kind.started, Topic.other);
                running.countDown();
                try {
                  while (true) {
                    client.emitEvent(Kind.updated, Topic.other);
                  }
                } catch (EventException e) {
                  return e;
                }
              },
              task -> new Thread(task, "emitting").start()));
    }
    assertThat(running.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    client.close();
    client.close();
    for (CompletableFuture<EventException> thread : threads) {
      assertThat(thread).succeedsWithin(LONG).isInstanceOf(SinkClosedException.class);
    }
    assertThat(client.state()).isEqualTo(ConnectionState.CLOSED);
    assertThat(client.metrics().sent()).isEqualTo(bus.passed());
  }

  @Test
  void aCallbackMayCloseItsClient() {
    var client = TestEvents.builder(bus).build();
    client.connect();
    client.subscribe(Topic.other);
    CompletableFuture<ConnectionState> closed = new CompletableFuture<>();
    client.attachCallback(
        Kind.stopped,
        event -> {
          client.close();
          closed.complete(client.state());
        });
    client.startConsumer();
    client.emitEvent(Kind.stopped, Topic.other);
    assertThat(closed).succeedsWithin(LONG).isEqualTo(ConnectionState.CLOSED);
  }

  @Test
  void closingIsBoundedThoughACallbackHangs() {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch hanging = new CountDownLatch(1);
    var client = TestEvents.builder(bus).closeTimeout(Duration.ofMillis(200)).build();
    client.connect();
    client.subscribe(Topic.other);
    client.attachCallback(
        Kind.started,
        event -> {
          hanging.countDown();
          boolean interrupted = false;
          while (release.getCount() > 0) {
            try {
              release.await();
            } catch (InterruptedException e) {
              interrupted = true;
            }
          }
          if (interrupted) {
            Thread.currentThread().interrupt();
          }
        });
    client.startConsumer();
    client.emitEvent(Kind.started, Topic.other);
    await().atMost(LONG).until(() -> hanging.getCount() == 0);
    assertThat(CompletableFuture.runAsync(client::close)).succeedsWithin(LONG);
    release.countDown();
  }

  @Test
  void aClosedClientRefusesWhatIsAskedOfIt() {
    var client = TestEvents.builder(bus).build();
    client.close();
    assertThatThrownBy(client::connect).isInstanceOf(SinkClosedException.class);
    assertThatThrownBy(() -> client.emitEvent(Kind.started, Topic.other))
        .isInstanceOf(SinkClosedException.class);
    assertThatThrownBy(() -> client.subscribe(Topic.other)).isInstanceOf(SinkClosedException.class);
    assertThatThrownBy(client::startConsumer).isInstanceOf(SinkClosedException.class);
    assertThat(client.receiveEvent()).isEmpty();
    assertThat(client.listenForever()).isEmpty();
  }

  @Test
  void aSendQueueDoesWithTooMuchWhatItsPolicySays() {
    bus.stop();
    for (OverflowPolicy policy : OverflowPolicy.values()) {
      var client =
          TestEvents.builder(bus)
              .sendQueue(2, policy)
              .sendTimeout(policy == OverflowPolicy.BLOCK ? PATIENCE : LONG)
              .closeTimeout(Duration.ZERO)
              .build();
      try (client) {
        var unused = client.connectAsync();
        long begun = System.nanoTime();
        var first = client.emitEventAsync(Event.of(Kind.started, 1), Topic.other);
        var second = client.emitEventAsync(Event.of(Kind.started, 2), Topic.other);
        var third = client.emitEventAsync(Event.of(Kind.started, 3), Topic.other);
        var refused = policy == OverflowPolicy.DROP_OLDEST ? first : third;
        assertThat(refused)
            .failsWithin(LONG)
            .withThrowableThat()
            .havingCause()
            .isInstanceOf(SinkFullException.class);
        switch (policy) {
          case BLOCK -> {
            Throwable thrown = catchThrowable(() -> client.emitEvent(Kind.updated, Topic.other));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(PATIENCE);
            assertThat(first)
                .failsWithin(LONG)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(EventTimeoutException.class);
            assertThat(thrown)
                .satisfiesAnyOf(
                    none -> assertThat(none).isNull(), // the first was given up just in time
                    full -> assertThat(full).isInstanceOf(SinkFullException.class));
          }
          case FAIL ->
              assertThatThrownBy(() -> client.emitEvent(Kind.updated, Topic.other))
                  .isInstanceOf(SinkFullException.class);
          case DROP_NEWEST, DROP_OLDEST -> client.emitEvent(Kind.updated, Topic.other);
        }
        assertThat(client.metrics().droppedSending()).as(policy.name()).isPositive();
        client.close();
        assertThat(second).failsWithin(LONG);
      }
    }
  }

  @Test
  void aReceiveQueueDoesWithTooMuchWhatItsPolicySays() {
    for (OverflowPolicy policy : OverflowPolicy.values()) {
      try (var client = TestEvents.builder(bus).receiveQueue(10, policy).build()) {
        client.connect();
        client.subscribe(Topic.other);
        for (int i = 0; i < 100; i++) {
          client.emitEvent(Event.of(Kind.updated, i), Topic.other);
        }
        if (policy != OverflowPolicy.BLOCK) {
          await().atMost(LONG).until(() -> client.metrics().received() == 100);
          assertThat(client.metrics().droppedReceiving()).isEqualTo(90);
        }
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < (policy == OverflowPolicy.BLOCK ? 100 : 10); i++) {
          numbers.add(client.receiveEvent(LONG).orElseThrow().number());
        }
        assertThat(numbers).isSorted();
        assertThat(numbers.get(0)).isEqualTo(policy == OverflowPolicy.DROP_OLDEST ? 90 : 0);
        if (policy == OverflowPolicy.FAIL) {
          assertThatThrownBy(client::receiveEvent)
              .isInstanceOf(SinkFullException.class)
              .hasMessageContaining("90 are lost");
        }
        assertThat(client.receiveEvent(Duration.ofMillis(1))).isEmpty();
      }
    }
  }

  @Test
  void aHandlerThatWasTooSlowOnceGetsWhatComesLater() {
    try (var client = TestEvents.builder(bus).receiveQueue(10, OverflowPolicy.FAIL).build()) {
      client.connect();
      CountDownLatch gate = new CountDownLatch(1);
      List<String> types = new CopyOnWriteArrayList<>();
      Subscription subscription =
          client.subscribe(
              EventFilter.all(),
              event -> {
                gate.await();
                types.add(event.getType());
              });
      for (int i = 0; i < 100; i++) {
        client.emitEvent(Event.of(Kind.updated, i), Topic.other);
      }
      await().atMost(LONG).until(() -> client.metrics().received() == 100);
      gate.countDown();
      await().atMost(LONG).until(() -> subscription.handled() >= 10);
      await()
          .atMost(LONG)
          .until(
              () -> {
                client.emitEvent(Kind.stopped, Topic.other);
                return types.contains("stopped");
              });
    }
  }

  @Test
  void aCallbackThatWasRemovedLeavesNothingBehind() {
    Consumer<Event> callback = event -> {};
    try (var client = TestEvents.builder(bus).receiveQueue(10, OverflowPolicy.BLOCK).build()) {
      client.connect();
      client.attachCallback(Kind.updated, callback);
      client.removeCallback(Kind.updated, callback);
      client.subscribe(Topic.other);
      for (int i = 0; i < 100; i++) {
        client.emitEvent(Event.of(Kind.updated, i), Topic.other);
      }
      await().atMost(LONG).until(() -> client.metrics().received() >= 10);
      for (long i = 0; i < 100; i++) {
        assertThat(client.receiveEvent(LONG)).map(Event::number).contains(i);
      }
    }
  }

  @Test
  void aSlowReceiverDoesNotHoldUpAFastOne() throws Exception {
    try (ProxyPeer dropping = ProxyPeer.with(builder -> builder);
        var slow = TestEvents.builder(dropping).receiveQueue(10, OverflowPolicy.BLOCK).build();
        var fast = TestEvents.builder(dropping).build()) {
      slow.connect();
      fast.connect();
      slow.subscribe(Topic.other);
      fast.subscribe(Topic.other);
      AtomicLong seen = new AtomicLong();
      fast.attachCallback(Kind.updated, event -> seen.incrementAndGet());
      fast.startConsumer();
      String note = "x".repeat(10_000);
      long sent = 0;
      int sinceFull = 0;
      while (sinceFull < 10) {
        assertThat(sent).as("events, and the slow one has room").isLessThan(50_000);
        long last = sent + 200;
        for (; sent < last; sent++) {
          fast.emitEvent(new Event(Kind.updated, Instant.EPOCH, sent, note), Topic.other);
        }
        await().atMost(LONG).until(() -> seen.get() == last);
        sinceFull += dropping.statistics().overflows() > 0 ? 1 : 0;
      }
    }
  }
}
