package dev.carillon.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.carillon.core.EventSink;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A small event service over HTTP behind a {@link FaultProxy}: the peer that the kit is tried on.
 */
final class HttpPeer implements RemotePeer {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<CloudEvent> arrived = new ArrayList<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(8);
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final FaultProxy proxy;
  private final int port;
  private @Nullable HttpServer server;

  HttpPeer() throws IOException {
    server = serve(0);
    port = server.getAddress().getPort();
    proxy = FaultProxy.before(port);
  }

  @Override
  public EventSink openSink() {
    return new HttpSink(http, URI.create("http://127.0.0.1:" + proxy.port() + "/events"));
  }

  private HttpServer serve(int atPort) throws IOException {
    HttpServer next =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), atPort), 1024);
    next.setExecutor(threads);
    next.createContext("/events", this::take);
    next.start();
    return next;
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      List<CloudEvent> events = new ArrayList<>();
      for (JsonNode node : JSON.readTree(exchange.getRequestBody())) {
        events.add(
            CloudEventBuilder.v1()
                .withId(node.get("id").asText())
                .withType(node.get("type").asText())
                .withSource(URI.create(node.get("source").asText()))
                .withSubject(node.get("subject").asText())
                .withData(node.get("data").toString().getBytes(StandardCharsets.UTF_8))
                .build());
      }
      synchronized (arrived) {
        arrived.addAll(events);
      }
      exchange.sendResponseHeaders(204, -1);
    }
  }

  @Override
  public List<CloudEvent> arrived() {
    synchronized (arrived) {
      return List.copyOf(arrived);
    }
  }

  @Override
  public void stall() {
    proxy.hang();
  }

  @Override
  public void resume() {
    proxy.pass();
  }

  @Override
  public synchronized void stop() {
    proxy.refuse();
    if (server != null) {
      server.stop(0);
      server = null;
    }
  }

  @Override
  public synchronized void start() {
    if (server == null) {
      try {
        server = serve(port);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      proxy.pass();
    }
  }

  @Override
  public void close() {
    stop();
    proxy.close();
    threads.shutdownNow();
  }
}
