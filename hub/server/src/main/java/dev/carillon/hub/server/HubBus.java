package dev.carillon.hub.server;

import dev.carillon.hub.bus.EventBusProxy;
import dev.carillon.hub.store.EventLog;
import java.io.IOException;
import java.nio.file.Path;

/** The hub's event bus, and what brings its events into the log. */
final class HubBus implements AutoCloseable {

  private final EventBusProxy proxy;
  private final BusArchive archive;

  private HubBus(EventBusProxy proxy, BusArchive archive) {
    this.proxy = proxy;
    this.archive = archive;
  }

  /**
   * Starts the bus.
   *
   * @throws HubStartException if a port or a key file cannot be had
   */
  static HubBus start(HubConfig config, EventLog events, Metrics metrics) throws HubStartException {
    BusConfig bus = config.bus();
    BusArchive archive = new BusArchive(events, metrics);
    EventBusProxy.Builder builder =
        EventBusProxy.builder()
            .bind(config.busBind())
            .publishPort(bus.publishPort())
            .subscribePort(bus.subscribePort())
            .noDrop(bus.noDrop())
            .maxConnections(bus.maxConnections())
            .maxMessageBytes(Bodies.MAX_EVENT)
            .recorder(archive, bus.topics());
    if (bus.acknowledgePort() != null) {
      builder.acknowledgePort(bus.acknowledgePort());
    }
    Path keys = bus.secretKeys();
    Path clients = bus.clientKeys();
    if (keys != null && clients != null) {
      builder.curve(keys, clients);
    }
    try {
      EventBusProxy proxy = builder.start();
      archive.start();
      metrics.bus(proxy, archive);
      return new HubBus(proxy, archive);
    } catch (IOException e) {
      throw new HubStartException(String.valueOf(e.getMessage()), e);
    }
  }

  EventBusProxy proxy() {
    return proxy;
  }

  /** Passes on and stores what has come. */
  @Override
  public void close() {
    proxy.close();
    archive.close();
  }
}
