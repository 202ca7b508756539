package dev.carillon.hub.server;

import dev.carillon.hub.bus.EventBusProxy;
import dev.carillon.hub.store.EmbeddedEventLog;
import dev.carillon.hub.store.EventLog;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running hub: the receiving end of Carillon's clients, with an event log in a folder. Several
 * can run in one process, each on a folder of its own. Thread-safe.
 */
public final class Hub implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Hub.class);
  private static final int START_SECONDS = 60;
  private static final int DRAIN_SECONDS = 4;

  private final Vertx vertx;
  private final EventLog events;
  private final HubBus bus;
  private final HubAmqp amqp;
  private final URI http;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Hub(Vertx vertx, EventLog events, HubBus bus, HubAmqp amqp, URI http) {
    this.vertx = vertx;
    this.events = events;
    this.bus = bus;
    this.amqp = amqp;
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
    EventLog events;
    try {
      events = EmbeddedEventLog.open(config.data(), EmbeddedEventLog.Settings.ofDefaults());
    } catch (IOException e) {
      throw new HubStartException(String.valueOf(e.getMessage()), e);
    }
    Metrics metrics = new Metrics(events);
    Vertx vertx = vertx();
    try {
      URI http = listen(vertx, config, events, schemas(config), metrics);
      HubBus bus = HubBus.start(config, events, metrics);
      try {
        HubAmqp amqp = HubAmqp.start(config, events, metrics);
        return new Hub(vertx, events, bus, amqp, http);
      } catch (HubStartException e) {
        bus.close();
        throw e;
      }
    } catch (HubStartException e) {
      vertx.close();
      events.close();
      throw e;
    }
  }

  private static SchemaStore schemas(HubConfig config) throws HubStartException {
    try {
      return SchemaStore.open(config.data().resolve("schemas"));
    } catch (IOException e) {
      throw new HubStartException("the schemas in " + config.data() + " cannot be read: " + e, e);
    }
  }

  private static Vertx vertx() {
    int loops = Runtime.getRuntime().availableProcessors();
    return Vertx.vertx(
        new VertxOptions()
            .setPreferNativeTransport(true)
            .setEventLoopPoolSize(loops)
            .setWorkerPoolSize(4)
            .setInternalBlockingPoolSize(2)
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false)));
  }

  private static URI listen(
      Vertx vertx, HubConfig config, EventLog events, SchemaStore schemas, Metrics metrics)
      throws HubStartException {
    BodyBudget budget = new BodyBudget();
    AtomicInteger port = new AtomicInteger();
    DeploymentOptions instances =
        new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors());
    try {
      vertx
          .deployVerticle(
              () -> new HttpVerticle(config, port, events, schemas, metrics, budget), instances)
          .toCompletionStage()
          .toCompletableFuture()
          .get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String reason =
          cause instanceof IOException
              ? "port " + config.httpPort() + " on " + config.bind() + " cannot be had: "
              : "cannot listen on " + config.bind() + ": ";
      throw new HubStartException(reason + cause.getMessage(), cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HubStartException("interrupted while starting", e);
    }
    String host = config.bind().contains(":") ? "[" + config.bind() + "]" : config.bind();
    return URI.create("http://" + host + ":" + port.get());
  }

  /** Where the hub listens, with the port that it was given. */
  public URI http() {
    return http;
  }

  /** Where the hub's own AMQP broker listens; empty if it runs none. */
  public Optional<URI> amqp() {
    return amqp.address();
  }

  /** The event bus, with the ports that it was given. */
  public EventBusProxy bus() {
    return bus.proxy();
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
    CompletableFuture<Void> http = vertx.close().toCompletionStage().toCompletableFuture();
    CompletableFuture<Void> broker = CompletableFuture.runAsync(amqp::close);
    bus.close();
    try {
      CompletableFuture.allOf(http, broker).get(DRAIN_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.warn("the HTTP or the AMQP side did not stop cleanly: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    events.close();
  }
}
