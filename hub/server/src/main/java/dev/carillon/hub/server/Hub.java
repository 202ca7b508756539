package dev.carillon.hub.server;

import dev.carillon.hub.store.Analytics;
import dev.carillon.hub.store.EmbeddedEventLog;
import dev.carillon.hub.store.EventLog;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
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
public final class Hub implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Hub.class);
  private static final int START_SECONDS = 60;
  private static final int DRAIN_SECONDS = 4;

  private final Vertx vertx;
  private final @Nullable EventLog events;
  private final Analytics analytics;
  private final URI http;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Hub(Vertx vertx, @Nullable EventLog events, Analytics analytics, URI http) {
    this.vertx = vertx;
    this.events = events;
    this.analytics = analytics;
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
    @Nullable EventLog events;
    try {
      events = events(config);
    } catch (IOException e) {
      throw new HubStartException(String.valueOf(e.getMessage()), e);
    }
    Analytics analytics;
    try {
      analytics = analytics(config);
    } catch (IOException e) {
      close(events);
      throw new HubStartException(String.valueOf(e.getMessage()), e);
    }
    Vertx vertx = vertx();
    try {
      return new Hub(vertx, events, analytics, listen(vertx, config, events, analytics));
    } catch (HubStartException e) {
      vertx.close();
      analytics.close();
      close(events);
      throw e;
    }
  }

  /** The event log, which a process of one role alone does not have: it keeps nothing. */
  private static @Nullable EventLog events(HubConfig config) throws IOException {
    return config.analytics().pipeline().isStateless()
        ? null
        : EmbeddedEventLog.open(config.data(), EmbeddedEventLog.Settings.ofDefaults());
  }

  private static Analytics analytics(HubConfig config) throws IOException {
    return config
        .analytics()
        .pipeline()
        .open(
            config.data().resolve("analytics"), config.analytics().retention(), Clock.systemUTC());
  }

  private static void close(@Nullable EventLog events) {
    if (events != null) {
      events.close();
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
      Vertx vertx, HubConfig config, @Nullable EventLog events, Analytics analytics)
      throws HubStartException {
    Metrics metrics = new Metrics(events, analytics);
    BodyBudget budget = new BodyBudget();
    AtomicInteger port = new AtomicInteger();
    DeploymentOptions instances =
        new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors());
    try {
      vertx
          .deployVerticle(
              () -> new HttpVerticle(config, port, events, analytics, metrics, budget), instances)
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

  /**
   * Takes no more requests, answers those that it has, makes everything acknowledged readable and
   * lets go of the folder; in less than 10 seconds. Calling it again does nothing.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(DRAIN_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.warn("the HTTP side did not stop cleanly: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    analytics.close();
    close(events);
  }
}
