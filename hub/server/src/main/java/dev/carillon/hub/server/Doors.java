package dev.carillon.hub.server;

import dev.carillon.hub.bus.EventBusProxy;
import dev.carillon.hub.eventgrid.PortCertificate.Made;
import dev.carillon.hub.store.EventLog;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The ways by which events come and go besides plain HTTP: Event Grid, the event bus, AMQP. */
final class Doors implements AutoCloseable {

  private final HubConfig config;
  private final EventLog events;
  private final EventGridDoor eventGrid;
  private volatile @Nullable HubBus bus;
  private volatile @Nullable HubAmqp amqp;

  private Doors(HubConfig config, EventLog events, EventGridDoor eventGrid) {
    this.config = config;
    this.events = events;
    this.eventGrid = eventGrid;
  }

  /** Gets them ready; Event Grid's opens with the HTTP side, which it is a part of. */
  static Doors of(
      Vertx vertx, HubConfig config, EventLog events, CompletableFuture<@Nullable Made> certificate)
      throws IOException {
    return new Doors(config, events, EventGridDoor.of(vertx, events, config, certificate));
  }

  /**
   * Opens the others, and begins to deliver.
   *
   * @param http where the hub listens
   */
  void open(URI http, Metrics metrics) throws HubStartException {
    ServedCertificate certificate = eventGrid.certificate();
    if (certificate != null) {
      metrics.certificate(certificate);
      certificate.start();
    }
    metrics.subscriptions(eventGrid.subscriptions());
    eventGrid.subscriptions().start(http);
    bus = HubBus.start(config, events, metrics);
    amqp = HubAmqp.start(config, events, metrics);
  }

  EventGridDoor eventGrid() {
    return eventGrid;
  }

  Optional<EventBusProxy> bus() {
    return Optional.ofNullable(bus).map(HubBus::proxy);
  }

  /** Whether the bus runs or is yet to; once it has ended, only a new start brings it back. */
  boolean isBusAlive() {
    return bus().map(EventBusProxy::isRunning).orElse(true);
  }

  Optional<URI> amqp() {
    return Optional.ofNullable(amqp).flatMap(HubAmqp::address);
  }

  /** Lets nothing more in; what has come is stored. */
  @Override
  public void close() {
    HubAmqp broker = amqp;
    CompletableFuture<Void> closing =
        broker == null
            ? CompletableFuture.completedFuture(null)
            : CompletableFuture.runAsync(broker::close);
    HubBus proxy = bus;
    if (proxy != null) {
      proxy.close();
    }
    closing.join();
  }
}
