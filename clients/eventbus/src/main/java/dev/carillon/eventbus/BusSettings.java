package dev.carillon.eventbus;

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
    Duration linger,
    int sendCapacity,
    OverflowPolicy sendPolicy,
    int receiveCapacity,
    OverflowPolicy receivePolicy,
    int highWaterMark,
    int maxEventBytes,
    int compressAbove,
    Duration heartbeat,
    Duration reconnectDelay,
    Duration longestReconnectDelay,
    @Nullable Keys keys,
    Function<CloudEvent, String> topicOfCloudEvents,
    Set<String> sourceTopics,
    StateListener listener,
    Clock clock) {

  /** Not compressing. */
  static final int NEVER = -1;

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

  boolean compresses() {
    return compressAbove != NEVER;
  }

  String endpoint(int port) {
    return "tcp://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
