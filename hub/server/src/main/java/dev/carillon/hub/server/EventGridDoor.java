package dev.carillon.hub.server;

import dev.carillon.hub.eventgrid.PortCertificate;
import dev.carillon.hub.eventgrid.PortCertificate.Made;
import dev.carillon.hub.eventgrid.Subscriptions;
import dev.carillon.hub.eventgrid.TopicAccess;
import dev.carillon.hub.store.EventLog;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What all event loops share of Event Grid: who may publish, and the HTTPS port.
 *
 * @param access who may publish
 * @param subscriptions who is sent what
 * @param certificate of the HTTPS port; null if there is no such port
 * @param port the HTTPS port that was given; 0 while it is not open
 */
record EventGridDoor(
    TopicAccess access,
    Subscriptions subscriptions,
    @Nullable ServedCertificate certificate,
    AtomicInteger port) {

  /** Begins what takes long and needs nothing of the hub yet. */
  static CompletableFuture<@Nullable Made> begin(HubConfig config) {
    return PortCertificate.begin(config.eventGrid(), folder(config), config.bind());
  }

  private static Path folder(HubConfig config) {
    return config.data().resolve("eventgrid");
  }

  /** Reads the files that the configuration names, and keeps the certificate that was made. */
  static EventGridDoor of(
      Vertx vertx, EventLog events, HubConfig config, CompletableFuture<@Nullable Made> made)
      throws IOException {
    Clock clock = Clock.systemUTC();
    TopicAccess access = TopicAccess.of(config.eventGrid(), config.apiKey(), clock);
    Path folder = folder(config);
    Subscriptions subscriptions =
        Subscriptions.of(vertx, events, config.eventGrid(), folder, clock);
    if (config.eventGrid().port() == null) {
      return new EventGridDoor(access, subscriptions, null, new AtomicInteger());
    }
    ServedCertificate certificate;
    try {
      PortCertificate files = PortCertificate.of(config.eventGrid(), folder, made.join());
      certificate = new ServedCertificate(vertx, config.eventGrid(), folder, config.bind(), files);
    } catch (CompletionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    }
    return new EventGridDoor(access, subscriptions, certificate, new AtomicInteger());
  }

  /** Opens the HTTPS port for one event loop, if there shall be one. */
  Future<@Nullable HttpServer> open(
      Vertx vertx,
      HubConfig config,
      HttpServerOptions options,
      Handler<HttpServerRequest> handler) {
    Integer wanted = config.eventGrid().port();
    if (certificate == null || wanted == null) {
      return Future.succeededFuture();
    }
    SocketAddress address =
        wanted == 0
            ? SocketAddress.sharedRandomPort(2, config.bind())
            : SocketAddress.inetSocketAddress(wanted, config.bind());
    return vertx
        .createHttpServer(options.setSsl(true).setKeyCertOptions(certificate.options()))
        .requestHandler(handler)
        .invalidRequestHandler(request -> Problem.answerUnreadable(request, true))
        .listen(address)
        .onSuccess(
            server -> {
              port.set(server.actualPort());
              certificate.showBy(server);
            })
        .recover(
            e ->
                Future.failedFuture(
                    new IOException(
                        "the Event Grid port "
                            + wanted
                            + " cannot be had (--eventgrid-port, 0 for a free one): "
                            + e.getMessage(),
                        e)))
        .map(server -> server);
  }
}
