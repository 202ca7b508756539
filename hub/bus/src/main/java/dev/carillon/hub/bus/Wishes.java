package dev.carillon.hub.bus;

import dev.carillon.core.SparingLog;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import zmq.Msg;
import zmq.io.Metadata;
import zmq.msg.MsgAllocator;

/**
 * What subscribers want to hear, within bounds: of different topics, since JeroMQ keeps an object
 * for each byte of them, here and at every publisher, and of what each connection wants, since it
 * keeps who wants each. JeroMQ has no bounds of its own: a wish beyond these has no effect. Used by
 * the proxy's thread; JeroMQ's own only allocates.
 *
 * <p>What an encrypted connection wants is not bounded: JeroMQ makes its messages itself.
 */
final class Wishes implements MsgAllocator {

  static final byte UNSUBSCRIBE = 0;
  static final byte SUBSCRIBE = 1;

  /** How a message begins that JeroMQ hands on and does nothing about. */
  private static final byte NO_WISH = 2;

  /** How many bytes all different topics may have; they take 170 times as many. */
  private static final int MOST = 2 << 20;

  /** How many bytes those of one connection may have. */
  private static final int MOST_OF_ONE = 512 << 10;

  /** How many topics one connection may want; each takes some 80 bytes for each connection. */
  private static final int MOST_TOPICS_OF_ONE = 25_000;

  /** What a topic counts beside its bytes. */
  private static final int EACH = 4;

  /** A topic that somebody wants; one for all of them. */
  private static final class Topic {
    private final ByteBuffer name;
    private boolean told; // to the proxy

    Topic(ByteBuffer name) {
      this.name = name;
    }
  }

  /** What one connection wants. */
  private static final class Share {
    private final Set<ByteBuffer> topics = new HashSet<>();
    private int bytes;

    boolean hasRoom(ByteBuffer topic) {
      return topics.contains(topic)
          || (topics.size() < MOST_TOPICS_OF_ONE && bytes + weight(topic) <= MOST_OF_ONE);
    }

    void take(ByteBuffer topic) {
      if (topics.add(topic)) {
        bytes += weight(topic);
      }
    }

    void giveBack(ByteBuffer topic) {
      if (topics.remove(topic)) {
        bytes -= weight(topic);
      }
    }
  }

  /** A connection while it lasts. It is equal to itself only, whatever it says of itself. */
  private static final class Peer extends WeakReference<Metadata> {
    private final int hash;

    Peer(Metadata said, ReferenceQueue<Metadata> gone) {
      super(said, gone);
      hash = System.identityHashCode(said);
    }

    @Override
    public boolean equals(Object other) {
      Metadata said = get();
      return this == other || (said != null && other instanceof Peer peer && peer.refersTo(said));
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  private final SparingLog log = new SparingLog(LoggerFactory.getLogger(Wishes.class));
  private final LongAdder refused = new LongAdder();
  private final Map<ByteBuffer, Topic> topics = new HashMap<>();
  private final Map<Peer, Share> shares = new HashMap<>();
  private final ReferenceQueue<Metadata> gone = new ReferenceQueue<>();

  /** That of all who speak ZMTP 2 or less, which says nothing of itself. */
  private final Share nameless = new Share();

  private int bytes;

  @Override
  public Msg allocate(int size) {
    return new Message(size);
  }

  /** How many wishes were refused. Thread-safe. */
  long refused() {
    return refused.sum();
  }

  /**
   * Notes that JeroMQ tells of a wish, or that it is called off; whether that changes something. It
   * tells of each once, but also of what calls off a wish that nobody has: that must not take away
   * the proxy's own.
   */
  boolean isNews(byte what, ByteBuffer name) {
    if (what == SUBSCRIBE) {
      Topic topic = hold(name);
      boolean news = !topic.told;
      topic.told = true;
      return news;
    }
    Topic topic = topics.get(name);
    if (topic == null || !topic.told) {
      return false;
    }
    topics.remove(name);
    bytes -= weight(name);
    nameless.giveBack(name);
    return true;
  }

  private Topic hold(ByteBuffer name) {
    Topic known = topics.get(name);
    if (known != null) {
      return known;
    }
    Topic topic = new Topic(name);
    topics.put(name, topic);
    bytes += weight(name);
    return topic;
  }

  private static int weight(ByteBuffer topic) {
    return EACH + topic.remaining();
  }

  /** Takes a wish, before JeroMQ does, if there is room for it. */
  private boolean take(ByteBuffer topic, Share share) {
    if (!topics.containsKey(topic) && bytes + weight(topic) > MOST) {
      return refuse("what all want has " + MOST + " bytes");
    }
    if (!share.hasRoom(topic)) {
      return refuse(
          "what one subscriber wants has %d topics or %d bytes"
              .formatted(MOST_TOPICS_OF_ONE, MOST_OF_ONE));
    }
    share.take(hold(topic).name);
    return true;
  }

  private boolean refuse(String why) {
    refused.increment();
    log.warn("a subscription has no effect: " + why);
    return false;
  }

  private Share shareOf(@Nullable Metadata said) {
    for (Object ended = gone.poll(); ended != null; ended = gone.poll()) {
      shares.remove(ended);
    }
    return said == null
        ? nameless
        : shares.computeIfAbsent(new Peer(said, gone), any -> new Share());
  }

  /** What a subscriber sent. JeroMQ looks at its first byte before it takes it for a wish. */
  private final class Message extends Msg {
    private final Thread maker = Thread.currentThread();
    private boolean read;

    Message(int size) {
      super(size);
    }

    @Override
    public byte get(int index) {
      if (index == 0 && !read && Thread.currentThread() != maker) { // else it is a handshake's
        read = true;
        readWish();
      }
      return super.get(index);
    }

    private void readWish() {
      ByteBuffer topic = ByteBuffer.wrap(data(), 1, size() - 1);
      Share share = shareOf(getMetadata());
      switch (super.get(0)) {
        case UNSUBSCRIBE -> {
          if (share != nameless) { // others of them may want it still
            share.giveBack(topic);
          }
        }
        case SUBSCRIBE -> {
          if (!take(topic, share)) {
            buf().put(0, NO_WISH);
          }
        }
        default -> {}
      }
    }
  }
}
