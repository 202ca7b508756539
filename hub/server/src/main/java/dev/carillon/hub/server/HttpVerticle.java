package dev.carillon.hub.server;

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
  private final EventLog events;
  private final Analytics analytics;
  private final Metrics metrics;
  private final BodyBudget budget;
  private @Nullable HttpServer server;
  private @Nullable EventStream stream;

  /**
   * Creates a share that listens when it is deployed.
   *
   * @param port takes the port that was given
   */
  HttpVerticle(
      HubConfig config,
      AtomicInteger port,
      EventLog events,
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
    Publishing publishing = new Publishing(new Ingest<>(vertx, this::append));
    EventStream liveStream = new EventStream(vertx, events, metrics);
    stream = liveStream;
    List<Receiver> receivers =
        List.of(
            new EventServiceReceiver(publishing, bodies, events),
            new QueryServiceReceiver(bodies, events),
            new CloudEventsReceiver(publishing, bodies, events),
            liveStream,
            new AnalyticsReceiver(
                bodies,
                analytics,
                new Ingest<>(vertx, this::appendOperations),
                new EventNames(config.analytics().eventNames())),
            new Operations(events, analytics, metrics));
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

  private CompletableFuture<Void> append(List<LogEntry> entries) {
    return events.append(entries).thenRun(() -> metrics.received(entries.size()));
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
