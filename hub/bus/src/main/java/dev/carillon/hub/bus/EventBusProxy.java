package dev.carillon.hub.bus;

import dev.carillon.core.Ranges;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A ZeroMQ XSUB/XPUB proxy: publishers connect to one port, subscribers to the other, and what
 * publishers send goes to every subscriber of its topic, events of one publisher in order.
 *
 * <p>Any ZeroMQ PUB and SUB can connect. Beyond what {@code zmq_proxy} does it counts, can be
 * paused, can record what passes, and can answer for events that are sent to its acknowledging
 * port. By default a subscriber whose queue is full loses events, as everywhere in ZeroMQ; with
 * {@link Builder#noDrop} everybody waits for it instead.
 *
 * <p>Several proxies can be chained: {@link Builder#upstream} brings to this one's subscribers what
 * another proxy passes. The links must form a tree.
 *
 * <p>Thread-safe. One daemon thread moves messages, another one of JeroMQ serves the connections;
 * with CURVE a third checks keys.
 */
public final class EventBusProxy implements AutoCloseable {

  private final ProxySockets sockets;
  private final ProxyLoop loop;
  private final boolean encrypts;

  private EventBusProxy(ProxySockets sockets, ProxyLoop loop, boolean encrypts) {
    this.sockets = sockets;
    this.loop = loop;
    this.encrypts = encrypts;
  }

  /** A builder that starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Where publishers connect: {@code tcp://127.0.0.1:5559}. */
  public URI publishAddress() {
    return sockets.publishAddress();
  }

  /** Where subscribers connect. */
  public URI subscribeAddress() {
    return sockets.subscribeAddress();
  }

  /** Where publishers connect who want an answer for each event; empty unless asked for. */
  public Optional<URI> acknowledgeAddress() {
    return Optional.ofNullable(sockets.acknowledgeAddress());
  }

  /** What it has done so far. */
  public BusStatistics statistics() {
    return loop.statistics();
  }

  /**
   * Stops taking messages in: what publishers send waits in their queues and in the network, and is
   * lost where those are full. Returns when it is in force.
   *
   * @throws IllegalStateException if this proxy encrypts: what comes would wait here, without a
   *     bound
   */
  public void pause() {
    if (encrypts) {
      throw new IllegalStateException(
          "a proxy with CURVE cannot be paused: its queues have no bound and must be emptied");
    }
    loop.pause(true);
  }

  /** Goes on after {@link #pause}. */
  public void resume() {
    loop.pause(false);
  }

  /** Whether it is paused. */
  public boolean isPaused() {
    return loop.isPaused();
  }

  /**
   * Whether it passes messages: false when it is closed, or has been ended by an error, which the
   * log then has. It does not come back.
   */
  public boolean isRunning() {
    return loop.isRunning();
  }

  /**
   * Passes on what has come in, answers what is to be acknowledged, and lets go of the ports; in
   * about three seconds at most. Calling it again does nothing.
   */
  @Override
  public void close() {
    loop.close();
  }

  /** Builds and starts an {@link EventBusProxy}. Not thread-safe. */
  public static final class Builder {
    private String bind = "127.0.0.1";
    private int publishPort = 5559;
    private int subscribePort = 5560;
    private int acknowledgePort = ProxySettings.OFF;
    private boolean noDrop;
    private int highWaterMark = 1000;
    private int maxMessageBytes = 1 << 20;
    private int maxConnections = 500;
    private Duration heartbeat = Duration.ofSeconds(5);
    private final List<String> upstreams = new ArrayList<>();
    private @Nullable Path secretKeyFile;
    private @Nullable Path allowedClients;
    private @Nullable BusRecorder recorder;
    private Set<String> recordedTopics = Set.of();

    private Builder() {}

    /** The address to listen on; default 127.0.0.1. Without CURVE anybody there may take part. */
    public Builder bind(String address) {
      bind = address;
      return this;
    }

    /** Where publishers connect, 0 for a free port; default 5559. */
    public Builder publishPort(int port) {
      publishPort = port(port);
      return this;
    }

    /** Where subscribers connect, 0 for a free port; default 5560. */
    public Builder subscribePort(int port) {
      subscribePort = port(port);
      return this;
    }

    /**
     * Where publishers connect who want an answer for each event, 0 for a free port; off unless
     * set.
     */
    public Builder acknowledgePort(int port) {
      acknowledgePort = port(port);
      return this;
    }

    /**
     * Drops nothing: while one subscriber's queue is full, or the recorder's, everything waits, and
     * publishers' queues fill. Off by default. Cannot be combined with CURVE.
     */
    public Builder noDrop(boolean on) {
      noDrop = on;
      return this;
    }

    /**
     * How many messages may wait for one subscriber, and from one publisher; default 1000. This
     * bounds messages, not bytes: with frames as large as {@link #maxMessageBytes} lets through,
     * one slow subscriber may hold a thousand times that in memory. Where events are large and the
     * heap is small, lower one of the two.
     */
    public Builder highWaterMark(int messages) {
      Ranges.atLeast("highWaterMark", messages, 1);
      highWaterMark = messages;
      return this;
    }

    /**
     * How large a frame may be, in bytes; default 1 MiB. A larger one ends its connection; that to
     * an {@link #upstream} is made anew, and what came meanwhile is lost.
     */
    public Builder maxMessageBytes(int bytes) {
      Ranges.atLeast("maxMessageBytes", bytes, 1);
      maxMessageBytes = bytes;
      return this;
    }

    /**
     * How many may be connected to each port at once; default 500. A further connection ends at
     * once; ZeroMQ's sockets try again by themselves.
     */
    public Builder maxConnections(int connections) {
      Ranges.atLeast("maxConnections", connections, 1);
      maxConnections = connections;
      return this;
    }

    /**
     * How often each connection is tried; default 5 s. After three times in vain it is cut, unless
     * it may be that the other side has no room, or this one.
     */
    public Builder heartbeat(Duration interval) {
      if (interval.compareTo(Duration.ofMillis(1)) < 0) {
        throw new IllegalArgumentException("heartbeat is below 1 ms: " + interval);
      }
      heartbeat = interval;
      return this;
    }

    /**
     * Also passes what another proxy passes: its subscribers' port. That connection is never
     * encrypted, so the other proxy cannot be one with CURVE.
     */
    public Builder upstream(String host, int subscribersPort) {
      upstreams.add("tcp://" + host + ":" + port(subscribersPort));
      return this;
    }

    /**
     * Encrypts with CURVE and lets only known clients in.
     *
     * @param secretKeys this proxy's key file, in ZeroMQ's certificate format
     * @param clients a folder of public key files, read anew for each connection that is made; what
     *     else is in it is skipped, and said in the log
     */
    public Builder curve(Path secretKeys, Path clients) {
      secretKeyFile = Objects.requireNonNull(secretKeys);
      allowedClients = Objects.requireNonNull(clients);
      return this;
    }

    /** Records what passes, of all topics. */
    public Builder recorder(BusRecorder everything) {
      return recorder(everything, Set.of());
    }

    /** Records what passes, of these topics; of all if there is none. */
    public Builder recorder(BusRecorder some, Set<String> topics) {
      recorder = some;
      recordedTopics = Set.copyOf(topics);
      return this;
    }

    /**
     * Starts the proxy.
     *
     * @throws IOException with one line that says why, if a port, a key file or another proxy's
     *     address cannot be had
     */
    public EventBusProxy start() throws IOException {
      if (noDrop && secretKeyFile != null) {
        throw new IllegalArgumentException(
            "no-drop and CURVE cannot be combined: JeroMQ garbles a message each time an encrypted"
                + " connection's queue fills, and no-drop lets queues fill");
      }
      ProxySettings settings =
          new ProxySettings(
              bind,
              publishPort,
              subscribePort,
              acknowledgePort,
              noDrop,
              highWaterMark,
              maxMessageBytes,
              maxConnections,
              heartbeat,
              List.copyOf(upstreams),
              secretKeyFile,
              allowedClients,
              recorder,
              recordedTopics);
      ProxySockets sockets = ProxySockets.open(settings);
      ProxyLoop loop = new ProxyLoop(settings, sockets);
      loop.start();
      return new EventBusProxy(sockets, loop, secretKeyFile != null);
    }

    private static int port(int port) {
      if (port < 0 || port > 65535) {
        throw new IllegalArgumentException("not a port: " + port);
      }
      return port;
    }
  }
}
