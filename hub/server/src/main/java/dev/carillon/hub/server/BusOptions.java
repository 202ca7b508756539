package dev.carillon.hub.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The hub's flags about its event bus. */
final class BusOptions {

  @Option(
      names = "--bus-pub-port",
      paramLabel = "PORT",
      description =
          "Where ZeroMQ publishers connect, 0 for a free port"
              + " (CARILLON_BUS_PUB_PORT; default: "
              + BusConfig.PUBLISH_PORT
              + ").")
  private int publishPort = BusConfig.PUBLISH_PORT;

  @Option(
      names = "--bus-sub-port",
      paramLabel = "PORT",
      description =
          "Where ZeroMQ subscribers connect, 0 for a free port"
              + " (CARILLON_BUS_SUB_PORT; default: "
              + BusConfig.SUBSCRIBE_PORT
              + ").")
  private int subscribePort = BusConfig.SUBSCRIBE_PORT;

  @Option(
      names = "--bus-ack-port",
      paramLabel = "PORT",
      description =
          "Where publishers connect who want an answer for each event, 0 for a free port"
              + " (CARILLON_BUS_ACK_PORT; default: none).")
  private @Nullable Integer acknowledgePort;

  @Option(
      names = "--bus-bind",
      paramLabel = "ADDRESS",
      description =
          "Address of the bus (CARILLON_BUS_BIND; default: as --bind, but only loopback without"
              + " --bus-key, since anybody who reaches the bus takes part).")
  private @Nullable String bind;

  @Option(
      names = "--bus-topic",
      paramLabel = "TOPIC",
      split = ",",
      description =
          "A topic of the bus to store; may be repeated (CARILLON_BUS_TOPIC, with commas;"
              + " default: all).")
  private @Nullable List<String> topics;

  @Option(
      names = "--bus-no-drop",
      fallbackValue = "true",
      description =
          "Drop nothing on the bus: everybody waits for a slow subscriber, and for the log"
              + " (CARILLON_BUS_NO_DROP, true or false; default: false).")
  private boolean noDrop;

  @Option(
      names = "--bus-max-connections",
      paramLabel = "N",
      description =
          "How many may be connected to each port of the bus at once"
              + " (CARILLON_BUS_MAX_CONNECTIONS; default: "
              + BusConfig.MAX_CONNECTIONS
              + ").")
  private int maxConnections = BusConfig.MAX_CONNECTIONS;

  @Option(
      names = "--bus-key",
      paramLabel = "FILE",
      description =
          "Secret CURVE key file of the bus, as made by the command keys (CARILLON_BUS_KEY;"
              + " default: no encryption).")
  private @Nullable Path secretKeys;

  @Option(
      names = "--bus-clients",
      paramLabel = "DIR",
      description =
          "Folder of public keys of the clients that the bus lets in (CARILLON_BUS_CLIENTS).")
  private @Nullable Path clientKeys;

  BusOptions() {}

  /** What the flags say; there may be no acknowledging port. */
  BusConfig config() {
    return new BusConfig(
        bind,
        publishPort,
        subscribePort,
        acknowledgePort,
        noDrop,
        maxConnections,
        topics == null ? Set.of() : Set.copyOf(topics),
        secretKeys,
        clientKeys);
  }
}
