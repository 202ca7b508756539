package dev.carillon.eventbus;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.core.EventException;
import dev.carillon.core.EventRejectedException;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.core.Guarantee;
import dev.carillon.zeromq.AckProtocol;
import dev.carillon.zeromq.AckProtocol.Status;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zeromq.ZMQ;

/** The way to a proxy that answers for each event. Used by the I/O thread. */
final class AckChannel {

  private static final byte[] VERSION = AckProtocol.version();
  private static final int WINDOW = 1_000;

  private final ZMQ.Socket dealer;
  private final Settler settler;
  private final Counters counters;
  private final Map<String, Outgoing> awaited = new LinkedHashMap<>();

  AckChannel(ZMQ.Socket dealer, Settler settler, Counters counters) {
    this.dealer = dealer;
    this.settler = settler;
    this.counters = counters;
  }

  /** Sends an event; false if it must wait. */
  boolean send(Outgoing event) {
    byte[] compressed = event.compressed();
    if (awaited.size() >= WINDOW || !dealer.send(VERSION, ZMQ.SNDMORE | ZMQ.DONTWAIT)) {
      return false;
    }
    dealer.send(event.wireId().getBytes(UTF_8), ZMQ.SNDMORE);
    dealer.send(event.topic(), ZMQ.SNDMORE);
    dealer.send(compressed == null ? event.payload() : compressed, 0);
    awaited.put(event.wireId(), event);
    return true;
  }

  boolean isQuiet() {
    return awaited.isEmpty();
  }

  void readAll() {
    for (List<byte[]> answer = read(); !answer.isEmpty(); answer = read()) {
      if (answer.size() == 4 && AckProtocol.isVersion(answer.get(0))) {
        answered(text(answer.get(1)), text(answer.get(2)), text(answer.get(3)));
      } else {
        counters.malformed.increment();
      }
    }
  }

  /** The frames of one answer: none if there is none, not all if its proxy went away within it. */
  private List<byte[]> read() {
    List<byte[]> frames = new ArrayList<>(4);
    byte[] frame;
    do {
      frame = dealer.recv(ZMQ.DONTWAIT);
      if (frame != null) {
        frames.add(frame);
      }
    } while (frame != null && dealer.hasReceiveMore());
    return frames;
  }

  private static String text(byte[] frame) {
    return new String(frame, UTF_8);
  }

  private void answered(String id, String status, String detail) {
    Outgoing event = awaited.remove(id);
    if (event == null) {
      return; // its receipt has failed for want of time meanwhile
    }
    switch (Status.named(status).orElse(Status.REJECTED)) { // unknown is not accepted
      case STORED -> accepted(event, Guarantee.STORED);
      case ACKNOWLEDGED -> accepted(event, Guarantee.ACKNOWLEDGED);
      case BUSY -> failed(event, new EventRejectedException(detail, true, null));
      case REJECTED ->
          failed(event, new EventRejectedException(status + ": " + detail, false, null));
    }
  }

  private void accepted(Outgoing event, Guarantee guarantee) {
    counters.acknowledged.increment();
    settler.accepted(event, guarantee);
  }

  private void failed(Outgoing event, EventException error) {
    counters.failed.increment();
    settler.failed(event, error);
  }

  /** Fails what has waited too long for its answer. */
  void expire(long now) {
    Iterator<Outgoing> oldest = awaited.values().iterator();
    while (oldest.hasNext()) {
      Outgoing event = oldest.next();
      if (!event.isExpired(now)) {
        return;
      }
      oldest.remove();
      failed(event, new EventTimeoutException("no answer came in time", true, null));
    }
  }

  /** Fails everything that waits for an answer, which will not come. */
  void failAll(EventException error) {
    List<Outgoing> all = new ArrayList<>(awaited.values());
    awaited.clear();
    all.forEach(event -> failed(event, error));
  }
}
