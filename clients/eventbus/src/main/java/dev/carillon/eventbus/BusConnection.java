package dev.carillon.eventbus;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.core.SinkClosedException;
import dev.carillon.zeromq.WakeUp;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.zeromq.ZMQ;

/** A client's life with its proxy, on the one thread that may touch the sockets. */
final class BusConnection implements AutoCloseable {

  /** Events to send that come after less than this go in groups... */
  private static final long THICK_NANOS = TimeUnit.MICROSECONDS.toNanos(150);

  /** ...gathered for so long, since waking all threads up to the receiver costs more than they. */
  private static final long GROUP_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

  private static final long IDLE_MILLIS = 1_000;
  private static final long BUSY_MILLIS = 50;
  private static final long SOON_MILLIS = 5;
  private static final int LAST_LINGER_MILLIS = 200;

  private final BusSettings settings;
  private final BusLoop loop;
  private final Deliveries<?, ?> deliveries;
  private final WakeUp wakeUp;
  private final BusSockets sockets;
  private final Marks marks;
  private final Inlet inlet;
  private final @Nullable AckChannel channel;
  private final Readiness readiness;
  private final Sender sender;

  BusConnection(
      BusSettings settings,
      BusLoop loop,
      Deliveries<?, ?> deliveries,
      Counters counters,
      WakeUp wakeUp) {
    this.settings = settings;
    this.loop = loop;
    this.deliveries = deliveries;
    this.wakeUp = wakeUp;
    sockets = new BusSockets(settings);
    marks = new Marks(counters);
    inlet = new Inlet(sockets, deliveries, marks);
    ZMQ.Socket dealer = sockets.acknowledge;
    channel = dealer == null ? null : new AckChannel(dealer, loop.settler(), counters);
    readiness =
        new Readiness(
            settings, loop, sockets, deliveries, inlet, marks, channel, counters, wakeUp::call);
    sender = new Sender(sockets, channel, loop.queue(), loop.settler(), counters, marks);
  }

  /** Connects, and moves events until the client is closed. */
  void serve() {
    readiness.connect();
    ZMQ.Poller all = poller(true);
    ZMQ.Poller deaf = poller(false);
    boolean more = false;
    while (!isOver(System.nanoTime())) {
      boolean blocked = lookForRoom();
      await(blocked ? deaf : all, more ? 0 : patience(blocked));
      more = turn(System.nanoTime());
    }
  }

  /**
   * Waits for something to do, and for some more of it where events to send come thick and fast.
   */
  private void await(ZMQ.Poller poller, long millis) {
    poller.poll(millis);
    int queued = loop.queue().size();
    if (millis > 0
        && queued > 0
        && queued < settings.sendCapacity() / 2
        && System.nanoTime() - sender.lastSent() < THICK_NANOS) {
      LockSupport.parkNanos(this, GROUP_NANOS);
    }
  }

  private ZMQ.Poller poller(boolean receiving) {
    ZMQ.Poller poller = sockets.poller(4);
    poller.register(wakeUp.channel(), ZMQ.Poller.POLLIN);
    poller.register(sockets.publish, ZMQ.Poller.POLLIN);
    if (receiving) {
      poller.register(sockets.subscribe, ZMQ.Poller.POLLIN);
    }
    if (sockets.acknowledge != null) {
      poller.register(sockets.acknowledge, ZMQ.Poller.POLLIN);
    }
    return poller;
  }

  /**
   * Whether there is no room for what comes. That is said before a second look, so that whoever
   * makes room in between wakes this thread, or is seen.
   */
  private boolean lookForRoom() {
    boolean blocked = deliveries.isBlocked();
    loop.noteBlocked(blocked);
    return blocked && deliveries.isBlocked();
  }

  private long patience(boolean blocked) {
    if (readiness.isAwaited() || loop.isClosing()) {
      return SOON_MILLIS;
    }
    boolean busy =
        blocked
            || !readiness.isConnected()
            || (settings.makesRoundTrips() && !marks.areAllConfirmed())
            || !sender.isEmpty()
            || (channel != null && !channel.isQuiet());
    return busy ? BUSY_MILLIS : IDLE_MILLIS;
  }

  /** Does what there is to do; whether there may be more at once. */
  private boolean turn(long now) {
    wakeUp.clear();
    for (BusLoop.Order order = loop.nextOrder(); order != null; order = loop.nextOrder()) {
      order.carryOut(this);
    }
    readiness.update(now);
    boolean more = inlet.receiveSome();
    if (channel != null) {
      channel.readAll();
      channel.expire(now);
    }
    if (readiness.isConnected()) {
      more |= sender.sendSome(now, readiness.isCompressionOffered());
      mark(now);
    } else {
      sender.expireSome(now);
    }
    return more;
  }

  /** Subscribes; the future completes when it is in force, or will be once the proxy is back. */
  void subscribe(List<String> topics, CompletableFuture<Void> confirmed) {
    readiness.subscribe(topics, confirmed);
  }

  void unsubscribe(List<String> topics) {
    readiness.unsubscribe(topics);
  }

  private void mark(long now) {
    Long next = settings.makesRoundTrips() ? marks.next(now) : null;
    if (next != null) {
      sender.publish(inlet.markTopic(), next.toString().getBytes(UTF_8));
    }
  }

  private boolean isOver(long now) {
    if (!loop.isClosing()) {
      return false;
    }
    boolean settled = sender.isEmpty() && (channel == null || channel.isQuiet());
    boolean confirmed =
        !readiness.isConnected() || !settings.makesRoundTrips() || marks.areAllConfirmed();
    return now - loop.closeBy() > 0 || (settled && confirmed);
  }

  /** Fails what is left, and lets go of everything. */
  @Override
  public void close() {
    long left = TimeUnit.NANOSECONDS.toMillis(loop.closeBy() - System.nanoTime());
    boolean unsure = readiness.isConnected() && !marks.areAllConfirmed();
    sender.failAll();
    if (channel != null) {
      channel.failAll(new SinkClosedException("closed before an answer came", true));
    }
    for (BusLoop.Order order = loop.nextOrder(); order != null; order = loop.nextOrder()) {
      order.carryOut(this);
    }
    readiness.confirmAll(); // those of the last orders too
    sockets.close(unsure ? (int) Math.max(LAST_LINGER_MILLIS, left) : 0);
  }
}
