package dev.carillon.analytics;

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
import java.util.Objects;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
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
  record Request(String method, String path, Headers headers, String body) {
    @Nullable String header(String name) {
      return headers.getFirst(name);
    }

    boolean isGzip() {
      return "gzip".equals(header("Content-Encoding"));
    }

    String line() {
      return method + " " + path;
    }

    Map<String, @Nullable Object> json() {
      return ConversationMetadata.asObject(Objects.requireNonNull(parsed()));
    }

    List<Map<String, @Nullable Object>> entries() {
      return ((List<?>) Objects.requireNonNull(parsed()))
          .stream()
              .map(entry -> ConversationMetadata.asObject(Objects.requireNonNull(entry)))
              .toList();
    }

    private @Nullable Object parsed() {
      try {
        return Json.read(body);
      } catch (IOException e) {
        throw new AssertionError(body, e);
      }
    }
  }

  /** What goes out. */
  record Reply(int status, Map<String, String> headers, String body) {
    static Reply of(int status, String body) {
      return new Reply(status, Map.of("Content-Type", "application/json"), body);
    }

    static Reply ok(String data) {
      return of(200, "{\"success\":true,\"data\":" + data + "}");
    }

    static Reply refusal(int status, String error) {
      return of(status, "{\"success\":false,\"error\":\"" + error + "\"}");
    }

    static Reply accepted(@Nullable Object id) {
      return of(
          202,
          "{\"success\":true,\"message\":\"accepted for processing\",\"data\":{\"id\":\""
              + id
              + "\"}}");
    }

    Reply with(String name, String value) {
      var more = new TreeMap<>(headers);
      more.put(name, value);
      return new Reply(status, more, body);
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile Function<Request, Reply> script;

  ScriptedServer(Function<Request, Reply> script) {
    this.script = script;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  static ScriptedServer answering(Reply reply) {
    return new ScriptedServer(request -> reply);
  }

  /** Answers with these one after another, and with the last ever after. */
  static ScriptedServer answeringInTurn(Reply... replies) {
    var left = new java.util.concurrent.ConcurrentLinkedDeque<>(List.of(replies));
    return new ScriptedServer(
        request -> left.size() > 1 ? left.remove() : Objects.requireNonNull(left.peek()));
  }

  /** Accepts everything, as the hub does. */
  static ScriptedServer accepting() {
    return new ScriptedServer(ScriptedServer::accept);
  }

  static Reply accept(Request request) {
    if (request.path().endsWith("/event/batch")) {
      StringJoiner entries = new StringJoiner(",", "[", "]");
      request.entries().forEach(entry -> entries.add("{\"id\":\"" + entry.get("id") + "\"}"));
      return Reply.of(202, "{\"success\":true,\"data\":" + entries + "}");
    }
    if (request.method().equals("POST")) {
      return Reply.accepted(request.json().get("id"));
    }
    return Reply.accepted(request.path().substring(request.path().lastIndexOf('/') + 1));
  }

  /** Holds an answer back, as a script may do. */
  static void holdUntil(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void script(Function<Request, Reply> next) {
    script = next;
  }

  int port() {
    return server.getAddress().getPort();
  }

  String url() {
    return "http://127.0.0.1:" + port();
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
              new String(body, StandardCharsets.UTF_8));
      requests.add(request);
      Reply reply = script.apply(request);
      reply.headers().forEach(exchange.getResponseHeaders()::set);
      byte[] answer = reply.body().getBytes(StandardCharsets.UTF_8);
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
