package dev.carillon.hub.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A real receiver of webhooks, which passes the handshake and then answers as a test says. */
final class Webhooks implements AutoCloseable {

  /** What came in, one element a request. */
  record Call(Headers headers, JsonNode body) {
    String header(String name) {
      return String.valueOf(headers.getFirst(name));
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ObjectMapper mapper = new ObjectMapper();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private volatile Function<Call, Integer> script = call -> 200;
  private volatile boolean validates = true;
  private volatile String allowed = "*";
  private volatile String validationUrl = "";

  Webhooks() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
    server.setExecutor(threads);
    server.createContext("/hook", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook?secret=1";
  }

  void script(Function<Call, Integer> next) {
    script = next;
  }

  void allows(String origin) {
    allowed = origin;
  }

  void validates(boolean value) {
    validates = value;
  }

  String validationUrl() {
    return validationUrl;
  }

  List<Call> calls() {
    return calls;
  }

  List<String> ids() {
    return calls.stream()
        .flatMap(
            call ->
                call.body().isArray() ? call.body().valueStream() : List.of(call.body()).stream())
        .map(event -> event.path("id").asText())
        .toList();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (exchange.getRequestMethod().equals("OPTIONS")) {
        if (validates) {
          exchange.getResponseHeaders().set("WebHook-Allowed-Origin", allowed);
        }
        validationUrl = exchange.getRequestHeaders().getFirst("WebHook-Request-Callback");
        exchange.sendResponseHeaders(200, -1);
        return;
      }
      Call call = new Call(exchange.getRequestHeaders(), mapper.readTree(body));
      if (call.header("aeg-event-type").equals("SubscriptionValidation")) {
        JsonNode data = call.body().get(0).get("data");
        validationUrl = data.get("validationUrl").asText();
        String code = validates ? data.get("validationCode").asText() : "no";
        send(exchange, 200, "{\"validationResponse\":\"" + code + "\"}");
        return;
      }
      calls.add(call);
      int status = script.apply(call);
      if (status >= 300 && status < 400) {
        exchange.getResponseHeaders().set("Location", url());
      }
      send(exchange, status, "");
    }
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
