package dev.carillon.analytics;

import dev.carillon.http.Answer;
import dev.carillon.http.BaseUrl;
import dev.carillon.http.HttpAnswers;
import dev.carillon.http.RequestHeaders;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Turns calls into requests of one HTTP client, which is made at the first. One attempt each. */
final class Transport {

  private final BaseUrl base;
  private final Map<String, Supplier<String>> headers =
      new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final @Nullable SSLContext sslContext;
  private final Duration connectTimeout;
  private final Duration timeout;
  private final Threads threads;
  private volatile @Nullable HttpClient http;
  private volatile boolean closed;

  Transport(ClientSettings settings, Threads threads) {
    this.threads = threads;
    base = settings.baseUrl();
    timeout = settings.timeout();
    connectTimeout =
        settings.connectTimeout().compareTo(timeout) < 0 ? settings.connectTimeout() : timeout;
    sslContext = settings.sslContext();
    headers.put("Accept", () -> "application/json");
    String authorization = base.authorization();
    if (authorization != null) {
      headers.put("Authorization", () -> authorization);
    }
    headers.putAll(settings.headers());
  }

  /** What is being asked of whom, for messages. */
  String describe(Call call) {
    return call.method() + " " + base + call.path();
  }

  /**
   * Sends a call.
   *
   * @return a future of whatever is answered within the timeout, or of an {@link
   *     AnalyticsException}; cancelling it hangs up
   */
  CompletableFuture<Answer> send(Call call) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    try {
      CompletableFuture<Answer> received =
          HttpAnswers.send(client(), request(call), call.maxAnswerBytes());
      Future<?> alarm =
          threads.after(
              TimeUnit.NANOSECONDS.convert(timeout),
              () -> answer.completeExceptionally(noAnswer(call)));
      var unused =
          received.whenCompleteAsync(
              (value, error) -> {
                if (error == null) {
                  answer.complete(value);
                } else {
                  answer.completeExceptionally(networkError(call, error));
                }
              },
              threads);
      var unusedEnd =
          answer.whenComplete(
              (value, error) -> {
                alarm.cancel(false);
                if (error != null) {
                  received.cancel(true);
                }
              });
    } catch (RuntimeException e) {
      answer.completeExceptionally(AnalyticsException.of(e));
    }
    return answer;
  }

  private AnalyticsException noAnswer(Call call) {
    return AnalyticsException.unanswered(
        describe(call) + ": no answer within " + timeout, true, null);
  }

  private AnalyticsException networkError(Call call, Throwable error) {
    if (error instanceof IOException) {
      String what =
          describe(call) + (error instanceof ConnectException ? ": no connection: " : ": ");
      return AnalyticsException.unanswered(what + HttpAnswers.reasonOf(error), true, error);
    }
    return AnalyticsException.of(error);
  }

  private HttpRequest request(Call call) {
    HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(call.path()));
    headers.forEach((name, value) -> RequestHeaders.set(request, name, value.get()));
    if (call.isCompressed()) {
      request.setHeader("Content-Encoding", "gzip");
    }
    if (call.body().length == 0) {
      return request.method(call.method(), BodyPublishers.noBody()).build();
    }
    return request
        .setHeader("Content-Type", "application/json")
        .method(call.method(), BodyPublishers.ofByteArray(call.body()))
        .build();
  }

  private HttpClient client() {
    HttpClient current = http;
    return current != null ? current : createdClient();
  }

  private synchronized HttpClient createdClient() {
    HttpClient current = http;
    if (closed) {
      throw Requests.closedException();
    }
    if (current == null) {
      HttpClient.Builder builder =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(connectTimeout)
              .executor(threads);
      if (sslContext != null) {
        builder.sslContext(sslContext);
      }
      current = builder.build();
      http = current;
    }
    return current;
  }

  /** Lets go of the HTTP client; its one selector thread ends when it is collected. */
  synchronized void close() {
    closed = true;
    http = null;
  }
}
