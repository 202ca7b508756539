package dev.carillon.eventbus;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.core.EventConnectionException;
import dev.carillon.core.SinkClosedException;
import dev.carillon.zeromq.WakeUp;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.ZMQ;

/** A client's life with its proxy, on the one thread that may touch the sockets. */
final class BusConnection implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(BusConnection.class);
  private static final long ROUND_TRIP_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** How long a connection must last that cannot prove itself by a round trip. */
  private static final long RECEIVER_PROBATION_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** The same where each event is answered: a proxy that refuses everybody does so sooner. */
  private static final long ANSWERED_PROBATION_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

  private static final long PUBLISHER_PROBATION_NANOS = TimeUnit.SECONDS.toNanos(1);

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
  private final Counters counters;
  private final WakeUp wakeUp;
  private final BusSockets sockets;
  private final Links links;
  private final RoundTrips trips;
  private final Wishes wishes;
  private final Marks marks;
  private final Inlet inlet;
  private final @Nullable AckChannel channel;
  private final Sender sender;
  private final List<CompletableFuture<Void>> confirmations = new ArrayList<>();
  private String trip = "";
  private long begun;
  private boolean connected;
  private boolean wasConnected;

  BusConnection(
      BusSettings settings,
      BusLoop loop,
      Deliveries<?, ?> deliveries,
      Counters counters,
      WakeUp wakeUp) {
    this.settings = settings;
    this.loop = loop;
    this.deliveries = deliveries;
    this.counters = counters;
    this.wakeUp = wakeUp;
    sockets = new BusSockets(settings);
    links = new Links(settings, wakeUp::call);
    trips = new RoundTrips(sockets);
    wishes = new Wishes(sockets);
    marks = new Marks(counters);
    inlet = new Inlet(sockets, deliveries, marks);
    ZMQ.Socket dealer = sockets.acknowledge;
    channel = dealer == null ? null : new AckChannel(dealer, loop.settler(), counters);
    sender = new Sender(sockets, channel, loop.queue(), loop.settler(), counters, marks);
  }

  /** Connects, and moves events until the client is closed. */
  void serve() {
    if (settings.receives()) {
      links.connect(sockets.subscribe, settings.subscribePort(), () -> {});
    }
    if (sockets.acknowledge != null) {
      links.connect(sockets.acknowledge, settings.acknowledgePort(), () -> {});
    }
    if (settings.publishes() && (settings.receives() || sockets.acknowledge == null)) {
      links.connect(sockets.publish, settings.publishPort(), trips::forgetOffer);
    }
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
    boolean soon = makesRoundTrips() ? marks.isOneDue() : !connected && links.areUp();
    if (soon || loop.isClosing()) {
      return SOON_MILLIS;
    }
    boolean busy =
        blocked
            || !connected
            || (makesRoundTrips() && !marks.areAllConfirmed())
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
    noteLinks(now);
    trips.readAll();
    boolean more = inlet.receiveSome();
    if (channel != null) {
      channel.readAll();
      channel.expire(now);
    }
    if (connected) {
      more |= sender.sendSome(now, trips.isCompressionOffered());
      mark(now);
    } else {
      sender.expireSome(now);
    }
    return more;
  }

  // ---- the connection -------------------------------------------------------------------------

  private void noteLinks(long now) {
    boolean cameUp = links.update(now);
    boolean up = links.areUp();
    if (connected && (!up || cameUp)) { // what came up again had gone down in between
      lose();
    }
    if (up && cameUp) {
      begin(now);
    } else if (up && !connected) {
      waitOn(now - begun, now);
    }
    if (!connected) {
      tellWhyNot();
    }
  }

  /** Looks whether a connection that has lasted so long is good, or must prove itself again. */
  private void waitOn(long lasted, long now) {
    if (makesRoundTrips()) {
      if (lasted > ROUND_TRIP_NANOS) {
        begin(now);
      }
      return;
    }
    boolean told = trips.isCompressionOffered();
    if (told || lasted > probation()) {
      loop.compressing(told);
      ready();
    }
  }

  private long probation() {
    if (channel != null && settings.keys() == null) {
      return ANSWERED_PROBATION_NANOS;
    }
    return channel == null && settings.publishes()
        ? PUBLISHER_PROBATION_NANOS
        : RECEIVER_PROBATION_NANOS;
  }

  private boolean makesRoundTrips() {
    return settings.publishes() && settings.receives();
  }

  private void begin(long now) {
    begun = now;
    if (!makesRoundTrips()) {
      return;
    }
    trips.end(trip);
    inlet.marksOn(trips.newMarkTopic(inlet.markTopic()));
    trip = trips.begin(this::attached);
  }

  /**
   * The proxy knows the publisher, and has begun to tell it what there is. What is subscribed to
   * from now on it tells after that.
   */
  private void attached() {
    trip = trips.begin(this::found);
  }

  /** What is published gets to the proxy now, and it has said what it understands. */
  private void found() {
    boolean offered = trips.isCompressionOffered();
    loop.compressing(offered);
    if (settings.compresses() && wishes.take(offered)) {
      deliveries.compressed(offered);
      trip = trips.begin(this::ready);
    } else {
      ready();
    }
  }

  private void ready() {
    connected = true;
    links.good();
    if (wasConnected) {
      counters.reconnects.increment();
    }
    wasConnected = true;
    loop.become(ConnectionState.CONNECTED, "the proxy answers");
  }

  private void lose() {
    String reason = links.worst().reason();
    connected = false;
    trips.endAll();
    long doubt = makesRoundTrips() ? marks.connectionLost() : 0;
    if (doubt > 0) {
      log.warn("{}; of what was sent, up to {} events may be lost", reason, doubt);
    }
    if (channel != null) {
      channel.failAll(new EventConnectionException(reason, true, null));
    }
    confirmations.forEach(confirmed -> confirmed.complete(null)); // in force once it is back
    confirmations.clear();
  }

  private void tellWhyNot() {
    Link down = links.worst();
    ConnectionState state =
        down.isRefused()
            ? ConnectionState.REFUSED
            : wasConnected ? ConnectionState.RECONNECTING : ConnectionState.CONNECTING;
    loop.become(state, down.reason());
  }

  // ---- subscriptions --------------------------------------------------------------------------

  /** Subscribes; the future completes when it is in force, or will be once the proxy is back. */
  void subscribe(List<String> topics, CompletableFuture<Void> confirmed) {
    topics.forEach(wishes::add);
    if (!connected || !makesRoundTrips()) {
      confirmed.complete(null);
      return;
    }
    confirmations.add(confirmed);
    trips.begin(
        () -> {
          confirmed.complete(null);
          confirmations.removeIf(CompletableFuture::isDone);
        });
  }

  void unsubscribe(List<String> topics) {
    topics.forEach(wishes::remove);
  }

  // ---- messages -------------------------------------------------------------------------------

  private void mark(long now) {
    Long next = makesRoundTrips() ? marks.next(now) : null;
    if (next != null) {
      sender.publish(inlet.markTopic(), next.toString().getBytes(UTF_8));
    }
  }

  // ---- the end --------------------------------------------------------------------------------

  private boolean isOver(long now) {
    if (!loop.isClosing()) {
      return false;
    }
    boolean settled = sender.isEmpty() && (channel == null || channel.isQuiet());
    boolean confirmed = !connected || !makesRoundTrips() || marks.areAllConfirmed();
    return now - loop.closeBy() > 0 || (settled && confirmed);
  }

  /** Fails what is left, and lets go of everything. */
  @Override
  public void close() {
    long left = TimeUnit.NANOSECONDS.toMillis(loop.closeBy() - System.nanoTime());
    boolean unsure = connected && !marks.areAllConfirmed();
    sender.failAll();
    if (channel != null) {
      channel.failAll(new SinkClosedException("closed before an answer came", true));
    }
    confirmations.forEach(confirmed -> confirmed.complete(null));
    for (BusLoop.Order order = loop.nextOrder(); order != null; order = loop.nextOrder()) {
      order.carryOut(this);
    }
    sockets.close(unsure ? (int) Math.max(LAST_LINGER_MILLIS, left) : 0);
  }
}
