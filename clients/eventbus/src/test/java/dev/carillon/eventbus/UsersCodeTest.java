package dev.carillon.eventbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carillon.core.EventFilter;
import dev.carillon.core.Receipt;
import dev.carillon.core.SinkClosedException;
import dev.carillon.core.Subscription;
import dev.carillon.eventbus.TestEvents.Event;
import dev.carillon.eventbus.TestEvents.Kind;
import dev.carillon.eventbus.TestEvents.Topic;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What users' code may do on the client's threads, and on its own. */
@Timeout(90)
final class UsersCodeTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  /** Far more than the queues of these tests hold. */
  private static final int EVENTS = 100;

  private ProxyPeer bus;

  @BeforeEach
  void start() throws Exception {
    bus = ProxyPeer.plain();
  }

  @AfterEach
  void stop() throws Exception {
    bus.close();
    boolean unused = Thread.interrupted();
  }

  private static void emit(EventBusClient<Event, Kind, Topic> client, int events) {
    for (int i = 0; i < events; i++) {
      client.emitEvent(Event.of(Kind.updated, i), Topic.other);
    }
  }

  @Test
  void callbacksAndHandlersMayLeaveTheirThreadInterrupted() {
    AtomicInteger called = new AtomicInteger();
    try (var client =
        TestEvents.builder(bus).noDrop().receiveQueue(5, OverflowPolicy.BLOCK).build()) {
      client.connect();
      client.attachCallback(
          Kind.updated,
          event -> {
            called.incrementAndGet();
            Thread.currentThread().interrupt();
          });
      client.startConsumer();
      client.subscribe(Topic.other);
      Subscription source =
          client.subscribe(EventFilter.all(), event -> Thread.currentThread().interrupt());
      emit(client, EVENTS);
      await().atMost(LONG).until(() -> called.get() == EVENTS && source.handled() == EVENTS);
      assertThat(source.isActive()).isTrue();
    }
  }

  @Test
  void whatHangsOnAReceiptMayWaitForTheNext() {
    try (var client = TestEvents.builder(bus).build()) {
      client.connect();
      List<CompletableFuture<Boolean>> chains = new ArrayList<>();
      CompletableFuture<Receipt> before =
          client.emitEventAsync(Event.of(Kind.started, 0), Topic.other);
      for (int i = 0; i < EVENTS; i++) {
        CompletableFuture<Receipt> next =
            client.emitEventAsync(Event.of(Kind.updated, i), Topic.other);
        chains.add(before.thenApply(receipt -> next.join() != null));
        before =
            next.thenApply(
                receipt -> client.emitEventAsync(Event.of(Kind.stopped, 0), Topic.other).join());
      }
      assertThat(chains).allSatisfy(chain -> assertThat(chain).succeedsWithin(LONG));
      assertThat(before).succeedsWithin(LONG);
    }
  }

  @Test
  void whatHangsOnConnectingMaySubscribeAndReceive() {
    try (var client = TestEvents.builder(bus).build()) {
      CompletableFuture<Optional<Event>> received =
          client
              .connectAsync()
              .thenApply(
                  connected -> {
                    client.subscribe(Topic.other);
                    client.emitEvent(Event.of(Kind.updated, 7), Topic.other);
                    return client.receiveEvent(LONG);
                  });
      assertThat(received)
          .succeedsWithin(LONG)
          .satisfies(event -> assertThat(event).map(Event::number).contains(7L));
    }
  }

  @Test
  void anInterruptedThreadSendsItsLastWordAndClosesInOrder() {
    try (var receiver = TestEvents.builder(bus).build()) {
      receiver.connect();
      receiver.subscribe(Topic.other);
      var client = TestEvents.builder(bus).build();
      client.connect();
      Thread.currentThread().interrupt();
      client.emitEvent(Event.of(Kind.stopped, 7), Topic.other);
      client.close();
      assertThat(Thread.interrupted()).isTrue();
      assertThat(receiver.receiveEvent(LONG)).map(Event::number).contains(7L);
    }
  }

  @Test
  void noCallbackBeginsAfterCloseHasWaitedForIt() {
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger called = new AtomicInteger();
    var client = TestEvents.builder(bus).closeTimeout(Duration.ofMillis(200)).build();
    client.connect();
    client.attachCallback(
        Kind.updated,
        event -> {
          called.incrementAndGet();
          awaitWhateverComes(release);
        });
    client.startConsumer();
    client.subscribe(Topic.other);
    emit(client, EVENTS);
    await()
        .atMost(LONG)
        .until(
            () ->
                client.metrics().waitingToReceive()
                    == 2 * EVENTS - 1); // to be received by hand too
    client.close();
    release.countDown();
    await().during(Duration.ofMillis(300)).atMost(LONG).until(() -> called.get() == 1);
    assertThat(client.metrics().droppedReceiving()).isEqualTo(EVENTS - 1);
  }

  /** As code does that logs an interruption and goes on. */
  private static void awaitWhateverComes(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        assertThat(e).isNotNull();
      }
    }
  }

  @Test
  void whatHangsOnAReceiptMayLeaveItsThreadInterrupted() {
    try (var client = TestEvents.builder(bus).build()) {
      client.connect();
      Thread own = Thread.currentThread();
      List<CompletableFuture<Boolean>> interrupted = new ArrayList<>();
      for (int i = 0; i < EVENTS; i++) {
        interrupted.add(
            client
                .emitEventAsync(Event.of(Kind.updated, i), Topic.other)
                .thenApply(
                    receipt -> {
                      Thread thread = Thread.currentThread();
                      boolean found = thread.isInterrupted();
                      if (!thread.equals(own)) { // else the receipt was there already
                        thread.interrupt();
                      }
                      return found;
                    }));
      }
      assertThat(interrupted)
          .allSatisfy(found -> assertThat(found).succeedsWithin(LONG).isEqualTo(false));
    }
  }

  @Test
  void aClientThatAnErrorHasEndedSaysSo() {
    AtomicBoolean broken = new AtomicBoolean();
    InstantSource time =
        () -> {
          if (broken.get()) {
            throw new IllegalStateException("no time");
          }
          return Instant.EPOCH;
        };
    try (var client = TestEvents.builder(bus).clock(time.withZone(ZoneOffset.UTC)).build()) {
      client.connect();
      broken.set(true);
      var sent = client.emitEventAsync(Event.of(Kind.started, 1), Topic.other);
      await().atMost(LONG).until(() -> client.state() == ConnectionState.CLOSED);
      broken.set(false);
      assertThat(sent).failsWithin(LONG);
      assertThat(client.listenForever()).isEmpty();
      assertThatThrownBy(() -> client.subscribe(Topic.other))
          .isInstanceOf(SinkClosedException.class)
          .hasMessageContaining("ended by")
          .hasMessageContaining("no time");
      assertThatThrownBy(() -> client.subscribe(EventFilter.all(), event -> {}))
          .isInstanceOf(SinkClosedException.class);
      assertThatThrownBy(client::startConsumer).isInstanceOf(SinkClosedException.class);
    }
  }

  /** Of a class that one number does to death. */
  record Fragile(Kind type, Instant time, long number) {
    Fragile {
      if (number == 13) {
        throw new StackOverflowError("as a parser does that recurses too deep");
      }
    }
  }

  @Test
  void anErrorOfAnEventsOwnCodeSkipsThatEvent() {
    try (var fragile =
            EventBusClient.builder(Fragile.class, Kind.class, Topic.class)
                .host("127.0.0.1")
                .publishPort(bus.publishPort())
                .subscribePort(bus.subscribePort())
                .build();
        var client = TestEvents.builder(bus).build()) {
      fragile.connect();
      fragile.subscribe(Topic.other);
      client.connect();
      client.emitEvent(Event.of(Kind.updated, 13), Topic.other);
      client.emitEvent(Event.of(Kind.updated, 14), Topic.other);
      assertThat(fragile.receiveEvent(LONG)).map(Fragile::number).contains(14L);
      assertThat(fragile.metrics().malformed()).isEqualTo(1);
      assertThat(fragile.isConnected()).isTrue();
    }
  }
}
