package dev.carillon.hub.bus;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class WishesTest {

  /** A wish for a topic of 2,000 bytes. */
  private static final int WISH = 2_001;

  /** So many of them are 512 KiB, each with 4 bytes on top. */
  private static final int MOST_OF_ONE = 261;

  /** So many of them are 2 MiB. */
  private static final int MOST = 1_046;

  /** So many topics of whatever size. */
  private static final int MOST_TOPICS_OF_ONE = 25_000;

  private static final Duration LONG = Duration.ofSeconds(20);

  private static EventBusProxy start() throws IOException {
    return EventBusProxy.builder().publishPort(0).subscribePort(0).start();
  }

  @Test
  void aSubscriberThatWantsTooMuchIsRefusedAndNobodyElse() throws IOException {
    try (EventBusProxy proxy = start();
        Peer subscriber = Peer.subscriber(proxy, "t");
        Socket greedy = RawSubscriber.connect(proxy)) {
      want(greedy, 20_000);
      awaitWishes(proxy, 1 + MOST_OF_ONE, 20_000 - MOST_OF_ONE);
      try (Peer late = Peer.subscriber(proxy, "t2");
          Peer publisher = Peer.publisher(proxy)) {
        publisher.send("t2", "{}");
        assertThat(subscriber.receive()).containsExactly("t2", "{}");
        assertThat(late.receive()).containsExactly("t2", "{}");
      }
    }
  }

  @Test
  void manySubscribersWantNoMoreThanIsKeptUntilSomeGo() throws IOException {
    try (EventBusProxy proxy = start()) {
      List<Socket> many = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        many.add(RawSubscriber.connect(proxy));
        want(many.get(i), 300);
      }
      awaitWishes(proxy, MOST, 1500 - MOST);
      for (Socket one : many) {
        one.close();
      }
      await().atMost(LONG).until(() -> proxy.statistics().subscriptions().isEmpty());
      try (Socket another = RawSubscriber.connect(proxy)) {
        want(another, MOST_OF_ONE);
        awaitWishes(proxy, MOST_OF_ONE, 1500 - MOST);
      }
    }
  }

  @Test
  void whatASubscriberCallsOffMakesRoom() throws IOException {
    try (EventBusProxy proxy = start();
        Socket subscriber = RawSubscriber.connect(proxy)) {
      byte[] wishes = wishes(MOST_OF_ONE);
      for (int i = 0; i < 3; i++) {
        for (byte what = 1; what >= 0; what--) {
          for (int at = 9; at < wishes.length; at += 9 + WISH) {
            wishes[at] = what;
          }
          subscriber.getOutputStream().write(wishes);
        }
      }
      want(subscriber, MOST_OF_ONE + 1);
      awaitWishes(proxy, MOST_OF_ONE, 1);
    }
  }

  @Test
  void aSubscriberThatWantsTooManyTopicsIsRefusedWhateverItSaysOfItself() throws IOException {
    String somebody = "\14Peer-Address\0\0\0\t" + "127.0.0.1";
    try (EventBusProxy proxy = start();
        Socket greedy = RawSubscriber.connect(proxy, somebody);
        Socket other = RawSubscriber.connect(proxy, somebody)) {
      wantShort(greedy, 0, 15_000);
      awaitWishes(proxy, 15_000, 0);
      wantShort(other, 15_000, 30_000);
      awaitWishes(proxy, 30_000, 0);
      wantShort(greedy, 30_000, 45_000);
      awaitWishes(proxy, 15_000 + MOST_TOPICS_OF_ONE, 45_000 - 15_000 - MOST_TOPICS_OF_ONE);
    }
  }

  @Test
  void whoSaysNothingOfThemselvesHaveOneShareForAll() throws IOException {
    try (EventBusProxy proxy = start()) {
      try (Socket one = RawSubscriber.connectOld(proxy);
          Socket other = RawSubscriber.connectOld(proxy)) {
        wantShort(one, 0, 15_000);
        awaitWishes(proxy, 15_000, 0);
        wantShort(other, 0, 30_000);
        awaitWishes(proxy, MOST_TOPICS_OF_ONE, 5_000);
      }
      await().atMost(LONG).until(() -> proxy.statistics().subscriptions().isEmpty());
      try (Socket another = RawSubscriber.connectOld(proxy)) {
        wantShort(another, 25_000, 25_000 + MOST_TOPICS_OF_ONE);
        awaitWishes(proxy, MOST_TOPICS_OF_ONE, 5_000);
      }
    }
  }

  private static void awaitWishes(EventBusProxy proxy, int kept, int refused) {
    await()
        .atMost(LONG)
        .until(
            () ->
                proxy.statistics().subscriptions().size() == kept
                    && proxy.statistics().refusedSubscriptions() == refused);
  }

  /** Says that so many topics of 2,000 random bytes are wanted. */
  private static void want(Socket subscriber, int topics) throws IOException {
    subscriber.getOutputStream().write(wishes(topics));
  }

  /** Says that the topics of these numbers are wanted. */
  private static void wantShort(Socket subscriber, int from, int to) throws IOException {
    ByteBuffer wishes = ByteBuffer.allocate((to - from) * 8);
    for (int i = from; i < to; i++) {
      byte[] topic = "%05d".formatted(i).getBytes(US_ASCII);
      wishes.put(new byte[] {0, 6, 1}).put(topic);
    }
    subscriber.getOutputStream().write(wishes.array());
  }

  private static byte[] wishes(int topics) {
    Random random = new Random();
    ByteBuffer wishes = ByteBuffer.allocate(topics * (9 + WISH));
    for (int i = 0; i < topics; i++) {
      byte[] wish = new byte[WISH];
      random.nextBytes(wish);
      for (int at = 0; at < WISH; at++) {
        wish[at] &= 0x7f; // UTF-8
      }
      wish[0] = 1;
      wishes.put((byte) 2).putLong(WISH).put(wish);
    }
    return wishes.array();
  }

  @Test
  void aWishThatIsTooLongEndsItsConnectionAndNothingElse() throws IOException {
    try (EventBusProxy proxy = start()) {
      for (int length : new int[] {2_000, 16_000, 1_000_000}) {
        try (Socket stranger = RawSubscriber.connect(proxy)) {
          wish(stranger, length);
          try (Peer subscriber = Peer.subscriber(proxy, "t" + length);
              Peer publisher = Peer.publisher(proxy)) {
            publisher.send("t" + length, "{}");
            assertThat(subscriber.receive()).containsExactly("t" + length, "{}");
          }
        }
      }
    }
  }

  /** Says, as ZMTP 3.0 has it, that a topic of so many bytes is wanted. */
  private static void wish(Socket subscriber, int length) throws IOException {
    byte[] wish = new byte[length];
    wish[0] = 1;
    OutputStream out = subscriber.getOutputStream();
    out.write(ByteBuffer.allocate(9).put((byte) 2).putLong(length).array());
    try {
      out.write(wish);
    } catch (SocketException hungUp) {
      assertThat(length).isGreaterThan(2 << 10);
    }
  }
}
