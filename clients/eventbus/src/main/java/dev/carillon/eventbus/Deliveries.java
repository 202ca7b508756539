package dev.carillon.eventbus;

import dev.carillon.zeromq.Gzip;
import dev.carillon.zeromq.WireTopics;
import io.cloudevents.CloudEvent;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings messages to those who want them: typed events of the topics subscribed to the inbox,
 * CloudEvents to sources' subscriptions. ZeroMQ lets through what only begins like a topic; it ends
 * here. Called by the I/O thread; topics and subscriptions come from any.
 */
final class Deliveries<E, T> {

  private static final Logger log = LoggerFactory.getLogger(Deliveries.class);

  private final EventEncoding<E, T> encoding;
  private final Inbox<E, T> inbox;
  private final BusSettings settings;
  private final Counters counters;
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
    boolean good;
    try {
      byte[] payload =
          Gzip.isCompressed(payloadFrame)
              ? Gzip.inflate(payloadFrame, settings.maxEventBytes())
              : payloadFrame;
      good = !typed || deliverTyped(payload);
      good &= !sourced || deliverToSources(topic, payload);
    } catch (IOException | RuntimeException e) { // whatever it is, the next message comes
      log.debug("a message cannot be delivered", e);
      good = false;
    }
    if (!good) {
      malformed("a message on " + topic + " that is no event");
    }
  }

  private boolean deliverTyped(byte[] payload) {
    try {
      inbox.deliver(encoding.decode(payload), payload.length);
      return true;
    } catch (IOException | RuntimeException e) { // an event class may throw what it likes
      log.debug("not an event of the class", e);
      return false;
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

  private boolean deliverToSources(String topic, byte[] payload) {
    try {
      CloudEvent event = CloudEventCodec.decode(topic, payload);
      for (SourceSubscription source : sources) {
        if (source.wants(topic) && source.wants(event)) {
          Inbox.add(source.queue(), event, payload.length, counters);
        }
      }
      return true;
    } catch (IOException e) {
      log.debug("not a CloudEvent", e);
      return false;
    }
  }

  /** Counts a message that is no event. */
  void malformed(String what) {
    counters.malformed.increment();
    log.debug("skipped {}", what);
  }
}
