package dev.carillon.dataservices;

import dev.carillon.core.EventConnectionException;
import dev.carillon.core.SinkClosedException;
import dev.carillon.http.Answer;
import dev.carillon.http.BaseUrl;
import dev.carillon.http.HttpAnswers;
import dev.carillon.http.RequestHeaders;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns calls into HTTP requests of one HTTP client, made at the first request or the caller's. */
final class Transport {

  private static final Logger log = LoggerFactory.getLogger(Transport.class);

  private final Supplier<String> baseUrl;
  private final Map<String, Supplier<String>> headers =
      new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Duration connectTimeout;
  private final @Nullable ThreadPoolExecutor workers;
  private volatile @Nullable HttpClient http;
  private volatile @Nullable Endpoint endpoint;
  private volatile boolean closed;

  Transport(ClientSettings settings) {
    baseUrl = settings.baseUrl();
    connectTimeout = // in what the HTTP client can count
        Duration.ofNanos(
            Math.min(
                Requests.nanos(settings.connectTimeout()),
                Requests.nanos(settings.requestTimeout())));
    http = settings.httpClient();
    workers = http == null ? WorkerThreads.newPool() : null;
    headers.put("Content-Type", () -> HttpClientHelper.JSON);
    headers.put("Accept", () -> HttpClientHelper.JSON);
    headers.putAll(settings.headers());
  }

  /** The base URL of the latest request and the URI of the one path that nearly all take. */
  private record Endpoint(String text, BaseUrl base, URI events) {}

  /**
   * Sends a call.
   *
   * @return a future of the answer, completed on a thread of the HTTP client, which is not to be
   *     held up; cancelling it hangs up
   * @throws RuntimeException if it cannot even be begun
   */
  CompletableFuture<Answer> send(Call call) {
    HttpRequest request = request(call);
    return HttpAnswers.send(client(), request, call.maxAnswerBytes());
  }

  private HttpRequest request(Call call) {
    Endpoint current = endpoint();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
            call.path().equals(Call.EVENTS) ? current.events : current.base.resolve(call.path()));
    headers.forEach((name, value) -> RequestHeaders.set(request, name, value.get()));
    String authorization = current.base.authorization();
    if (authorization != null && !headers.containsKey("Authorization")) {
      request.setHeader("Authorization", authorization);
    }
    if (call.isCompressed()) {
      request.setHeader("Content-Encoding", "gzip");
    }
    if (call.wantsCompressedAnswer()) {
      request.setHeader("Accept-Encoding", "gzip");
    }
    String traceparent = call.traceparent();
    if (traceparent != null) {
      request.setHeader("traceparent", traceparent);
    }
    return call.method().equals("GET")
        ? request.GET().build()
        : request.POST(BodyPublishers.ofByteArray(call.body())).build();
  }

  private Endpoint endpoint() {
    Endpoint latest = endpoint;
    try {
      String text = baseUrl.get();
      if (latest == null || !latest.text.equals(text)) {
        BaseUrl base = BaseUrl.of(text);
        latest = new Endpoint(text, base, base.resolve(Call.EVENTS));
        endpoint = latest;
      }
      return latest;
    } catch (RuntimeException e) {
      throw new EventConnectionException("no base URL to send to: " + e.getMessage(), false, e);
    }
  }

  private HttpClient client() {
    HttpClient current = http;
    return current != null ? current : createdClient();
  }

  private synchronized HttpClient createdClient() {
    HttpClient current = http;
    if (closed || workers == null) {
      throw closedException();
    }
    if (current == null) {
      current =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(connectTimeout)
              .executor(workers)
              .build();
      http = current;
    }
    return current;
  }

  static SinkClosedException closedException() {
    return new SinkClosedException("the event client is closed", false);
  }

  /**
   * Where requests go, for messages: without credentials, and without asking the provider; empty
   * before the first request.
   */
  String display() {
    Endpoint latest = endpoint;
    return latest == null ? "" : latest.base.toString();
  }

  /**
   * Frees the HTTP client if it was made here. Before JDK 21 that means letting go of it: its one
   * selector thread ends when it is collected.
   */
  synchronized void close() {
    closed = true;
    HttpClient current = http;
    http = null;
    if (workers == null) {
      return;
    }
    if (current instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        log.warn("the HTTP client did not close", e);
      }
    }
    workers.shutdown();
  }
}
