package dev.carillon.hub.bus;

import dev.carillon.zeromq.WakeUp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.ZMQ;

/** The one thread that moves a proxy's messages. Its public face is thread-safe. */
final class ProxyLoop {

  private static final Logger log = LoggerFactory.getLogger(ProxyLoop.class);
  private static final int BATCH = 500;
  private static final long IDLE_MILLIS = 1_000;

  /** How soon to try again what waits for the recorder. */
  private static final long HELD_MILLIS = 5;

  private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int CLOSE_SECONDS = 5;

  private final ProxySettings settings;
  private final ProxySockets sockets;
  private final Figures figures = new Figures();
  private final WakeUp wakeUp;
  private final Subscriptions subscriptions;
  private final Outlet outlet;
  private final @Nullable Answers answers;
  private final Thread thread = new Thread(this::run, "carillon-bus");
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<byte[]> frames = new ArrayList<>();
  private @Nullable Passage held;
  private boolean more;
  private volatile boolean pausing;
  private volatile boolean paused;
  private volatile boolean closing;

  ProxyLoop(ProxySettings settings, ProxySockets sockets) throws IOException {
    this.settings = settings;
    this.sockets = sockets;
    wakeUp = new WakeUp();
    subscriptions = new Subscriptions(sockets);
    outlet = new Outlet(sockets.subscribers, settings.noDrop(), figures);
    answers =
        sockets.acknowledging == null
            ? null
            : new Answers(sockets.acknowledging, figures, wakeUp::call);
  }

  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  BusStatistics statistics() {
    return figures.snapshot(subscriptions.topics(), sockets.wishes.refused());
  }

  synchronized void pause(boolean on) {
    pausing = on;
    wakeUp.call();
    while (paused != on && thread.isAlive()) {
      try {
        wait(IDLE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  boolean isPaused() {
    return paused;
  }

  boolean isRunning() {
    return thread.isAlive() && !closing;
  }

  void close() {
    closing = true;
    wakeUp.call();
    try {
      if (!closed.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        log.warn("the bus did not end within {} s", CLOSE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (wakeUp) {
      ZMQ.Poller all = poller(true);
      ZMQ.Poller quiet = poller(false);
      subscriptions.subscribeOwn(settings);
      while (!closing) {
        notePause();
        boolean taking = !paused && held == null;
        (taking ? all : quiet).poll(more ? 0 : held == null ? IDLE_MILLIS : HELD_MILLIS);
        turn();
      }
      drain();
    } catch (RuntimeException | Error e) {
      log.error("the bus ended", e);
    } finally {
      sockets.close();
      closed.countDown();
    }
  }

  private ZMQ.Poller poller(boolean taking) {
    ZMQ.Poller poller = sockets.poller(4 + sockets.upstreams.size());
    poller.register(wakeUp.channel(), ZMQ.Poller.POLLIN);
    poller.register(sockets.subscribers, ZMQ.Poller.POLLIN);
    if (taking) {
      poller.register(sockets.publishers, ZMQ.Poller.POLLIN);
      sockets.upstreams.forEach(up -> poller.register(up.socket(), ZMQ.Poller.POLLIN));
      if (sockets.acknowledging != null) {
        poller.register(sockets.acknowledging, ZMQ.Poller.POLLIN);
      }
    }
    return poller;
  }

  private void notePause() {
    if (paused != pausing) {
      synchronized (this) {
        paused = pausing;
        notifyAll();
      }
    }
  }

  private void turn() {
    wakeUp.clear();
    sockets.upstreams.forEach(Upstream::tick);
    subscriptions.readAll();
    if (answers != null) {
      answers.sendReady();
    }
    more = false;
    if (!paused && passHeld()) {
      boolean published = take(sockets.publishers);
      boolean passedDown = false;
      for (Upstream upstream : sockets.upstreams) {
        passedDown |= take(upstream.socket());
      }
      more = takeAcknowledging() || published || passedDown;
    }
    if (answers != null) {
      answers.sendReady();
    }
  }

  /** Whether nothing has to wait any more. */
  private boolean passHeld() {
    if (held != null && pass(held)) {
      held = null;
    }
    return held == null;
  }

  /** Passes some of what has come; whether there may be more. */
  private boolean take(ZMQ.Socket from) {
    for (int i = 0; i < BATCH && held == null; i++) {
      byte[] frame = from.recv(ZMQ.DONTWAIT);
      if (frame == null) {
        return false;
      }
      frames.clear();
      frames.add(frame);
      while (from.hasReceiveMore()) {
        frames.add(from.recv(0));
      }
      begin(Passage.of(frames, settings.maxMessageBytes()));
    }
    return held == null;
  }

  private boolean takeAcknowledging() {
    if (answers == null) {
      return false;
    }
    for (int i = 0; i < BATCH && held == null; i++) {
      Passage next = answers.read(settings.maxMessageBytes());
      if (next == null) {
        return false;
      }
      if (next.isEvent()) {
        begin(next);
      } else {
        figures.malformed.increment();
        next.settlement()
            .refused("not an event: its id or topic is not valid, or it is too large", false);
      }
    }
    return held == null;
  }

  private void begin(Passage next) {
    if (next.isEvent()) {
      figures.passed(next.name(), next.bytes());
    } else if (!next.isReserved()) {
      figures.malformed.increment();
    }
    if (!pass(next)) {
      figures.holds.increment();
      held = next;
    }
  }

  /** Records and sends a message; false if something is full and nothing may be dropped. */
  private boolean pass(Passage message) {
    BusRecorder recorder = message.isEvent() ? settings.recorderOf(message.name()) : null;
    if (recorder != null && !message.isRecorded()) {
      if (message.offerTo(recorder)) {
        figures.recorded.increment();
      } else if (settings.noDrop()) {
        return false;
      } else {
        figures.unrecorded.increment();
        message.settlement().refused("the recorder is full", true);
        if (message.isAwaited()) {
          return true; // its publisher knows, and will send it again
        }
      }
    }
    boolean sent = message.sendTo(outlet, subscriptions.anyCompressed());
    if (sent && recorder == null) {
      Answers.passedOn(message.settlement());
    }
    return sent;
  }

  /** Passes on what has come in, for a bounded time. */
  private void drain() {
    paused = false;
    long deadline = System.nanoTime() + DRAIN_NANOS;
    do {
      turn();
    } while ((more || held != null) && System.nanoTime() < deadline);
    ZMQ.Poller quiet = poller(false);
    while (answers != null && answers.owed() > 0 && System.nanoTime() < deadline) {
      quiet.poll(HELD_MILLIS);
      wakeUp.clear();
      answers.sendReady();
    }
  }
}
