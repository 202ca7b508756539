package dev.carillon.hub.server;

import dev.carillon.core.Ranges;
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
 * @param maxConnections how many may be connected to each port
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
    int maxConnections,
    Set<String> topics,
    @Nullable Path secretKeys,
    @Nullable Path clientKeys) {

  static final int PUBLISH_PORT = 5559;
  static final int SUBSCRIBE_PORT = 5560;
  static final int MAX_CONNECTIONS = 500;

  /** Throws, with a text fit for a person, if a bus must not run like this. */
  void check() {
    Ranges.atLeast("--bus-max-connections", maxConnections, 1);
    if ((secretKeys == null) != (clientKeys == null)) {
      throw new IllegalArgumentException("--bus-key and --bus-clients need each other");
    }
    if (noDrop && secretKeys != null) {
      throw new IllegalArgumentException("--bus-no-drop cannot be combined with --bus-key");
    }
  }
}
