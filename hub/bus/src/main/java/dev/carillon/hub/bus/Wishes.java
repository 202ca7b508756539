package dev.carillon.hub.bus;

import dev.carillon.core.SparingLog;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import zmq.Msg;
import zmq.io.Metadata;
import zmq.msg.MsgAllocator;

/**
 * What subscribers want to hear, within bounds of different topics, since JeroMQ keeps an object
 * for each byte of it, here and at every publisher, and has no bound of its own: a wish beyond them
 * has no effect. Used by the proxy's thread; JeroMQ's own only allocates.
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

  /** How many those of one connection may have. */
  private static final int MOST_OF_ONE = 512 << 10;

  /** What a topic counts beside its bytes. */
  private static final int EACH = 4;

  /** What one connection wants. */
  private static final class Share {
    private final WeakReference<Metadata> peer;
    private final Set<ByteBuffer> topics = new HashSet<>();
    private int bytes;

    Share(Metadata peer) {
      this.peer = new WeakReference<>(peer);
    }

    boolean take(ByteBuffer topic) {
      if (topics.contains(topic)) {
        return true;
      }
      if (bytes + weight(topic) > MOST_OF_ONE) {
        return false;
      }
      bytes += weight(topic);
      return topics.add(topic);
    }

    void giveBack(ByteBuffer topic) {
      if (topics.remove(topic)) {
        bytes -= weight(topic);
      }
    }
  }

  private final SparingLog log = new SparingLog(LoggerFactory.getLogger(Wishes.class));
  private final LongAdder refused = new LongAdder();

  /** What somebody wants, byte by byte, and whether the proxy has been told. */
  private final Map<ByteBuffer, Boolean> topics = new HashMap<>();

  private final Map<Metadata, Share> shares = new WeakHashMap<>();
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
  boolean isNews(byte what, ByteBuffer topic) {
    if (what == SUBSCRIBE) {
      hold(topic);
      return !Boolean.TRUE.equals(topics.put(topic, true));
    }
    boolean was = topics.remove(topic, true);
    if (was) {
      bytes -= weight(topic);
    }
    return was;
  }

  private void hold(ByteBuffer topic) {
    if (topics.putIfAbsent(topic, false) == null) {
      bytes += weight(topic);
    }
  }

  private static int weight(ByteBuffer topic) {
    return EACH + topic.remaining();
  }

  /** Takes a wish, before JeroMQ does, if there is room for it. */
  private boolean take(ByteBuffer topic, Share share) {
    if (!topics.containsKey(topic) && bytes + weight(topic) > MOST) {
      return refuse("what all want has " + MOST + " bytes");
    }
    if (!share.take(topic)) {
      return refuse("what one subscriber wants has " + MOST_OF_ONE + " bytes");
    }
    hold(topic);
    return true;
  }

  private boolean refuse(String why) {
    refused.increment();
    log.warn("a subscription has no effect: " + why);
    return false;
  }

  private Share shareOf(@Nullable Metadata peer) {
    if (peer == null) { // of ZMTP 2 or less, which says nothing of itself
      return new Share(new Metadata());
    }
    Share share = shares.get(peer);
    if (share == null || !share.peer.refersTo(peer)) { // that of an equal one that is gone
      shares.remove(peer);
      share = new Share(peer);
      shares.put(peer, share);
    }
    return share;
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
        case UNSUBSCRIBE -> share.giveBack(topic);
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
