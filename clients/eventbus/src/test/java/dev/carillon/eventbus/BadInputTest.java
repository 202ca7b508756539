package dev.carillon.eventbus;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.core.EventFilter;
import dev.carillon.core.EventRejectedException;
import dev.carillon.core.EventValidationException;
import dev.carillon.eventbus.TestEvents.Event;
import dev.carillon.eventbus.TestEvents.Kind;
import dev.carillon.eventbus.TestEvents.Topic;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** Whatever comes over the bus, the client goes on. */
@Timeout(60)
final class BadInputTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  private ProxyPeer bus;
  private EventBusClient<Event, Kind, Topic> client;

  @BeforeEach
  void connect() throws Exception {
    bus = ProxyPeer.plain();
    client = TestEvents.builder(bus).build();
    client.connect();
    client.subscribe(Topic.my_service);
  }

  @AfterEach
  void close() {
    client.close();
    bus.close();
  }

  @Test
  void skipsAndCountsWhatIsNoEvent() {
    byte[] topic = "my_service".getBytes(UTF_8);
    String good = "{\"type\":\"started\",\"time\":\"2026-11-01T12:00:00+00:00\",\"number\":1}";
    List<byte[][]> bad = new ArrayList<>();
    bad.add(new byte[][] {topic});
    bad.add(new byte[][] {topic, good.getBytes(UTF_8), {}});
    bad.add(new byte[][] {topic, {}});
    bad.add(new byte[][] {topic, {(byte) 0xff, (byte) 0xfe, '{'}});
    for (String payload :
        List.of(
            "no JSON",
            "null",
            "[1]",
            "{}",
            "{\"time\":\"2026-11-01T12:00:00Z\"}",
            "{\"type\":\"exploded\",\"time\":\"2026-11-01T12:00:00Z\"}",
            "{\"type\":1,\"time\":\"2026-11-01T12:00:00Z\"}",
            "{\"type\":\"started\",\"time\":\"yesterday\"}",
            "{\"type\":\"started\",\"number\":\"many\"}",
            good + "{}",
            "[".repeat(100_000))) {
      bad.add(new byte[][] {topic, payload.getBytes(UTF_8)});
    }
    bad.add(new byte[][] {topic, {0x1f, (byte) 0x8b, 0, 1, 2, 3}});
    try (RawPublisher raw = RawPublisher.to(bus)) {
      bad.forEach(raw::send);
      raw.send("my_service", good);
      raw.awaitTaken();
    }
    assertThat(client.receiveEvent(LONG)).map(Event::number).contains(1L);
    assertThat(client.metrics().malformed()).isEqualTo(bad.size());
    assertThat(client.metrics().state()).isEqualTo(ConnectionState.CONNECTED);
  }

  @Test
  void refusesDataThatIsCalledJsonAndIsNone() {
    for (String data : List.of("not json", "1,\"id\":\"other\"", "", "\u0000")) {
      CloudEvent event =
          CloudEventBuilder.v1()
              .withId("e")
              .withSource(URI.create("/s"))
              .withType("started")
              .withSubject("my_service")
              .withData("application/json", data.getBytes(UTF_8))
              .build();
      assertThat(client.send(event))
          .failsWithin(LONG)
          .withThrowableThat()
          .havingCause()
          .isInstanceOf(EventValidationException.class)
          .withMessageContaining("data: ");
    }
  }

  @Test
  void aStatusThatNobodyKnowsRefusesTheEvent() {
    try (ZContext context = new ZContext()) {
      ZMQ.Socket router = context.createSocket(SocketType.ROUTER);
      router.setReceiveTimeOut((int) LONG.toMillis());
      int port = router.bindToRandomPort("tcp://127.0.0.1");
      try (var asking = TestEvents.builder(bus).publishOnly().acknowledgePort(port).build()) {
        asking.connect();
        var receipt = asking.emitEventAsync(Event.of(Kind.started, 1), Topic.my_service);
        byte[] peer = router.recv();
        String version = router.recvStr();
        String id = router.recvStr();
        router.recv();
        router.recv();
        router.sendMore(peer);
        router.sendMore(version);
        router.sendMore(id);
        router.sendMore("LATER");
        router.send("some day");
        assertThat(receipt)
            .failsWithin(LONG)
            .withThrowableThat()
            .havingCause()
            .isInstanceOf(EventRejectedException.class)
            .withMessage("LATER: some day")
            .matches(error -> !((EventRejectedException) error).isRetryable());
        assertThat(asking.metrics().failed()).isOne();
      }
    }
  }

  @Test
  void membersThatTheClassDoesNotKnowAreIgnored() {
    try (RawPublisher raw = RawPublisher.to(bus)) {
      raw.send(
          "my_service", "{\"type\":\"started\",\"time\":\"2026-11-01T12:00:00Z\",\"new\":[1]}");
      assertThat(client.receiveEvent(LONG)).map(Event::type).contains(Kind.started);
    }
  }

  @Test
  void aTimeWithoutAnOffsetIsInUtc() {
    List<CloudEvent> heard = new CopyOnWriteArrayList<>();
    client.subscribe(EventFilter.all(), heard::add);
    try (RawPublisher raw = RawPublisher.to(bus)) {
      raw.send("my_service", "{\"type\":\"started\",\"time\":\"2026-11-01T12:00:00.123456\"}");
      assertThat(client.receiveEvent(LONG))
          .map(Event::time)
          .contains(Instant.parse("2026-11-01T12:00:00.123456Z"));
    }
    await().atMost(LONG).until(() -> !heard.isEmpty());
    assertThat(heard.get(0).getTime()).isEqualTo("2026-11-01T12:00:00.123456Z");
  }

  @Test
  void aFrameThatIsTooLargeEndsItsOwnConnectionOnly() throws Exception {
    try (Socket rude = new Socket(InetAddress.getLoopbackAddress(), bus.publishPort())) {
      rude.setSoTimeout((int) LONG.toMillis());
      OutputStream out = rude.getOutputStream();
      out.write(greeting());
      assertThat(rude.getInputStream().readNBytes(64)).as("the proxy's greeting").hasSize(64);
      out.write(ready("PUB"));
      out.write(ByteBuffer.allocate(9).put((byte) 2).putLong(1L << 30).array());
      out.write(new byte[100]);
      out.flush();
      assertThat(isHungUp(rude)).isTrue();
    }
    client.emitEvent(Kind.started, Topic.my_service);
    assertThat(client.receiveEvent(LONG)).isPresent();
  }

  private static boolean isHungUp(Socket socket) throws IOException {
    try {
      return socket.getInputStream().readAllBytes().length < 1_000;
    } catch (SocketException e) {
      return String.valueOf(e.getMessage()).contains("reset");
    }
  }

  private static byte[] greeting() {
    ByteBuffer greeting = ByteBuffer.allocate(64);
    greeting.put((byte) 0xff).position(9);
    greeting.put((byte) 0x7f).put((byte) 3).put((byte) 0).put("NULL".getBytes(US_ASCII));
    return greeting.array();
  }

  private static byte[] ready(String type) {
    ByteBuffer body = ByteBuffer.allocate(100);
    body.put((byte) 5).put("READY".getBytes(US_ASCII));
    body.put((byte) 11).put("Socket-Type".getBytes(US_ASCII));
    body.putInt(type.length()).put(type.getBytes(US_ASCII)).flip();
    return ByteBuffer.allocate(2 + body.remaining())
        .put((byte) 4)
        .put((byte) body.remaining())
        .put(body)
        .array();
  }

  @Test
  void tenThousandTopicsAreTenThousandTopics() {
    int topics = 10_000;
    List<String> names = new ArrayList<>();
    for (int i = 0; i < topics; i++) {
      names.add("topic-" + i);
    }
    try (var many =
        EventBusClient.builder(Event.class, Kind.class, String.class)
            .host("127.0.0.1")
            .publishPort(bus.publishPort())
            .subscribePort(bus.subscribePort())
            .connectTimeout(LONG)
            .build()) {
      many.connect();
      many.subscribeAll(names);
      for (int i = 0; i < topics; i++) {
        many.emitEvent(Event.of(Kind.updated, i), names.get(i));
      }
      for (int i = 0; i < topics; i++) {
        assertThat(many.receiveEvent(LONG)).map(Event::number).contains((long) i);
      }
      assertThat(bus.statistics().subscriptions()).contains("topic-0", "topic-9999");
      bus.stop();
      bus.start();
      await().atMost(LONG).until(() -> many.metrics().reconnects() == 1);
      many.emitEvent(Event.of(Kind.updated, 1), "topic-9999");
      assertThat(many.receiveEvent(LONG)).as("an event of a topic subscribed before").isPresent();
    }
  }
}
