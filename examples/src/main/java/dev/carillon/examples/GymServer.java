package dev.carillon.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.carillon.rabbitmq.EventPublisher;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A web application with one publisher for all requests: each request's organization is kept for
 * its thread, where the publisher's supplier finds it.
 */
public final class GymServer implements AutoCloseable {

  private static final int CREATED = 201;
  private static final int BAD_REQUEST = 400;

  // docs:begin web-organization
  private static final ThreadLocal<@Nullable String> ORGANIZATION = new ThreadLocal<>();

  private static HttpHandler withOrganization(HttpHandler handler) {
    return exchange -> {
      ORGANIZATION.set(exchange.getRequestHeaders().getFirst("X-Organization-Id"));
      try {
        handler.handle(exchange);
      } finally {
        ORGANIZATION.remove();
      }
    };
  }

  // docs:end web-organization

  private final EventPublisher publisher;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(8);

  /** Listens on a free port of loopback. */
  public GymServer(String rabbitmqUrl) throws IOException {
    // docs:begin web-publisher
    publisher = EventPublisher.of(rabbitmqUrl, ORGANIZATION::get);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/workouts", withOrganization(this::createWorkout));
    // docs:end web-publisher
    server.setExecutor(threads);
    server.start();
  }

  // docs:begin web-handler
  private void createWorkout(HttpExchange exchange) throws IOException {
    try (exchange) {
      String title = exchange.getRequestURI().getQuery();
      if (title == null) {
        exchange.sendResponseHeaders(BAD_REQUEST, -1);
        return;
      }
      String id = UUID.randomUUID().toString();
      // … store the workout …
      publisher.publish("workout.created", Map.of("workout_id", id, "title", title));
      exchange.sendResponseHeaders(CREATED, -1); // with or without a broker
    }
  }

  // docs:end web-handler

  /** Where it listens. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdown();
    publisher.close();
  }
}
