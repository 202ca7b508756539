package dev.carillon.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/** An event service that takes everything but events whose topic begins with {@code refused}. */
final class ScriptedService implements AutoCloseable {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final List<JsonNode> events = new CopyOnWriteArrayList<>();
  private final List<String> keys = new CopyOnWriteArrayList<>();
  private final String requiredKey;

  private ScriptedService(HttpServer server, String requiredKey) {
    this.server = server;
    this.requiredKey = requiredKey;
  }

  static ScriptedService start() throws IOException {
    return start("");
  }

  static ScriptedService start(String requiredKey) throws IOException {
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    ScriptedService service = new ScriptedService(HttpServer.create(free, 0), requiredKey);
    service.server.createContext("/api/v2.0/EventService", service::answer);
    service.server.setExecutor(service.threads);
    service.server.start();
    return service;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  List<JsonNode> events() {
    return events;
  }

  List<String> keys() {
    return keys;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String key = String.valueOf(exchange.getRequestHeaders().getFirst("X-Api-Key"));
      keys.add(key);
      JsonNode body = read(exchange);
      if (!requiredKey.isEmpty() && !requiredKey.equals(key)) {
        send(exchange, 401, JSON.createObjectNode().put("title", "Unauthorized"));
      } else if (exchange.getRequestURI().getPath().endsWith("/batch")) {
        ArrayNode answers = JSON.createArrayNode();
        body.forEach(event -> answers.add(take(event)));
        send(exchange, 200, answers);
      } else {
        ObjectNode answer = take(body);
        send(exchange, answer.has("errors") ? 400 : 200, answer);
      }
    }
  }

  private ObjectNode take(JsonNode event) {
    ObjectNode answer = JSON.createObjectNode();
    if (event.path("topic").asText().startsWith("refused")) {
      answer.putArray("errors").addObject().put("field", "topic").put("message", "is not wanted");
      return answer;
    }
    events.add(event);
    return answer
        .put("id", event.path("id").asText("made-here"))
        .put("createdDateUtc", "2026-10-13T07:00:00Z");
  }

  private static JsonNode read(HttpExchange exchange) throws IOException {
    boolean packed = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    try (InputStream raw = exchange.getRequestBody();
        InputStream in = packed ? new GZIPInputStream(raw) : raw) {
      return JSON.readTree(in.readAllBytes());
    }
  }

  private static void send(HttpExchange exchange, int status, JsonNode body) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(body);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
