package dev.carillon.eventbus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.core.EventFilter;
import dev.carillon.eventbus.TestEvents.Event;
import dev.carillon.eventbus.TestEvents.Kind;
import dev.carillon.eventbus.TestEvents.Topic;
import dev.carillon.testkit.FaultProxy;
import dev.carillon.zeromq.Gzip;
import dev.carillon.zeromq.WireTopics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class CompressionTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Event LARGE = new Event(Kind.updated, Instant.EPOCH, 1, "x".repeat(50_000));
  private static final Event SMALL = Event.of(Kind.updated, 2);

  @Test
  void largeEventsTravelSmallAndPlainClientsGetThemPlain() throws Exception {
    try (ProxyPeer bus = ProxyPeer.plain();
        var compressing = TestEvents.builder(bus).compressFrom(1_000).build();
        var plain = TestEvents.builder(bus).build()) {
      compressing.connect();
      plain.connect();
      compressing.subscribe(Topic.my_service);
      plain.subscribe(Topic.my_service);
      for (var sender : List.of(compressing, plain)) {
        sender.emitEvent(LARGE, Topic.my_service);
        sender.emitEvent(SMALL, Topic.my_service);
        for (var receiver : List.of(compressing, plain)) {
          assertThat(receiver.receiveEvent(LONG)).contains(LARGE);
          assertThat(receiver.receiveEvent(LONG)).contains(SMALL);
        }
      }
      assertThat(compressing.receiveEvent(Duration.ofMillis(50))).as("a second copy").isEmpty();
      assertThat(compressing.metrics().compressed()).isEqualTo(1);
      assertThat(compressing.metrics().sentBytes()).isLessThan(2_000);
      assertThat(plain.metrics().compressed()).isZero();
      assertThat(bus.recorded()).hasSize(4);
      assertThat(bus.recorded())
          .allSatisfy(message -> assertThat(message.payload()[0]).isEqualTo((byte) '{'));
    }
  }

  @Test
  void whoHearsEverythingHearsItOnce() throws Exception {
    try (ProxyPeer bus = ProxyPeer.plain();
        var compressing = TestEvents.builder(bus).compressFrom(1_000).build();
        var plain = TestEvents.builder(bus).build()) {
      compressing.connect();
      plain.connect();
      List<String> heard = new CopyOnWriteArrayList<>();
      plain.subscribe(EventFilter.all(), event -> heard.add("plain"));
      compressing.subscribe(EventFilter.all(), event -> heard.add("compressing"));
      compressing.emitEvent(LARGE, Topic.my_service);
      compressing.emitEvent(SMALL, Topic.my_service);
      await().atMost(LONG).until(() -> heard.size() >= 4);
      plain.subscribe(Topic.other);
      compressing.emitEvent(SMALL, Topic.other);
      assertThat(plain.receiveEvent(LONG)).isPresent();
      await().atMost(LONG).until(() -> heard.size() >= 6);
      assertThat(heard).filteredOn("plain"::equals).hasSize(3);
      assertThat(heard).hasSize(6);
    }
  }

  @Test
  void staysSubscribedAndCompressedWhenTheProxyComesBack() throws Exception {
    try (ProxyPeer bus = ProxyPeer.plain();
        var client = TestEvents.builder(bus).compressFrom(1_000).build()) {
      client.connect();
      client.subscribe(Topic.my_service);
      bus.stop();
      bus.start();
      await().atMost(LONG).until(() -> client.metrics().reconnects() == 1);
      client.emitEvent(LARGE, Topic.my_service);
      assertThat(client.receiveEvent(LONG)).contains(LARGE);
      assertThat(client.metrics().compressed()).isEqualTo(1);
    }
  }

  @Test
  void goesOnCompressingWhenOnlyWhatItReceivesByBroke() throws Exception {
    try (ProxyPeer bus = ProxyPeer.plain();
        FaultProxy gate = FaultProxy.before(bus.subscribePort());
        var client =
            TestEvents.builder(bus).subscribePort(gate.port()).compressFrom(1_000).build()) {
      client.connect();
      client.subscribe(Topic.my_service);
      gate.cut();
      await().atMost(LONG).until(() -> client.metrics().reconnects() == 1);
      client.emitEvent(LARGE, Topic.my_service);
      assertThat(client.receiveEvent(LONG)).contains(LARGE);
      assertThat(client.metrics().compressed()).isEqualTo(1);
    }
  }

  @Test
  void anEventMayBeAsLargeAsAnyArray() throws Exception {
    try (ProxyPeer bus = ProxyPeer.plain();
        var client =
            TestEvents.builder(bus).compressFrom(1_000).maxEventBytes(Integer.MAX_VALUE).build()) {
      client.connect();
      client.subscribe(Topic.my_service);
      client.emitEvent(LARGE, Topic.my_service);
      assertThat(client.receiveEvent(LONG)).contains(LARGE);
    }
  }

  @Test
  void isSilentlyLeftOutWithAProxyThatDoesNotKnowIt() throws Exception {
    try (PlainProxy bus = PlainProxy.start();
        var client =
            EventBusClient.builder(Event.class, Kind.class, Topic.class)
                .host("127.0.0.1")
                .publishPort(bus.publishPort())
                .subscribePort(bus.subscribePort())
                .compressFrom(1_000)
                .build();
        var publisher =
            EventBusClient.builder(Event.class, Kind.class, Topic.class)
                .host("127.0.0.1")
                .publishPort(bus.publishPort())
                .publishOnly()
                .build()) {
      client.connect();
      client.subscribe(Topic.my_service);
      client.emitEvent(LARGE, Topic.my_service);
      assertThat(client.receiveEvent(LONG)).contains(LARGE);
      assertThat(client.metrics().compressed()).isZero();
      publisher.connect();
      publisher.emitEvent(SMALL, Topic.my_service);
      assertThat(client.receiveEvent(LONG)).contains(SMALL);
    }
  }

  @Test
  void inflatesNothingThatIsLargerThanAllowed() throws Exception {
    try (ProxyPeer bus = ProxyPeer.plain();
        RawPublisher raw = RawPublisher.to(bus);
        var client = TestEvents.builder(bus).compressFrom(1_000).build()) {
      client.connect();
      client.subscribe(Topic.my_service);
      byte[] bomb =
          Gzip.deflate(
              ("{\"type\":\"started\",\"x\":\"" + "0".repeat(50 << 20) + "\"}").getBytes(UTF_8));
      raw.send((WireTopics.GZIP + "my_service").getBytes(UTF_8), bomb);
      raw.send(
          "my_service", "{\"type\":\"started\",\"time\":\"2026-11-01T12:00:00Z\",\"number\":3}");
      List<Long> numbers = new ArrayList<>();
      client.receiveEvent(LONG).ifPresent(event -> numbers.add(event.number()));
      assertThat(numbers).containsExactly(3L);
      assertThat(bus.statistics().malformed()).isEqualTo(1);
    }
  }
}
