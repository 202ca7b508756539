package dev.carillon.hub.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.zeromq.ZCert;
import org.zeromq.ZConfig;

@Timeout(60)
final class EventBusProxyTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir private Path folder;

  private static EventBusProxy.Builder builder() {
    return EventBusProxy.builder().publishPort(0).subscribePort(0);
  }

  @Test
  void passesEventsByTopicAndCountsThem() throws IOException {
    try (EventBusProxy proxy = builder().start();
        Peer all = Peer.subscriber(proxy, "");
        Peer one = Peer.subscriber(proxy, "one");
        Peer publisher = Peer.publisher(proxy)) {
      publisher.send("two", "{\"n\":1}");
      publisher.send("one", "{\"n\":2}");
      publisher.send("one", "three", "frames");
      publisher.send("one");
      assertThat(all.receive()).containsExactly("two", "{\"n\":1}");
      assertThat(all.receive()).containsExactly("one", "{\"n\":2}");
      assertThat(one.receive()).containsExactly("one", "{\"n\":2}");
      assertThat(one.receive()).containsExactly("one", "three", "frames");
      assertThat(one.receive()).containsExactly("one");
      BusStatistics statistics = proxy.statistics();
      assertThat(statistics.messages()).isEqualTo(2);
      assertThat(statistics.bytes()).isEqualTo(2 * (3 + 7));
      assertThat(statistics.malformed()).isEqualTo(2);
      assertThat(statistics.subscriptions()).containsExactly("", "one");
      assertThat(statistics.topics())
          .containsOnly(
              Map.entry("one", new BusStatistics.Traffic(1, 10)),
              Map.entry("two", new BusStatistics.Traffic(1, 10)));
      one.close();
      await().atMost(LONG).until(() -> proxy.statistics().subscriptions().equals(Set.of("")));
    }
  }

  @Test
  void whatComesWhilePausedWaitsAndNothingIsLost() throws IOException {
    try (EventBusProxy proxy = builder().start();
        Peer subscriber = Peer.subscriber(proxy, "t");
        Peer publisher = Peer.publisher(proxy)) {
      proxy.pause();
      assertThat(proxy.isPaused()).isTrue();
      publisher.send("t", "{}");
      Peer.subscriber(proxy, "subscribing goes on").close();
      assertThat(proxy.statistics().messages()).isZero();
      assertThat(subscriber.receiveNow()).isEmpty();
      proxy.resume();
      assertThat(subscriber.receive()).containsExactly("t", "{}");
    }
  }

  @Test
  void closingPassesOnWhatHasCome() throws IOException {
    EventBusProxy proxy = builder().start();
    try (Peer subscriber = Peer.subscriber(proxy, "t");
        Peer publisher = Peer.publisher(proxy)) {
      proxy.pause();
      for (int i = 0; i < 100; i++) {
        publisher.send("t", "{}");
      }
      proxy.resume();
      await().atMost(LONG).until(() -> proxy.statistics().messages() > 0);
      proxy.close();
      proxy.close();
      for (int i = 0; i < proxy.statistics().messages(); i++) {
        assertThat(subscriber.receive()).containsExactly("t", "{}");
      }
    }
  }

  @Test
  void chainedProxiesPassWhatTheUpperOneDoes() throws IOException {
    try (EventBusProxy upper = builder().start();
        EventBusProxy middle =
            builder().upstream("127.0.0.1", upper.subscribeAddress().getPort()).start();
        EventBusProxy lower =
            builder().upstream("127.0.0.1", middle.subscribeAddress().getPort()).start();
        Peer subscriber = Peer.subscriber(lower, "t")) {
      await().atMost(LONG).until(() -> upper.statistics().subscriptions().contains("t"));
      try (Peer publisher = Peer.publisher(upper);
          Peer below = Peer.publisher(lower)) {
        publisher.send("t", "{\"from\":\"above\"}");
        assertThat(subscriber.receive()).containsExactly("t", "{\"from\":\"above\"}");
        below.send("t", "{\"from\":\"below\"}");
        assertThat(subscriber.receive()).containsExactly("t", "{\"from\":\"below\"}");
      }
      assertThat(upper.statistics().messages()).isEqualTo(1);
    }
  }

  @Test
  void aFrameThatIsTooLargeForOneOfAChainDoesNotPartThem() throws IOException {
    try (EventBusProxy upper = builder().maxMessageBytes(4 << 20).start();
        EventBusProxy lower =
            builder().upstream("localhost", upper.subscribeAddress().getPort()).start();
        Peer subscriber = Peer.subscriber(lower, "t")) {
      await().atMost(LONG).until(() -> upper.statistics().subscriptions().contains("t"));
      try (Peer publisher = Peer.publisher(upper)) {
        publisher.send("t", "x".repeat(2 << 20));
        await()
            .atMost(LONG)
            .pollInSameThread()
            .until(
                () -> {
                  publisher.send("t", "{}");
                  return !subscriber.receiveNow().isEmpty();
                });
      }
    }
  }

  @Test
  void saysWhatCannotBeHad() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() -> builder().subscribePort(port).start())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("bus port " + port);
    }
    Path none = Path.of("no such file");
    assertThatThrownBy(() -> builder().curve(none, none).start())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no such file");
    assertThatThrownBy(() -> builder().curve(Path.of("pom.xml"), none).start())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no folder of clients' public keys at no such file");
    assertThatThrownBy(() -> builder().noDrop(true).curve(none, none).start())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder().upstream("nowhere.invalid", 5560).start())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nowhere.invalid");
    assertThatThrownBy(() -> builder().heartbeat(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aKeyThatIsNoneIsToldAtStart() throws IOException {
    String whole = new ZCert().getSecretKeyAsZ85();
    for (String key : List.of(whole.substring(5), whole.substring(1), "ü" + whole.substring(1))) {
      Path file = folder.resolve("hub.key_secret");
      ZConfig keys = new ZConfig("root", null);
      keys.putValue("curve/public-key", new ZCert().getPublicKeyAsZ85());
      keys.putValue("curve/secret-key", key);
      keys.save(file.toString());
      assertThatThrownBy(() -> builder().curve(file, folder).start().close())
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll("curve/secret-key", file.toString())
          .hasMessageNotContaining(key);
    }
  }

  @Test
  void aFileTooLargeForKeysIsToldAtStart() throws IOException {
    Path large = folder.resolve("hub.key_secret");
    new ZCert().saveSecret(large.toString());
    Files.writeString(large, "#".repeat(64 << 10), StandardOpenOption.APPEND);
    assertThatThrownBy(() -> builder().curve(large, folder).start().close())
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("64 KiB", large.toString());
  }

  @Test
  void whatCallsOffAWishThatNobodyHasTakesNothingFromTheRecorder() throws IOException {
    List<BusMessage> recorded = new CopyOnWriteArrayList<>();
    BusRecorder recorder = (message, settlement) -> recorded.add(message);
    byte[] unsubscribe = {0, 1, 0};
    byte[] subscribe = {0, 2, 1, 't'};
    try (EventBusProxy proxy = builder().recorder(recorder).start();
        Peer publisher = Peer.publisher(proxy);
        Socket rude = RawSubscriber.connect(proxy)) {
      rude.getOutputStream().write(unsubscribe);
      rude.getOutputStream().write(subscribe);
      await().atMost(LONG).until(() -> proxy.statistics().subscriptions().equals(Set.of("t")));
      publisher.send("u", "{}");
      await().atMost(LONG).until(() -> recorded.size() == 1);
    }
  }

  @Test
  void saysThatAnErrorHasEndedIt() throws IOException {
    BusRecorder broken =
        (message, settlement) -> {
          throw new IllegalStateException("as a defect would");
        };
    try (EventBusProxy proxy = builder().recorder(broken).start();
        Peer publisher = Peer.publisher(proxy)) {
      assertThat(proxy.isRunning()).isTrue();
      publisher.send("t", "{}");
      await().atMost(LONG).until(() -> !proxy.isRunning());
    }
  }

  @Test
  void answersOnTheAcknowledgingPort() throws IOException {
    List<BusMessage> recorded = new CopyOnWriteArrayList<>();
    BusRecorder recorder =
        (message, settlement) -> {
          recorded.add(message);
          if (message.payload().length == 2) {
            settlement.stored();
          } else {
            settlement.refused("not two bytes", false);
          }
          return true;
        };
    try (EventBusProxy proxy =
            builder().acknowledgePort(0).recorder(recorder, Set.of("kept")).start();
        Peer subscriber = Peer.subscriber(proxy, "");
        Peer asking = Peer.asking(proxy)) {
      asking.send("CB1", "1", "kept", "{}");
      assertThat(asking.receive()).containsExactly("CB1", "1", "STORED", "");
      assertThat(subscriber.receive()).containsExactly("kept", "{}");
      asking.send("CB1", "2", "kept", "{ }");
      assertThat(asking.receive()).containsExactly("CB1", "2", "REJECTED", "not two bytes");
      asking.send("CB1", "3", "passed", "{ }");
      assertThat(asking.receive()).containsExactly("CB1", "3", "ACKNOWLEDGED", "");
      asking.send("nonsense");
      asking.send("CB1", "", "kept", "{}");
      assertThat(asking.receive().get(2)).isEqualTo("REJECTED");
      assertThat(recorded).extracting(BusMessage::id).containsExactly("1", "2");
      assertThat(proxy.statistics().acknowledged()).isEqualTo(2);
      assertThat(proxy.statistics().refused()).isEqualTo(2);
    }
  }

  @Test
  void aFullRecorderIsToldToThoseWhoAskAndCountedForTheRest() throws IOException {
    BusRecorder full = (message, settlement) -> false;
    try (EventBusProxy proxy = builder().acknowledgePort(0).recorder(full).start();
        Peer subscriber = Peer.subscriber(proxy, "t");
        Peer publisher = Peer.publisher(proxy);
        Peer asking = Peer.asking(proxy)) {
      asking.send("CB1", "1", "t", "{}");
      assertThat(asking.receive().get(2)).isEqualTo("BUSY");
      publisher.send("t", "{\"plain\":1}");
      assertThat(subscriber.receive()).containsExactly("t", "{\"plain\":1}");
      assertThat(proxy.statistics().unrecorded()).isEqualTo(2);
      assertThat(proxy.statistics().recorded()).isZero();
    }
  }

  @Test
  void withNoDropEverybodyWaitsForTheRecorder() throws IOException {
    AtomicInteger room = new AtomicInteger();
    Queue<BusMessage> recorded = new ConcurrentLinkedQueue<>();
    BusRecorder slow =
        (message, settlement) -> {
          if (room.get() == recorded.size()) {
            return false;
          }
          recorded.add(message);
          settlement.stored();
          return true;
        };
    try (EventBusProxy proxy = builder().noDrop(true).recorder(slow).start();
        Peer subscriber = Peer.subscriber(proxy, "t");
        Peer publisher = Peer.publisher(proxy)) {
      publisher.send("t", "1");
      publisher.send("t", "2");
      await().atMost(LONG).until(() -> proxy.statistics().holds() == 1);
      assertThat(subscriber.receiveNow()).isEmpty();
      room.set(1);
      assertThat(subscriber.receive()).containsExactly("t", "1");
      room.set(2);
      assertThat(subscriber.receive()).containsExactly("t", "2");
      assertThat(recorded).hasSize(2);
      assertThat(proxy.statistics().unrecorded()).isZero();
    }
  }

  @Test
  void withNoDropASlowSubscriberGetsEverythingAndWithoutItTheOthersDo() throws Exception {
    for (boolean noDrop : new boolean[] {true, false}) {
      try (EventBusProxy proxy = builder().noDrop(noDrop).highWaterMark(50).start();
          Peer slow = Peer.subscriber(proxy, "t").highWaterMark(50);
          Peer publisher = Peer.publisher(proxy)) {
        int events = 3_000;
        String payload = "x".repeat(10_000);
        Thread publishing =
            new Thread(
                () -> {
                  for (int i = 0; i < events; i++) {
                    publisher.send("t", payload);
                  }
                });
        publishing.start();
        if (noDrop) {
          await().atMost(LONG).until(() -> proxy.statistics().holds() > 0);
          for (int i = 0; i < events; i++) {
            assertThat(slow.receive()).hasSize(2);
          }
          assertThat(proxy.statistics().overflows()).isZero();
        } else {
          await().atMost(LONG).until(() -> proxy.statistics().messages() == events);
          assertThat(proxy.statistics().overflows()).isPositive();
          assertThat(proxy.statistics().holds()).isZero();
        }
        publishing.join();
      }
    }
  }
}
