package dev.carillon.eventbus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventException;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.Guarantee;
import dev.carillon.eventbus.TestEvents.Event;
import dev.carillon.eventbus.TestEvents.Kind;
import dev.carillon.eventbus.TestEvents.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class TypedEventsTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  private ProxyPeer bus;
  private EventBusClient<Event, Kind, Topic> client;

  @BeforeEach
  void connect() throws Exception {
    bus = ProxyPeer.plain();
    client = TestEvents.builder(bus).build();
    client.connect();
  }

  @AfterEach
  void close() {
    client.close();
    bus.close();
  }

  @Test
  void whatIsEmittedIsReceivedAsItWas() {
    client.subscribe(Topic.my_service);
    Event event = new Event(Kind.updated, Instant.parse("2026-11-01T12:00:00.123456Z"), 7, "ü");
    client.emitEvent(event, Topic.my_service);
    assertThat(client.receiveEvent(LONG)).contains(event);
    assertThat(new String(bus.recorded().get(0).payload(), UTF_8))
        .isEqualTo(
            "{\"type\":\"updated\",\"time\":\"2026-11-01T12:00:00.123456Z\",\"number\":7,\"note\":\"ü\"}");
  }

  @Test
  void aTypeAloneBecomesAnEventOfNow() {
    client.subscribe(Topic.my_service);
    Instant before = Instant.now();
    client.emitEvent(Kind.started, Topic.my_service);
    assertThat(client.emitEventAsync(Kind.stopped, Topic.my_service)).succeedsWithin(LONG);
    for (Kind type : List.of(Kind.started, Kind.stopped)) {
      Event event = client.receiveEvent(LONG).orElseThrow();
      assertThat(event.type()).isEqualTo(type);
      assertThat(event.time()).isBetween(before, Instant.now());
    }
  }

  @Test
  @NullUnmarked // null on purpose
  void aTypeThatIsMissingFailsTheFuture() {
    assertThat(client.emitEventAsync((Kind) null, Topic.other)).isCompletedExceptionally();
  }

  @Test
  void anEventWithoutATimeIsOneOfNow() {
    client.subscribe(Topic.my_service);
    Instant before = Instant.now();
    client.emitEvent(eventWithoutTime(Kind.updated), Topic.my_service);
    Event event = client.receiveEvent(LONG).orElseThrow();
    assertThat(event.number()).isEqualTo(7);
    assertThat(event.time()).isBetween(before, Instant.now());
    record Odd(Kind type, @Nullable List<String> time) {}
    try (var odd =
        EventBusClient.builder(Odd.class, Kind.class, Topic.class)
            .host("127.0.0.1")
            .publishPort(bus.publishPort())
            .subscribePort(bus.subscribePort())
            .build()) {
      assertThatThrownBy(() -> odd.emitEvent(new Odd(Kind.started, null), Topic.other))
          .isInstanceOf(EventValidationException.class)
          .hasMessageContaining("time");
    }
  }

  @Test
  void textsThatReadLikeSuchNumbersAreTexts() {
    record Note(Kind type, @Nullable Instant time, String text) {}
    try (var notes =
        EventBusClient.builder(Note.class, Kind.class, Topic.class)
            .host("127.0.0.1")
            .publishPort(bus.publishPort())
            .subscribePort(bus.subscribePort())
            .build()) {
      notes.connect();
      notes.emitEvent(new Note(Kind.updated, Instant.EPOCH, "NaN"), Topic.other);
      assertThat(notes.emitEventAsync(new Note(Kind.updated, null, "-Infinity"), Topic.other))
          .succeedsWithin(Duration.ofSeconds(20));
    }
  }

  @Test
  void numbersThatJsonDoesNotHaveAreRefused() {
    record Check(Kind type, @Nullable Instant time, List<Double> scores, float mean) {}
    for (ObjectMapper mapper :
        List.of(
            JacksonEncoding.defaults(Kind.class).build(),
            JsonMapper.builder().findAndAddModules().build())) {
      try (var checks =
          EventBusClient.builder(Check.class, Kind.class, Topic.class)
              .host("127.0.0.1")
              .publishPort(bus.publishPort())
              .subscribePort(bus.subscribePort())
              .objectMapper(mapper)
              .build()) {
        checks.connect();
        Map.of(
                "event.scores[1]",
                new Check(Kind.updated, Instant.EPOCH, List.of(1.0, Double.NaN), 1),
                "event.mean",
                new Check(Kind.updated, null, List.of(), Float.NEGATIVE_INFINITY))
            .forEach(
                (field, check) -> {
                  assertThatThrownBy(() -> checks.emitEvent(check, Topic.other))
                      .isInstanceOf(EventValidationException.class)
                      .hasMessageContaining(field + ": is");
                  assertThat(checks.emitEventAsync(check, Topic.other)).isCompletedExceptionally();
                });
        assertThat(checks.metrics().sent()).isZero();
      }
    }
  }

  @NullUnmarked // null on purpose, as in eventWithoutType
  private static Event eventWithoutTime(Kind type) {
    return new Event(type, null, 7, null);
  }

  @Test
  void aTopicThatBeginsLikeAnotherIsAnother() {
    client.subscribe(Topic.my_service);
    client.emitEvent(Event.of(Kind.started, 1), Topic.my_service_2);
    client.emitEvent(Event.of(Kind.started, 2), Topic.my_service);
    assertThat(client.receiveEvent(LONG)).map(Event::number).contains(2L);
    assertThat(client.receiveEvent(Duration.ofMillis(50))).isEmpty();
    client.subscribe(Topic.my_service_2);
    client.unsubscribe(Topic.my_service);
    client.emitEvent(Event.of(Kind.started, 3), Topic.my_service);
    client.emitEvent(Event.of(Kind.started, 4), Topic.my_service_2);
    assertThat(client.receiveEvent(LONG)).map(Event::number).contains(4L);
  }

  @Test
  void aConsumerThatStartsLateHandsOverWhatCameBefore() {
    List<Long> numbers = new CopyOnWriteArrayList<>();
    client.attachCallback(Kind.started, event -> numbers.add(event.number()));
    client.subscribe(Topic.my_service);
    client.emitEvent(Event.of(Kind.started, 1), Topic.my_service);
    await().atMost(LONG).until(() -> client.metrics().received() == 1);
    client.startConsumer();
    await().atMost(LONG).until(() -> numbers.equals(List.of(1L)));
  }

  @Test
  void callbacksGetTheirTypesInOrderAndOneThatThrowsStopsNobody() {
    List<Long> started = new CopyOnWriteArrayList<>();
    List<Long> updated = new CopyOnWriteArrayList<>();
    Consumer<Event> throwing =
        event -> {
          throw new IllegalStateException("a callback's own error");
        };
    client.attachCallback(Kind.started, throwing);
    client.attachCallbacks(
        Map.of(
            Kind.started, event -> started.add(event.number()),
            Kind.updated, event -> updated.add(event.number())));
    client.subscribe(Topic.my_service);
    client.startConsumer();
    client.startConsumer();
    for (int i = 0; i < 100; i++) {
      for (Kind kind : Kind.values()) {
        client.emitEvent(Event.of(kind, i), Topic.my_service);
      }
    }
    await().atMost(LONG).until(() -> started.size() == 100 && updated.size() == 100);
    assertThat(started).isSorted();
    assertThat(updated).isSorted();
    await().atMost(LONG).until(() -> client.metrics().callbackFailures() == 100);
    assertThat(client.receiveEvent()).as("receiving goes on beside callbacks").isPresent();
    assertThat(client.removeCallback(Kind.started, throwing)).isTrue();
    assertThat(client.removeCallback(Kind.started, throwing)).isFalse();
    client.removeCallbacks(Kind.started);
    client.emitEvent(Event.of(Kind.started, 1), Topic.my_service);
    client.emitEvent(Event.of(Kind.updated, 1), Topic.my_service);
    await().atMost(LONG).until(() -> updated.size() == 101);
    assertThat(started).hasSize(100);
  }

  @Test
  void eventsOfManyThreadsArriveEachInOrder() throws Exception {
    client.subscribe(Topic.other);
    List<CompletableFuture<Void>> senders = new ArrayList<>();
    for (int sender = 0; sender < 4; sender++) {
      long first = sender * 1000L;
      senders.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 500; i++) {
                  client.emitEvent(Event.of(Kind.updated, first + i), Topic.other);
                }
              }));
    }
    List<Long> numbers = new ArrayList<>();
    try (Stream<Event> events = client.listenForever()) {
      events.limit(2000).forEach(event -> numbers.add(event.number()));
    }
    senders.forEach(CompletableFuture::join);
    for (int sender = 0; sender < 4; sender++) {
      long of = sender;
      assertThat(numbers).filteredOn(number -> number / 1000 == of).hasSize(500).isSorted();
    }
  }

  @Test
  void listeningEndsWhenItIsClosedAndWhenTheClientIs() throws Exception {
    for (boolean closesTheClient : new boolean[] {false, true}) {
      Stream<Event> events = client.listenForever();
      CountDownLatch listening = new CountDownLatch(1);
      CompletableFuture<Long> counting =
          CompletableFuture.supplyAsync(() -> events.peek(e -> listening.countDown()).count());
      client.subscribe(Topic.my_service);
      client.emitEvent(Kind.started, Topic.my_service);
      listening.await();
      if (closesTheClient) {
        client.close();
      } else {
        events.close();
      }
      assertThat(counting).succeedsWithin(LONG).isEqualTo(1L);
    }
  }

  @Test
  void receiptsSayThatItWasSentAndTheFiguresThatTheProxyHasIt() {
    assertThat(client.emitEventAsync(Event.of(Kind.started, 1), Topic.other))
        .succeedsWithin(LONG)
        .satisfies(receipt -> assertThat(receipt.guarantee()).isEqualTo(Guarantee.SENT))
        .satisfies(receipt -> assertThat(receipt.eventId()).isNotEmpty());
    await().atMost(LONG).until(() -> client.metrics().confirmed() == 1);
    assertThat(client.metrics().sent()).isEqualTo(1);
    assertThat(client.metrics().inDoubt()).isZero();
  }

  @Test
  void saysWhatIsWrongWithAnEventOrTopic() {
    assertThatThrownBy(() -> client.emitEvent(eventWithoutType(), Topic.other))
        .isInstanceOf(EventValidationException.class)
        .hasMessageContaining("type");
    String tooLong = "x".repeat(2 << 20);
    assertThat(
            client.emitEventAsync(new Event(Kind.started, Instant.EPOCH, 1, tooLong), Topic.other))
        .failsWithin(LONG)
        .withThrowableThat()
        .withCauseInstanceOf(EventValidationException.class);
    try (var named =
        EventBusClient.builder(Event.class, Kind.class, String.class)
            .publishPort(bus.publishPort())
            .subscribePort(bus.subscribePort())
            .build()) {
      assertThatThrownBy(() -> named.emitEvent(Kind.started, ""))
          .isInstanceOf(EventValidationException.class);
      assertThatThrownBy(() -> named.emitEvent(Kind.started, "_carillon/x"))
          .isInstanceOf(EventValidationException.class);
      assertThatThrownBy(() -> named.emitEvent(Kind.started, "a"))
          .isInstanceOf(EventConnectionException.class)
          .hasMessageContaining("connect");
    }
  }

  @NullUnmarked // null on purpose: what callers without a null checker emit
  private static Event eventWithoutType() {
    return new Event(null, null, 1, null);
  }

  @Test
  void refusesAnEventClassWithoutTypeOrTime() {
    record NoTime(Kind type) {}
    record OtherType(String type, Instant time) {}
    assertThatThrownBy(() -> EventBusClient.builder(NoTime.class, Kind.class, Topic.class).build())
        .hasMessageContaining("time");
    assertThatThrownBy(
            () -> EventBusClient.builder(OtherType.class, Kind.class, Topic.class).build())
        .hasMessageContaining("type");
  }

  @Test
  void aServiceMayHaveAClientOfItsOwn() {
    try (MyServiceClient own = new MyServiceClient(bus.publishPort(), bus.subscribePort())) {
      own.connect();
      own.subscribe(Topic.my_service);
      client.emitEvent(Kind.stopped, Topic.my_service);
      assertThat(own.receiveEvent(LONG)).map(Event::type).contains(Kind.stopped);
    }
  }

  private static final class MyServiceClient extends EventBusClient<Event, Kind, Topic> {
    MyServiceClient(int publishPort, int subscribePort) {
      super(
          builder(Event.class, Kind.class, Topic.class)
              .host("localhost")
              .publishPort(publishPort)
              .subscribePort(subscribePort));
    }
  }

  @Test
  void aClientMayOnlyPublishOrOnlyReceive() {
    try (var publisher = TestEvents.builder(bus).publishOnly().build();
        var receiver = TestEvents.builder(bus).receiveOnly().build()) {
      receiver.subscribe(Topic.other);
      receiver.connect();
      publisher.connect();
      await()
          .atMost(LONG)
          .until(() -> bus.statistics().subscriptions().contains(Topic.other.name()));
      publisher.emitEvent(Kind.started, Topic.other);
      assertThat(receiver.receiveEvent(LONG)).isPresent();
      assertThatThrownBy(() -> receiver.emitEvent(Kind.started, Topic.other))
          .isInstanceOfSatisfying(
              EventException.class, wrong -> assertThat(wrong.isRetryable()).isFalse());
      assertThatThrownBy(() -> publisher.subscribe(Topic.other))
          .isInstanceOfSatisfying(
              EventException.class, wrong -> assertThat(wrong.isRetryable()).isFalse());
    }
  }

  @Test
  void nothingReceivedIsAnEmptyAnswerAfterTheTimeout() {
    assertThat(client.receiveEvent(Duration.ofMillis(1))).isEqualTo(Optional.empty());
    assertThat(client.receiveEvent()).isEmpty();
  }
}
