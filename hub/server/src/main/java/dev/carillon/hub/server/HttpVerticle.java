package dev.carillon.hub.server;

import dev.carillon.hub.pipeline.Pipeline;
import dev.carillon.hub.store.Analytics;
import dev.carillon.hub.store.EventLog;
import dev.carillon.hub.store.LogEntry;
import dev.carillon.hub.store.Operation;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One event loop's share of the HTTP side: its server and the receivers behind it. */
final class HttpVerticle extends VerticleBase {

  private static final int IDLE_SECONDS = 120;
  private static final int DRAIN_SECONDS = 3;

  private final HubConfig config;
  private final AtomicInteger port;
  private final @Nullable EventLog events;
  private final Analytics analytics;
  private final Metrics metrics;
  private final BodyBudget budget;
  private @Nullable HttpServer server;
  private @Nullable EventStream stream;

  /**
   * Creates a share that listens when it is deployed.
   *
   * @param port takes the port that was given
   * @param events null in a process that has no event log
   */
  HttpVerticle(
      HubConfig config,
      AtomicInteger port,
      @Nullable EventLog events,
      Analytics analytics,
      Metrics metrics,
      BodyBudget budget) {
    this.config = config;
    this.port = port;
    this.events = events;
    this.analytics = analytics;
    this.metrics = metrics;
    this.budget = budget;
  }

  private SocketAddress address() {
    return config.httpPort() == 0
        ? SocketAddress.sharedRandomPort(1, config.bind()) // one free port for all event loops
        : SocketAddress.inetSocketAddress(config.httpPort(), config.bind());
  }

  private HttpServer server() {
    return vertx.createHttpServer(
        new HttpServerOptions()
            .setIdleTimeout(IDLE_SECONDS)
            .setIdleTimeoutUnit(TimeUnit.SECONDS)
            .setHandle100ContinueAutomatically(true)
            .setPerFrameWebSocketCompressionSupported(false) // there are no WebSockets here
            .setPerMessageWebSocketCompressionSupported(false)
            .setAcceptBacklog(1024)
            .setTcpNoDelay(true));
  }

  @Override
  public Future<?> start() {
    Bodies bodies = new Bodies(vertx, config.bodyTimeout(), budget);
    List<Receiver> receivers = new ArrayList<>();
    receivers.add(new Operations(events, analytics, metrics));
    receivers.add(new Health(analytics));
    if (config.analytics().pipeline().role() != Pipeline.Role.WRITER) {
      receivers.add(
          new AnalyticsReceiver(
              bodies,
              analytics,
              new Ingest<>(vertx, this::appendOperations),
              new EventNames(config.analytics().eventNames())));
    }
    if (events != null) {
      addEventReceivers(receivers, bodies, events);
    }
    Router router = Router.router(vertx);
    ApiKey.of(config.apiKey()).guard(router);
    receivers.forEach(receiver -> receiver.routes(router));
    Problem.answerFailures(router);
    return server()
        .requestHandler(request -> metrics.time(request, router))
        .listen(address())
        .onSuccess(
            listening -> {
              server = listening;
              port.set(listening.actualPort());
            });
  }

  private void addEventReceivers(List<Receiver> receivers, Bodies bodies, EventLog log) {
    Publishing publishing =
        new Publishing(new Ingest<>(vertx, (List<LogEntry> entries) -> append(log, entries)));
    stream = new EventStream(vertx, log, metrics);
    receivers.add(new EventServiceReceiver(publishing, bodies, log));
    receivers.add(new QueryServiceReceiver(bodies, log));
    receivers.add(new CloudEventsReceiver(publishing, bodies, log));
    receivers.add(stream);
  }

  private CompletableFuture<Void> append(EventLog log, List<LogEntry> entries) {
    return log.append(entries).thenRun(() -> metrics.received(entries.size()));
  }

  private CompletableFuture<Void> appendOperations(List<Operation> operations) {
    return analytics
        .operations()
        .append(operations)
        .thenRun(() -> metrics.analytics().received(operations));
  }

  /** Ends the live streams, which would never end, and answers the requests that it has. */
  @Override
  public Future<?> stop() {
    if (stream != null) {
      stream.close();
    }
    return server == null
        ? Future.succeededFuture()
        : server.shutdown(DRAIN_SECONDS, TimeUnit.SECONDS);
  }
}
