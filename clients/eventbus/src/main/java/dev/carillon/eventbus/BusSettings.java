package dev.carillon.eventbus;

import dev.carillon.core.Ranges;
import io.cloudevents.CloudEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a client was built with, as {@link EventBusClientBuilder} says, apart from its types. */
record BusSettings(
    String host,
    int publishPort,
    int subscribePort,
    int acknowledgePort,
    Duration connectTimeout,
    Duration sendTimeout,
    Duration closeTimeout,
    int sendCapacity,
    OverflowPolicy sendPolicy,
    int receiveCapacity,
    OverflowPolicy receivePolicy,
    int highWaterMark,
    int maxEventBytes,
    int compressFrom,
    Duration heartbeat,
    Duration reconnectDelay,
    Duration longestReconnectDelay,
    @Nullable Keys keys,
    Function<CloudEvent, String> topicOfCloudEvents,
    Set<String> sourceTopics,
    StateListener listener,
    Clock clock) {

  private static final Duration LONGEST = Duration.ofDays(20); // ZeroMQ counts ms in an int

  /** Checks the ranges, and what excludes each other. */
  BusSettings {
    port("publishPort", publishPort);
    port("subscribePort", subscribePort);
    port("acknowledgePort", acknowledgePort);
    Ranges.atLeast("sendQueue", sendCapacity, 1);
    Ranges.atLeast("receiveQueue", receiveCapacity, 1);
    Ranges.atLeast("highWaterMark", highWaterMark, 1);
    Ranges.atLeast("maxEventBytes", maxEventBytes, 1);
    Ranges.notNegative("compressFrom", compressFrom);
    connectTimeout = positive("connectTimeout", connectTimeout);
    sendTimeout = positive("sendTimeout", sendTimeout);
    Ranges.notNegative("closeTimeout", closeTimeout);
    closeTimeout = closeTimeout.compareTo(LONGEST) > 0 ? LONGEST : closeTimeout;
    heartbeat = positive("heartbeat", heartbeat);
    reconnectDelay = positive("reconnectDelay", reconnectDelay);
    longestReconnectDelay = positive("reconnectDelay", longestReconnectDelay);
    if (publishPort == OFF && (subscribePort == OFF || acknowledgePort != OFF)) {
      throw new IllegalArgumentException("a client that only receives cannot publish as well");
    }
    if (keys != null && receivePolicy == OverflowPolicy.BLOCK) {
      throw new IllegalArgumentException(
          "receiving with BLOCK and CURVE cannot be combined: JeroMQ garbles a message each time an"
              + " encrypted connection's queue fills, and BLOCK lets it fill");
    }
  }

  private static void port(String name, int value) {
    if (value != OFF && (value < 1 || value > 65535)) {
      throw new IllegalArgumentException(name + " is no port: " + value);
    }
  }

  private static Duration positive(String name, Duration value) {
    if (value.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException(name + " is below 1 ms: " + value);
    }
    return value.compareTo(LONGEST) > 0 ? LONGEST : value;
  }

  /** Not compressing. */
  static final int NEVER = Integer.MAX_VALUE;

  /** The port of what this client does not connect to. */
  static final int OFF = -1;

  /**
   * CURVE keys.
   *
   * @param server the proxy's public key
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Keys(byte[] publicKey, byte[] secretKey, byte[] server) {
    /** Without the keys. */
    @Override
    public String toString() {
      return "Keys";
    }
  }

  boolean acknowledges() {
    return acknowledgePort != OFF;
  }

  boolean publishes() {
    return publishPort != OFF;
  }

  boolean receives() {
    return subscribePort != OFF;
  }

  /** Whether the client hears what it publishes, and so can prove that it gets to the proxy. */
  boolean makesRoundTrips() {
    return publishes() && receives();
  }

  boolean compresses() {
    return compressFrom != NEVER;
  }

  String endpoint(int port) {
    return "tcp://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
