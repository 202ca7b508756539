package dev.carillon.eventbus;

import dev.carillon.core.EventConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether what is published gets to the proxy, and what is subscribed to is in force: proven by
 * round trips where the client does both, else by a connection that lasts. Used by the I/O thread.
 */
final class Readiness {

  private static final String NOTHING_RETURNS =
      "both ports answer, but what is published does not come back: do they belong to one proxy?";

  private static final Logger log = LoggerFactory.getLogger(Readiness.class);
  private static final long ROUND_TRIP_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** How long a connection must last that cannot prove itself by a round trip. */
  private static final long RECEIVER_PROBATION_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** The same where each event is answered: a proxy that refuses everybody does so sooner. */
  private static final long ANSWERED_PROBATION_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

  private static final long PUBLISHER_PROBATION_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final BusSettings settings;
  private final BusLoop loop;
  private final BusSockets sockets;
  private final Deliveries<?, ?> deliveries;
  private final Inlet inlet;
  private final Marks marks;
  private final @Nullable AckChannel channel;
  private final Counters counters;
  private final Links links;
  private final RoundTrips trips;
  private final Wishes wishes;
  private final List<CompletableFuture<Void>> confirmations = new ArrayList<>();
  private String trip = "";
  private long begun;
  private boolean connected;
  private boolean wasConnected;

  /**
   * Connects nothing yet.
   *
   * @param wake called from JeroMQ's threads when there is news
   */
  Readiness(
      BusSettings settings,
      BusLoop loop,
      BusSockets sockets,
      Deliveries<?, ?> deliveries,
      Inlet inlet,
      Marks marks,
      @Nullable AckChannel channel,
      Counters counters,
      Runnable wake) {
    this.settings = settings;
    this.loop = loop;
    this.sockets = sockets;
    this.deliveries = deliveries;
    this.inlet = inlet;
    this.marks = marks;
    this.channel = channel;
    this.counters = counters;
    links = new Links(settings, wake);
    trips = new RoundTrips(sockets);
    wishes = new Wishes(sockets);
  }

  void connect() {
    if (settings.receives()) {
      links.connect(sockets.subscribe, settings.subscribePort(), () -> {});
    }
    if (sockets.acknowledge != null) {
      links.connect(sockets.acknowledge, settings.acknowledgePort(), () -> {});
    }
    if (settings.publishes() && (settings.receives() || sockets.acknowledge == null)) {
      links.connect(sockets.publish, settings.publishPort(), trips::forgetOffer);
    }
  }

  boolean isConnected() {
    return connected;
  }

  /** Whether a connection, or the next mark, only waits for its time. */
  boolean isAwaited() {
    return settings.makesRoundTrips() ? marks.isOneDue() : !connected && links.areUp();
  }

  /** Whether the proxy has said that it can inflate. */
  boolean isCompressionOffered() {
    return trips.isCompressionOffered();
  }

  /** Takes in what has happened to the connections, and what has come back over them. */
  void update(long now) {
    noteLinks(now);
    trips.readAll();
  }

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
    if (settings.makesRoundTrips()) {
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

  private void begin(long now) {
    begun = now;
    if (!settings.makesRoundTrips()) {
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
    long doubt = settings.makesRoundTrips() ? marks.connectionLost() : 0;
    if (doubt > 0) {
      log.warn("{}; of what was sent, up to {} events may be lost", reason, doubt);
    }
    if (channel != null) {
      channel.failAll(new EventConnectionException(reason, true, null));
    }
    confirmAll(); // in force once it is back
  }

  private void tellWhyNot() {
    Link down = links.worst();
    ConnectionState state =
        down.isRefused()
            ? ConnectionState.REFUSED
            : wasConnected ? ConnectionState.RECONNECTING : ConnectionState.CONNECTING;
    boolean allUp = links.areUp() && !down.isRefused();
    loop.become(state, allUp ? NOTHING_RETURNS : down.reason());
  }

  /** Subscribes; the future completes when it is in force, or will be once the proxy is back. */
  void subscribe(List<String> topics, CompletableFuture<Void> confirmed) {
    topics.forEach(wishes::add);
    if (!connected || !settings.makesRoundTrips()) {
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

  /** Completes what waits for a subscription to be in force. */
  void confirmAll() {
    confirmations.forEach(confirmed -> confirmed.complete(null));
    confirmations.clear();
  }
}
