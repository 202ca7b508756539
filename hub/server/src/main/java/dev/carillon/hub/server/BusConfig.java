package dev.carillon.hub.server;

import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a hub runs its ZeroMQ event bus.
 *
 * @param bind the address to listen on; null for the hub's own, or for loopback if that is beyond
 *     loopback and there are no keys
 * @param publishPort where publishers connect; 0 picks a free one
 * @param subscribePort where subscribers connect; 0 picks a free one
 * @param acknowledgePort where publishers connect who want an answer; 0 picks a free one, null for
 *     none
 * @param noDrop whether everybody waits for a slow subscriber, and for the log
 * @param topics the topics to store; empty for all
 * @param secretKeys the bus's CURVE key file; null for no encryption
 * @param clientKeys the folder of clients' public keys; not null if there is a key file
 */
record BusConfig(
    @Nullable String bind,
    int publishPort,
    int subscribePort,
    @Nullable Integer acknowledgePort,
    boolean noDrop,
    Set<String> topics,
    @Nullable Path secretKeys,
    @Nullable Path clientKeys) {

  static final int PUBLISH_PORT = 5559;
  static final int SUBSCRIBE_PORT = 5560;

  /** A bus on the ports 5559 and 5560 that stores all topics and drops what it must. */
  public static BusConfig ofDefaults() {
    return new BusConfig(null, PUBLISH_PORT, SUBSCRIBE_PORT, null, false, Set.of(), null, null);
  }

  /** This configuration with other ports; 0 picks a free one. */
  public BusConfig withPorts(int publish, int subscribe) {
    return new BusConfig(
        bind, publish, subscribe, acknowledgePort, noDrop, topics, secretKeys, clientKeys);
  }

  /** This configuration with a port that answers; 0 picks a free one. */
  public BusConfig withAcknowledgePort(int port) {
    return new BusConfig(
        bind, publishPort, subscribePort, port, noDrop, topics, secretKeys, clientKeys);
  }

  /** This configuration, but only some topics are stored. */
  public BusConfig withTopics(Set<String> only) {
    return new BusConfig(
        bind, publishPort, subscribePort, acknowledgePort, noDrop, only, secretKeys, clientKeys);
  }

  /** Throws, with a text fit for a person, if a bus must not run like this. */
  void check() {
    if ((secretKeys == null) != (clientKeys == null)) {
      throw new IllegalArgumentException("--bus-key and --bus-clients need each other");
    }
    if (noDrop && secretKeys != null) {
      throw new IllegalArgumentException("--bus-no-drop cannot be combined with --bus-key");
    }
  }
}
