package dev.carillon.hub.server;

import dev.carillon.hub.bus.EventBusProxy;
import dev.carillon.hub.eventgrid.PortCertificate.Made;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running hub: the receiving end of Carillon's clients, with an event log in a folder. Several
 * can run in one process, each on a folder of its own. Thread-safe.
 */
final class Hub implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Hub.class);
  private static final int START_SECONDS = 60;
  private static final int DRAIN_SECONDS = 4;
  private static final int WORKERS = 4;

  private final Vertx vertx;
  private final Stores stores;
  private final @Nullable Doors doors;
  private final Metrics metrics;
  private final URI http;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Hub(Vertx vertx, Stores stores, @Nullable Doors doors, Metrics metrics, URI http) {
    this.vertx = vertx;
    this.stores = stores;
    this.doors = doors;
    this.metrics = metrics;
    this.http = http;
  }

  /**
   * Opens the event log and listens.
   *
   * @throws HubStartException if the folder or the port cannot be had, or the configuration is one
   *     that a hub refuses
   */
  public static Hub start(HubConfig config) throws HubStartException {
    try {
      config.check();
    } catch (IllegalArgumentException e) {
      throw new HubStartException(String.valueOf(e.getMessage()), e);
    }
    CompletableFuture<@Nullable Made> certificate =
        config.isStateless()
            ? CompletableFuture.completedFuture(null)
            : EventGridDoor.begin(config);
    CompletableFuture<Vertx> loops = CompletableFuture.supplyAsync(Hub::vertx);
    Stores stores = open(config, loops);
    EventStores events = stores.events();
    Doors doors = null;
    try {
      Metrics metrics = new Metrics(stores);
      Vertx vertx = loops.join();
      doors = events == null ? null : Doors.of(vertx, config, events.log(), certificate);
      URI http = listen(vertx, config, stores, doors, metrics);
      if (doors != null) {
        doors.open(http, metrics);
      }
      return new Hub(vertx, stores, doors, metrics, http);
    } catch (HubStartException | IOException | RuntimeException | Error e) {
      stop(loops, doors);
      stores.close();
      if (e instanceof Error error) {
        throw error;
      }
      throw e instanceof HubStartException known
          ? known
          : new HubStartException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Stores open(HubConfig config, CompletableFuture<Vertx> loops)
      throws HubStartException {
    try {
      return Stores.open(config);
    } catch (HubStartException | RuntimeException | Error e) { // or the loops keep the process
      stop(loops, null);
      throw e;
    }
  }

  /** Ends what uses the stores, within a bounded time. */
  private static void stop(CompletableFuture<Vertx> loops, @Nullable Doors doors) {
    CompletableFuture<Void> others = CompletableFuture.completedFuture(null);
    if (doors != null) {
      doors.eventGrid().subscriptions().close();
      others = CompletableFuture.runAsync(doors::close);
    }
    CompletableFuture<Void> http =
        loops.thenCompose(vertx -> vertx.close().toCompletionStage().toCompletableFuture());
    try {
      CompletableFuture.allOf(http, others).get(DRAIN_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.warn("not everything stopped cleanly: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Vertx vertx() {
    int loops = Runtime.getRuntime().availableProcessors();
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(loops)
                .setWorkerPoolSize(WORKERS)
                .setInternalBlockingPoolSize(2)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    for (int i = 0; i < WORKERS; i++) { // or they inherit the one processor of an event loop
      vertx.executeBlocking(() -> null, false);
    }
    return vertx;
  }

  private static URI listen(
      Vertx vertx, HubConfig config, Stores stores, @Nullable Doors doors, Metrics metrics)
      throws HubStartException {
    BodyBudget requests = BodyBudget.ofRequests();
    BodyBudget answers = BodyBudget.ofAnswers();
    AtomicInteger port = new AtomicInteger();
    DeploymentOptions instances =
        new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors());
    try {
      vertx
          .deployVerticle(
              () -> new HttpVerticle(config, port, doors, stores, metrics, requests, answers),
              instances)
          .toCompletionStage()
          .toCompletableFuture()
          .get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String reason =
          port.get() != 0 && doors != null && doors.eventGrid().certificate() != null
              ? ""
              : cause instanceof IOException
                  ? "port %d on %s cannot be had (--http-port, 0 for a free one): "
                      .formatted(config.httpPort(), config.bind())
                  : "cannot listen on " + config.bind() + ": ";
      throw new HubStartException(reason + cause.getMessage(), cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HubStartException("interrupted while starting", e);
    }
    return at("http", config.bind(), port.get());
  }

  private static URI at(String scheme, String address, int port) {
    String host = address.contains(":") ? "[" + address + "]" : address;
    return URI.create(scheme + "://" + host + ":" + port);
  }

  /** Where the hub listens, with the port that it was given. */
  public URI http() {
    return http;
  }

  /** Where the hub's own AMQP broker listens; empty if it runs none. */
  public Optional<URI> amqp() {
    return Optional.ofNullable(doors).flatMap(Doors::amqp);
  }

  /** The event bus, with the ports that it was given; empty in a process of one role alone. */
  public Optional<EventBusProxy> bus() {
    return Optional.ofNullable(doors).flatMap(Doors::bus);
  }

  /** Where the hub listens with TLS for Event Grid clients; empty if it does not. */
  public Optional<URI> eventGrid() {
    return Optional.ofNullable(doors)
        .map(open -> open.eventGrid().port().get())
        .filter(port -> port != 0)
        .map(port -> URI.create("https://" + http.getHost() + ":" + port));
  }

  /**
   * Takes no more requests, answers those that it has, makes everything acknowledged readable and
   * lets go of the folder; in less than 10 seconds. Calling it again does nothing.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    stop(CompletableFuture.completedFuture(vertx), doors);
    stores.close();
    metrics.close();
  }
}
