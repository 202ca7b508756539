package dev.carillon.hub.server;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** How long requests take, apart by what they ask for. Thread-safe. */
final class RequestMetrics {

  private static final String EVENTS_PATH = "/api/events";
  private static final String STREAM_PATH = "/api/events/stream";
  private static final int STATUSES = 1000;
  private static final Duration[] LATENCIES = {
    Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(50),
    Duration.ofMillis(100), Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(5)
  };

  private final MeterRegistry registry;
  private final Api dataServices = new Api("data_services");
  private final Api events = new Api("events");
  private final Requests streams = new Requests("events", "stream"); // as long as one listens
  private final Api eventGrid = new Api("eventgrid");
  private final Api analytics = new Api("analytics");
  private final Api other = new Api("other");

  RequestMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Requests to an API. */
  private final class Api {
    private final Requests reads;
    private final Requests writes;

    Api(String name) {
      reads = new Requests(name, "read");
      writes = new Requests(name, "write");
    }
  }

  /** Requests that do the same. */
  private final class Requests {
    private final String api;
    private final String access;
    private final AtomicReferenceArray<@Nullable Timer> byStatus =
        new AtomicReferenceArray<>(STATUSES);

    Requests(String api, String access) {
      this.api = api;
      this.access = access;
    }

    Timer timer(int status) {
      Timer known = byStatus.get(status);
      if (known == null) {
        known =
            Timer.builder("carillon.http.requests")
                .description("HTTP requests by API, access and status, streams when they end")
                .tag("api", api)
                .tag("access", access)
                .tag("status", Integer.toString(status))
                .serviceLevelObjectives(LATENCIES)
                .register(registry);
        byStatus.set(status, known);
      }
      return known;
    }
  }

  /** Times a request, and hands it on. */
  void time(HttpServerRequest request, Handler<HttpServerRequest> next) {
    long started = System.nanoTime();
    HttpServerResponse response = request.response();
    response.bodyEndHandler(
        ended ->
            like(request)
                .timer(response.getStatusCode())
                .record(System.nanoTime() - started, NANOSECONDS));
    next.handle(request);
  }

  private Requests like(HttpServerRequest request) {
    String path = String.valueOf(request.path());
    if (path.equals(STREAM_PATH)) {
      return streams;
    }
    Api api = api(path);
    return isRead(request.method(), path) ? api.reads : api.writes;
  }

  private static boolean isRead(HttpMethod method, String path) {
    return method.equals(HttpMethod.GET)
        || method.equals(HttpMethod.HEAD)
        || path.startsWith("/api/v2.0/QueryService/");
  }

  private Api api(String path) {
    if (path.endsWith(EVENTS_PATH)) { // a topic's, if more stands before it
      return path.length() == EVENTS_PATH.length() ? events : eventGrid;
    }
    if (path.startsWith("/event") || path.startsWith("/analytics/")) {
      return analytics;
    }
    if (path.startsWith("/api/v2.0/")) {
      return dataServices;
    }
    return path.startsWith("/api/eventgrid/") ? eventGrid : other;
  }
}
