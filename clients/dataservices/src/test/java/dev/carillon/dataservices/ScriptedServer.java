package dev.carillon.dataservices;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** A real HTTP server that answers as a test says and keeps what it was asked. */
final class ScriptedServer implements AutoCloseable {

  static {
    // else each answer waits 40 ms for the client's delayed acknowledgement of its head
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  /** What came in. */
  record Request(String method, String path, Headers headers, String body, int connection) {
    @Nullable String header(String name) {
      return headers.getFirst(name);
    }
  }

  /** What goes out. */
  record Reply(int status, Map<String, String> headers, String body) {
    static Reply of(int status, String body) {
      return new Reply(status, Map.of("Content-Type", "application/json"), body);
    }

    Reply with(String name, String value) {
      var more = new java.util.HashMap<>(headers);
      more.put(name, value);
      return new Reply(status, more, body);
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile Function<Request, Reply> script;

  ScriptedServer(Function<Request, Reply> script) throws IOException {
    this.script = script;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  static ScriptedServer answering(Reply reply) throws IOException {
    return new ScriptedServer(request -> reply);
  }

  /** Confirms every event with an id of its own making. */
  static ScriptedServer confirming() throws IOException {
    return answering(Reply.of(200, "{\"id\":\"e-1\",\"createdDateUtc\":\"2026-11-01T00:00:00Z\"}"));
  }

  void script(Function<Request, Reply> next) {
    script = next;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  List<Request> requests() {
    return requests;
  }

  Request only() {
    if (requests.size() != 1) {
      throw new AssertionError("not one request: " + requests);
    }
    return requests.get(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
        body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
      }
      Request request =
          new Request(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              exchange.getRequestHeaders(),
              new String(body, StandardCharsets.UTF_8),
              exchange.getRemoteAddress().getPort());
      requests.add(request);
      Reply reply = script.apply(request);
      reply.headers().forEach(exchange.getResponseHeaders()::set);
      byte[] answer = reply.body().getBytes(StandardCharsets.ISO_8859_1);
      exchange.sendResponseHeaders(reply.status(), answer.length == 0 ? -1 : answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
