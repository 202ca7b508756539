package dev.carillon.eventbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.core.EventFilter;
import dev.carillon.core.SinkFullException;
import dev.carillon.core.Subscription;
import dev.carillon.eventbus.TestEvents.Event;
import dev.carillon.eventbus.TestEvents.Kind;
import dev.carillon.eventbus.TestEvents.Topic;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Users' code that takes its time, and proxies that hold everybody back. */
@Timeout(90)
final class HeldUpTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration HEARTBEAT = Duration.ofMillis(100);

  /** Many times as long as silence is borne. */
  private static final Duration HELD = Duration.ofSeconds(1);

  private static final int MORE_THAN_QUEUES_HOLD = 5_000;
  private static final int MORE_THAN_THREADS = 8;

  private static ProxyPeer holding() throws IOException {
    return ProxyPeer.with(builder -> builder.noDrop(true).heartbeat(HEARTBEAT));
  }

  private static void awaitIn(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aHandlerThatIsSlowerThanHeartbeatsLosesNothing() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    List<Long> seen = new CopyOnWriteArrayList<>();
    try (ProxyPeer bus = holding();
        var publisher = TestEvents.builder(bus).heartbeat(HEARTBEAT).build();
        var slow =
            TestEvents.builder(bus)
                .heartbeat(HEARTBEAT)
                .noDrop()
                .receiveQueue(10, OverflowPolicy.BLOCK)
                .build()) {
      publisher.connect();
      slow.connect();
      slow.attachCallback(
          Kind.updated,
          event -> {
            awaitIn(release);
            seen.add(event.number());
          });
      slow.subscribe(Topic.other);
      slow.startConsumer();
      for (int i = 0; i < MORE_THAN_QUEUES_HOLD; i++) {
        publisher.emitEvent(Event.of(Kind.updated, i), Topic.other);
      }
      await().during(HELD).atMost(LONG).until(() -> slow.isConnected() && seen.isEmpty());
      release.countDown();
      await().atMost(LONG).until(() -> seen.size() >= MORE_THAN_QUEUES_HOLD);
      assertThat(seen).containsExactlyElementsOf(upTo(MORE_THAN_QUEUES_HOLD));
      assertThat(slow.metrics().reconnects()).isZero();
      assertThat(publisher.metrics().reconnects()).isZero();
    }
  }

  private static List<Long> upTo(int end) {
    return LongStream.range(0, end).boxed().toList();
  }

  @Test
  void aProxyThatIsPausedForLongCutsNobody() throws Exception {
    try (ProxyPeer bus = holding();
        var client = TestEvents.builder(bus).heartbeat(HEARTBEAT).build()) {
      client.connect();
      client.subscribe(Topic.other);
      bus.stall();
      for (int i = 0; i < MORE_THAN_QUEUES_HOLD; i++) {
        client.emitEvent(Event.of(Kind.updated, i), Topic.other);
      }
      await().during(HELD).atMost(LONG).until(client::isConnected);
      bus.resume();
      for (long i = 0; i < MORE_THAN_QUEUES_HOLD; i++) {
        assertThat(client.receiveEvent(LONG)).map(Event::number).contains(i);
      }
      assertThat(client.metrics().reconnects()).isZero();
    }
  }

  @Test
  void receiptsThatNobodyHearsOfAreBoundedAndHoldUpNoListener() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch blocked = new CountDownLatch(1);
    List<CompletableFuture<Void>> held = new ArrayList<>();
    List<ConnectionState> states = new CopyOnWriteArrayList<>();
    int capacity = 50;
    try (ProxyPeer bus = ProxyPeer.plain();
        var client =
            TestEvents.builder(bus)
                .sendQueue(capacity, OverflowPolicy.BLOCK)
                .stateListener((state, reason) -> states.add(state))
                .build()) {
      bus.stop();
      CompletableFuture<Void> connecting = client.connectAsync();
      for (int i = 0; i < MORE_THAN_THREADS; i++) {
        held.add(
            client
                .emitEventAsync(Event.of(Kind.started, i), Topic.other)
                .thenRun(
                    () -> {
                      blocked.countDown();
                      awaitIn(release);
                    }));
      }
      bus.start();
      assertThat(connecting).succeedsWithin(LONG);
      awaitIn(blocked);
      var next = client.emitEventAsync(Event.of(Kind.updated, 1), Topic.other);
      int taken = 0;
      while (!next.isCompletedExceptionally()) {
        while (client.metrics().waitingToSend() > 0) {
          Thread.onSpinWait();
        }
        assertThat(++taken).as("receipts that wait").isLessThan(10 * capacity);
        next = client.emitEventAsync(Event.of(Kind.updated, 1), Topic.other);
      }
      assertThat(next)
          .failsWithin(LONG)
          .withThrowableThat()
          .withCauseInstanceOf(SinkFullException.class);
      bus.stop();
      await().atMost(LONG).until(() -> states.contains(ConnectionState.RECONNECTING));
      release.countDown();
      assertThat(held).allSatisfy(each -> assertThat(each).succeedsWithin(LONG));
    }
  }

  @Test
  void havingReceivedByHandOnceDoesNotStopCallbacksLater() throws Exception {
    Moving clock = new Moving();
    List<Long> seen = new CopyOnWriteArrayList<>();
    try (ProxyPeer bus = ProxyPeer.plain();
        var client =
            TestEvents.builder(bus).clock(clock).receiveQueue(10, OverflowPolicy.BLOCK).build()) {
      client.connect();
      client.attachCallback(Kind.updated, event -> seen.add(event.number()));
      client.subscribe(Topic.other);
      client.startConsumer();
      client.emitEvent(Event.of(Kind.updated, 0), Topic.other);
      assertThat(client.receiveEvent(LONG)).isPresent();
      clock.now = clock.now.plusSeconds(31);
      for (int i = 1; i < 100; i++) {
        client.emitEvent(Event.of(Kind.updated, i), Topic.other);
      }
      await().atMost(LONG).until(() -> seen.size() == 100);
      assertThat(seen).containsExactlyElementsOf(upTo(100));
    }
  }

  private static final class Moving extends Clock {
    private volatile Instant now = Instant.parse("2026-11-01T12:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @Test
  void whatWaitedForAClosedSubscriptionCountsAsDropped() throws Exception {
    CountDownLatch handling = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    try (ProxyPeer bus = ProxyPeer.plain();
        var client = TestEvents.builder(bus).build()) {
      client.connect();
      Subscription subscription =
          client.subscribe(
              EventFilter.all(),
              event -> {
                handling.countDown();
                awaitIn(release);
              });
      for (int i = 0; i < 5; i++) {
        client.emitEvent(Event.of(Kind.updated, i), Topic.other);
      }
      awaitIn(handling);
      await().atMost(LONG).until(() -> client.metrics().received() == 5);
      subscription.close();
      release.countDown();
      await().atMost(LONG).until(() -> client.metrics().droppedReceiving() == 4);
    }
  }
}
