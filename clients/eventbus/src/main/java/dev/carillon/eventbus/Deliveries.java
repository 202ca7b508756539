package dev.carillon.eventbus;

import dev.carillon.core.SparingLog;
import dev.carillon.zeromq.Gzip;
import dev.carillon.zeromq.WireTopics;
import io.cloudevents.CloudEvent;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Brings messages to those who want them: typed events of the topics subscribed to the inbox,
 * CloudEvents to sources' subscriptions. ZeroMQ lets through what only begins like a topic; it ends
 * here. Called by the I/O thread; topics and subscriptions come from any.
 */
final class Deliveries<E, T> {

  private final EventEncoding<E, T> encoding;
  private final Inbox<E, T> inbox;
  private final BusSettings settings;
  private final Counters counters;
  private final SparingLog log = new SparingLog(LoggerFactory.getLogger(Deliveries.class));
  private boolean compressed;
  private final Set<String> topics = ConcurrentHashMap.newKeySet();
  private final List<SourceSubscription> sources = new CopyOnWriteArrayList<>();

  Deliveries(
      EventEncoding<E, T> encoding, Inbox<E, T> inbox, BusSettings settings, Counters counters) {
    this.encoding = encoding;
    this.inbox = inbox;
    this.settings = settings;
    this.counters = counters;
  }

  boolean add(String topic) {
    return topics.add(topic);
  }

  boolean remove(String topic) {
    return topics.remove(topic);
  }

  void add(SourceSubscription source) {
    sources.add(source);
  }

  boolean remove(SourceSubscription source) {
    return sources.remove(source);
  }

  List<SourceSubscription> sources() {
    return sources;
  }

  /** Nothing more comes; what has come can still be received. */
  void end() {
    inbox.end();
    sources.forEach(source -> source.queue().close());
  }

  int waiting() {
    return inbox.waiting()
        + sources.stream().mapToInt(subscription -> subscription.queue().size()).sum();
  }

  /** Whether the next message must wait at the proxy. */
  boolean isBlocked() {
    if (settings.receivePolicy() != OverflowPolicy.BLOCK) {
      return false;
    }
    int most = settings.maxEventBytes();
    return !inbox.hasRoom(most)
        || sources.stream().anyMatch(source -> !source.queue().hasRoom(most));
  }

  /** Notes in which form the topics are subscribed to. */
  void compressed(boolean is) {
    compressed = is;
  }

  /** Delivers one message. */
  void deliver(byte[] topicFrame, byte[] payloadFrame) {
    String name = WireTopics.nameOrNull(topicFrame);
    if (name == null) {
      malformed("a topic that is not UTF-8");
      return;
    }
    boolean gzip = name.startsWith(WireTopics.GZIP);
    if (gzip && !compressed) {
      return; // it came, or comes, plainly too; only who has subscribed to everything sees both
    }
    String topic = gzip ? name.substring(WireTopics.GZIP.length()) : name;
    boolean typed = topics.contains(topic);
    boolean sourced = !topic.startsWith(WireTopics.RESERVED) && isForSources(topic);
    if (!typed && !sourced) {
      return;
    }
    counters.received.increment();
    counters.receivedBytes.add((long) topicFrame.length + payloadFrame.length);
    Throwable wrong;
    try {
      byte[] payload =
          Gzip.isCompressed(payloadFrame)
              ? Gzip.inflate(payloadFrame, settings.maxEventBytes())
              : payloadFrame;
      wrong = typed ? deliverTyped(payload) : null;
      Throwable other = sourced ? deliverToSources(topic, payload) : null;
      wrong = wrong == null ? other : wrong;
    } catch (IOException | RuntimeException e) {
      wrong = e;
    }
    if (wrong != null) {
      malformed("a message on " + topic + " that is no event: " + reason(wrong));
    }
  }

  /** The first line: what follows says where in a text that is not shown. */
  private static String reason(Throwable wrong) {
    String message = wrong.getMessage();
    return message == null ? wrong.toString() : message.lines().findFirst().orElse("");
  }

  /** What is wrong with a message; null for nothing. */
  private @Nullable Throwable deliverTyped(byte[] payload) {
    try {
      inbox.deliver(encoding.decode(payload), payload.length);
      return null;
    } catch (Throwable e) { // errors of users' code too: the next message comes in any case
      return e;
    }
  }

  private boolean isForSources(String topic) {
    for (SourceSubscription source : sources) {
      if (source.wants(topic)) {
        return true;
      }
    }
    return false;
  }

  /** What is wrong with a message; null for nothing. */
  private @Nullable Throwable deliverToSources(String topic, byte[] payload) {
    try {
      CloudEvent event = CloudEventCodec.decode(topic, payload);
      for (SourceSubscription source : sources) {
        if (source.wants(topic) && source.wants(event)) {
          Inbox.add(source.queue(), event, payload.length, counters);
        }
      }
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  /** Counts a message that is no event, and says so. */
  void malformed(String what) {
    counters.malformed.increment();
    log.warn("skipped " + what);
  }
}
