package dev.carillon.hub.bus;

import dev.carillon.zeromq.Gzip;
import dev.carillon.zeromq.WireTopics;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One message on its way: what it is, and how far it got while it has to wait. */
final class Passage {

  private final byte[] topic;
  private final byte @Nullable [] plain;
  private final byte @Nullable [] compressed;
  private final List<byte[]> frames;
  private final @Nullable String name;
  private final @Nullable String id;
  private final BusRecorder.Settlement settlement;
  private boolean offered;
  private boolean sent;
  private boolean sentCompressed;

  private Passage(
      byte[] topic,
      byte @Nullable [] plain,
      byte @Nullable [] compressed,
      List<byte[]> frames,
      @Nullable String name,
      @Nullable String id,
      BusRecorder.Settlement settlement) {
    this.topic = topic;
    this.plain = plain;
    this.compressed = compressed;
    this.frames = frames;
    this.name = name;
    this.id = id;
    this.settlement = settlement;
  }

  /** What a publisher sent: an event if it can be one, else frames to be passed as they are. */
  static Passage of(List<byte[]> frames, int maxBytes) {
    byte[] first = frames.get(0);
    if (frames.size() == 2) {
      if (Reserved.isGzip(first)) {
        byte[] topic = Reserved.tail(first, Reserved.GZIP.length);
        return event(topic, frames.get(1), null, maxBytes, NOBODY);
      }
      if (!Reserved.is(first)) {
        return plain(first, frames.get(1), null, NOBODY);
      }
    }
    return new Passage(first, null, null, List.copyOf(frames), null, null, NOBODY);
  }

  private static Passage plain(
      byte[] topic, byte[] payload, @Nullable String id, BusRecorder.Settlement settlement) {
    return new Passage(
        topic, payload, null, List.of(), WireTopics.nameOrNull(topic), id, settlement);
  }

  /** An event; its payload may be compressed. What cannot be inflated goes nowhere. */
  static Passage event(
      byte[] topic,
      byte[] payload,
      @Nullable String id,
      int maxBytes,
      BusRecorder.Settlement settlement) {
    if (!Gzip.isCompressed(payload)) {
      return plain(topic, payload, id, settlement);
    }
    try {
      byte[] inflated = Gzip.inflate(payload, maxBytes);
      return new Passage(
          topic, inflated, payload, List.of(), WireTopics.nameOrNull(topic), id, settlement);
    } catch (IOException e) {
      return new Passage(topic, null, null, List.of(), null, id, settlement);
    }
  }

  /** Whether this is an event, and not something that a proxy only passes. */
  boolean isEvent() {
    return plain != null && name != null;
  }

  /** Whether this is the bus's own talk. */
  boolean isReserved() {
    return Reserved.is(topic);
  }

  String name() {
    return name == null ? "" : name;
  }

  long bytes() {
    byte[] came = compressed != null ? compressed : plain;
    return came == null ? topic.length : (long) topic.length + came.length;
  }

  BusRecorder.Settlement settlement() {
    return settlement;
  }

  /** Whether a recorder has taken it. */
  boolean isRecorded() {
    return offered;
  }

  /** Offers it to a recorder; whether that took it. */
  boolean offerTo(BusRecorder recorder) {
    offered = plain != null && recorder.offer(new BusMessage(name(), plain, id), settlement);
    return offered;
  }

  /** Whether its publisher waits for an answer. */
  boolean isAwaited() {
    return id != null;
  }

  /** Sends it to whoever subscribed; true once that is done, false if it must be tried again. */
  boolean sendTo(Outlet outlet, boolean anyCompressed) {
    if (!sent) {
      sent = plain != null ? outlet.send(topic, plain) : outlet.send(frames);
    }
    if (sent && plain != null && anyCompressed && !sentCompressed) {
      byte[] smallest = compressed != null ? compressed : plain;
      sentCompressed = outlet.send(Reserved.concat(Reserved.GZIP, topic), smallest);
      return sentCompressed;
    }
    return sent;
  }

  private static final BusRecorder.Settlement NOBODY =
      new BusRecorder.Settlement() {
        @Override
        public void stored() {}

        @Override
        public void refused(String reason, boolean retryable) {}
      };
}
