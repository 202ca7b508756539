package dev.carillon.testkit;

import static java.util.concurrent.CompletableFuture.supplyAsync;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.carillon.core.Capabilities;
import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventException;
import dev.carillon.core.EventSink;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import dev.carillon.core.SinkClosedException;
import dev.carillon.core.SinkFullException;
import io.cloudevents.CloudEvent;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A plain sink over HTTP that keeps the contract, so that the kit can be tried on it. */
final class HttpSink implements EventSink {

  private static final int MOST_UNDER_WAY = 1000;

  /**
   * So many connections at most: the JDK's server drops idle ones beyond 200 while they are used.
   */
  private static final int CONNECTIONS = 64;

  private static final int MAX_EVENT_BYTES = 64 * 1024;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http;
  private final URI uri;
  private final Map<Long, CompletableFuture<Receipt>> underWay = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
  private final AtomicLong sends = new AtomicLong();
  private volatile boolean closed;

  HttpSink(HttpClient http, URI uri) {
    this.http = http;
    this.uri = uri;
  }

  @Override
  public CompletableFuture<Receipt> send(@Nullable CloudEvent event) {
    if (event == null) {
      return CompletableFuture.failedFuture(new EventValidationException("event", "is null"));
    }
    if (closed) {
      return CompletableFuture.failedFuture(new SinkClosedException("closed", false));
    }
    if (underWay.size() >= MOST_UNDER_WAY) {
      return CompletableFuture.failedFuture(
          new SinkFullException(MOST_UNDER_WAY + " events are under way"));
    }
    byte[] data;
    try {
      data = Objects.requireNonNull(event.getData()).toBytes();
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(EventException.unsent(e));
    }
    if (data.length > MAX_EVENT_BYTES) {
      return CompletableFuture.failedFuture(new EventValidationException("data", "is too large"));
    }
    CompletableFuture<Receipt> result = post(event, data);
    Long number = sends.getAndIncrement();
    underWay.put(number, result);
    var unused = result.whenComplete((receipt, error) -> underWay.remove(number));
    return result;
  }

  private CompletableFuture<Receipt> post(CloudEvent event, byte[] data) {
    try {
      ArrayNode body = JSON.createArrayNode();
      body.addObject()
          .put("id", event.getId())
          .put("type", event.getType())
          .put("source", event.getSource().toString())
          .put("subject", event.getSubject())
          .set("data", JSON.readTree(data));
      HttpRequest request =
          HttpRequest.newBuilder(uri)
              .timeout(Duration.ofSeconds(2))
              .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
              .build();
      return supplyAsync(() -> exchange(request), threads)
          .handle(
              (response, error) -> {
                if (error != null) {
                  throw failure(error);
                }
                return new Receipt(event.getId(), Guarantee.ACKNOWLEDGED, Instant.now());
              });
    } catch (IOException e) {
      return CompletableFuture.failedFuture(new EventValidationException("data", "is not JSON"));
    }
  }

  private HttpResponse<Void> exchange(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding());
    } catch (IOException e) {
      throw new CompletionException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }

  private static EventException failure(Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    if (cause instanceof ConnectException) {
      return new EventConnectionException("refused", false, cause);
    }
    if (cause instanceof HttpTimeoutException) {
      return new EventTimeoutException("no answer", true, cause);
    }
    return new EventConnectionException("broken", true, cause);
  }

  @Override
  public CompletableFuture<List<Outcome>> sendAll(@Nullable List<CloudEvent> events) {
    if (events == null) {
      return CompletableFuture.failedFuture(new EventValidationException("events", "is null"));
    }
    List<CompletableFuture<Outcome>> sent =
        events.stream()
            .map(
                event ->
                    send(event)
                        .handle((receipt, error) -> Outcome.of(event.getId(), receipt, error)))
            .toList();
    return CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new))
        .thenApply(done -> sent.stream().map(CompletableFuture::join).toList());
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(Guarantee.ACKNOWLEDGED, false, 1, MAX_EVENT_BYTES);
  }

  @Override
  public void close() {
    closed = true;
    List<CompletableFuture<Receipt>> last = List.copyOf(underWay.values());
    CompletableFuture.allOf(last.toArray(CompletableFuture[]::new))
        .completeOnTimeout(null, 1, TimeUnit.SECONDS)
        .exceptionally(error -> null)
        .join();
    last.forEach(
        open -> open.completeExceptionally(new SinkClosedException("closed under way", true)));
    threads.shutdownNow();
  }
}
