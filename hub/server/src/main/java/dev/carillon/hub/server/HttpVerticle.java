package dev.carillon.hub.server;

import dev.carillon.hub.pipeline.Pipeline;
import dev.carillon.hub.store.EventLog;
import dev.carillon.hub.store.LogEntry;
import dev.carillon.hub.store.Operation;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One event loop's share of the HTTP side: its server and the receivers behind it. */
final class HttpVerticle extends VerticleBase {

  private static final int IDLE_SECONDS = 120;

  /** A longest subject takes 9 KiB, percent-encoded. */
  private static final int LONGEST_LINE = 16 << 10;

  private static final int LONGEST_HEAD = 32 << 10;
  private static final int DRAIN_SECONDS = 3;

  private final HubConfig config;
  private final AtomicInteger port;
  private final @Nullable Doors doors;
  private final Stores stores;
  private final Metrics metrics;
  private final BodyBudget requests;
  private final BodyBudget answers;
  private final List<HttpServer> servers = new ArrayList<>(2);
  private @Nullable EventStream stream;

  /**
   * Creates a share that listens when it is deployed.
   *
   * @param port takes the port that was given
   * @param doors the other ways of events; null in a process that keeps none
   */
  HttpVerticle(
      HubConfig config,
      AtomicInteger port,
      @Nullable Doors doors,
      Stores stores,
      Metrics metrics,
      BodyBudget requests,
      BodyBudget answers) {
    this.doors = doors;
    this.config = config;
    this.port = port;
    this.stores = stores;
    this.metrics = metrics;
    this.requests = requests;
    this.answers = answers;
  }

  private SocketAddress address() {
    return config.httpPort() == 0
        ? SocketAddress.sharedRandomPort(1, config.bind()) // one free port for all event loops
        : SocketAddress.inetSocketAddress(config.httpPort(), config.bind());
  }

  private static HttpServerOptions options() {
    HttpServerOptions options = new HttpServerOptions();
    return options
        .setInitialSettings(options.getInitialSettings().setMaxHeaderListSize(LONGEST_HEAD))
        .setIdleTimeout(IDLE_SECONDS)
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        .setMaxInitialLineLength(LONGEST_LINE)
        .setMaxHeaderSize(LONGEST_HEAD)
        .setHandle100ContinueAutomatically(true)
        .setPerFrameWebSocketCompressionSupported(false) // there are no WebSockets here
        .setPerMessageWebSocketCompressionSupported(false)
        .setAcceptBacklog(1024)
        .setTcpNoDelay(true);
  }

  @Override
  public Future<?> start() {
    Bodies bodies = new Bodies(vertx, config.timeouts().body(), requests);
    LargeAnswers large = new LargeAnswers(vertx, answers, config.timeouts().answer());
    List<Receiver> receivers = new ArrayList<>(); // the two busiest first: the order of trying
    EventStores events = stores.events();
    if (events != null && doors != null) {
      receivers.addAll(ofEvents(bodies, large, events, doors.eventGrid()));
    }
    if (config.analytics().pipeline().role() != Pipeline.Role.WRITER) {
      receivers.addAll(receivers.isEmpty() ? 0 : 1, ofAnalytics(bodies, large));
    }
    receivers.add(new AnalyticsHealth(stores.analytics()));
    receivers.add(new Monitoring(stores, doors, metrics));
    Router router = Router.router(vertx);
    receivers.forEach(receiver -> receiver.openRoutes(router));
    ApiKey.of(config.apiKey()).guard(router);
    receivers.forEach(receiver -> receiver.routes(router));
    Problem.answerFailures(router);
    Handler<HttpServerRequest> handler = request -> metrics.requests().time(request, router);
    return vertx
        .createHttpServer(options())
        .requestHandler(handler)
        .invalidRequestHandler(request -> Problem.answerUnreadable(request, false))
        .listen(address())
        .onSuccess(
            listening -> {
              servers.add(listening);
              port.set(listening.actualPort());
            })
        .compose(listening -> openEventGrid(handler))
        .onSuccess(
            listening -> {
              if (listening != null) {
                servers.add(listening);
              }
            });
  }

  private Future<@Nullable HttpServer> openEventGrid(Handler<HttpServerRequest> handler) {
    return doors == null
        ? Future.succeededFuture()
        : doors.eventGrid().open(vertx, config, options(), handler);
  }

  private List<Receiver> ofAnalytics(Bodies bodies, LargeAnswers large) {
    EventNames names = new EventNames(config.analytics().eventNames());
    Ingest<Operation> ingest =
        new Ingest<>(vertx, stores.analytics().operations()::append, metrics.analytics()::received);
    return List.of(
        new AnalyticsReceiver(bodies, ingest, names, large),
        new AnalyticsQueryReceiver(stores.analytics(), names, large));
  }

  private List<Receiver> ofEvents(
      Bodies bodies, LargeAnswers large, EventStores events, EventGridDoor eventGrid) {
    EventLog log = events.log();
    Ingest<LogEntry> ingest =
        new Ingest<>(vertx, log::append, entries -> metrics.received(entries.size()));
    Publishing publishing = new Publishing(ingest, large);
    EventStream liveStream = new EventStream(vertx, log, metrics);
    stream = liveStream;
    return List.of(
        new EventServiceReceiver(publishing, bodies, log, large),
        new CloudEventsReceiver(publishing, bodies, log, large),
        new EventGridReceiver(vertx, publishing, bodies, eventGrid.access()),
        new QueryServiceReceiver(bodies, log, large),
        liveStream,
        new SchemasReceiver(events.schemas(), bodies, large),
        new SubscriptionsReceiver(eventGrid.subscriptions(), bodies, large));
  }

  /** Ends the live streams, which would never end, and answers the requests that it has. */
  @Override
  public Future<?> stop() {
    if (stream != null) {
      stream.close();
    }
    return Future.join(
        servers.stream().map(server -> server.shutdown(DRAIN_SECONDS, TimeUnit.SECONDS)).toList());
  }
}
