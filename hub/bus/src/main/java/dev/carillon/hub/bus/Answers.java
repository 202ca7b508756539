package dev.carillon.hub.bus;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.zeromq.AckProtocol;
import dev.carillon.zeromq.AckProtocol.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.zeromq.ZMQ;

/**
 * The acknowledging port, which speaks {@link AckProtocol}. Answers are given from any thread and
 * sent by the proxy's.
 */
final class Answers {

  private static final byte[] VERSION = AckProtocol.version();
  private static final int MAX_ID = 256;

  /** No UTF-8. */
  private static final byte[] NO_TOPIC = {-1};

  private final ZMQ.Socket router;
  private final Figures figures;
  private final Runnable wake;
  private final Queue<Answer> ready = new ConcurrentLinkedQueue<>();
  private final AtomicLong owed = new AtomicLong();

  Answers(ZMQ.Socket router, Figures figures, Runnable wake) {
    this.router = router;
    this.figures = figures;
    this.wake = wake;
  }

  /** The next event that wants an answer; null if there is none now. */
  @Nullable Passage read(int maxBytes) {
    for (byte[] frame = router.recv(ZMQ.DONTWAIT);
        frame != null;
        frame = router.recv(ZMQ.DONTWAIT)) {
      List<byte[]> frames = new ArrayList<>(5);
      frames.add(frame);
      while (router.hasReceiveMore()) {
        frames.add(router.recv(0));
      }
      if (frames.size() == 5 && AckProtocol.isVersion(frames.get(1))) {
        return passage(frames, maxBytes);
      }
      figures.malformed.increment();
    }
    return null;
  }

  private Passage passage(List<byte[]> frames, int maxBytes) {
    byte[] id = frames.get(2);
    Answer answer = new Answer(frames.get(0), id);
    owed.incrementAndGet();
    boolean known = id.length > 0 && id.length <= MAX_ID;
    byte[] topic = known ? frames.get(3) : NO_TOPIC; // refused then, as what is no event
    return Passage.event(topic, frames.get(4), new String(id, UTF_8), maxBytes, answer);
  }

  /** Sends the answers that are ready. */
  void sendReady() {
    for (Answer answer = ready.poll(); answer != null; answer = ready.poll()) {
      owed.decrementAndGet();
      router.send(answer.peer, ZMQ.SNDMORE);
      router.send(VERSION, ZMQ.SNDMORE);
      router.send(answer.id, ZMQ.SNDMORE);
      router.send(answer.status, ZMQ.SNDMORE);
      router.send(answer.detail, 0);
    }
  }

  /** How many events wait for their answer. */
  long owed() {
    return owed.get();
  }

  /** Answers that an event was passed on, which is all that happens to it. */
  static void passedOn(BusRecorder.Settlement settlement) {
    if (settlement instanceof Answer answer) {
      answer.settle(Status.ACKNOWLEDGED, "");
    }
  }

  private final class Answer implements BusRecorder.Settlement {
    private final byte[] peer;
    private final byte[] id;
    private final AtomicBoolean settled = new AtomicBoolean();
    private String status = "";
    private String detail = "";

    Answer(byte[] peer, byte[] id) {
      this.peer = peer;
      this.id = id;
    }

    @Override
    public void stored() {
      settle(Status.STORED, "");
    }

    @Override
    public void refused(String reason, boolean retryable) {
      settle(retryable ? Status.BUSY : Status.REJECTED, reason);
    }

    private void settle(Status is, String why) {
      if (settled.compareAndSet(false, true)) {
        status = is.name();
        detail = why;
        (is.isAccepted() ? figures.acknowledged : figures.refused).increment();
        ready.add(this);
        wake.run();
      }
    }
  }
}
