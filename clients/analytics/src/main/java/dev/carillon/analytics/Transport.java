package dev.carillon.analytics;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
      headers.put("Authorization", fixed("Authorization", authorization));
    }
    headers.putAll(settings.headers());
  }

  /**
   * A header whose value does not change.
   *
   * @throws IllegalArgumentException without the value, if it cannot be sent
   */
  static Supplier<String> fixed(String name, String value) {
    set(HttpRequest.newBuilder(), name, value);
    return () -> value;
  }

  private static void set(HttpRequest.Builder request, String name, String value) {
    try {
      request.setHeader(name, value);
    } catch (IllegalArgumentException | NullPointerException e) {
      // its message and its cause would print the value
      throw new IllegalArgumentException("header " + name + " cannot be sent");
    }
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
      CompletableFuture<Answer> received = received(call);
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

  /**
   * What comes of a request, completed on a thread of the HTTP client, which is not to be held up:
   * the JDK completes its own future on the common pool, which an application may fill. Cancelling
   * it hangs up.
   */
  private CompletableFuture<Answer> received(Call call) {
    CompletableFuture<Answer> received = new CompletableFuture<>();
    var sent =
        client()
            .sendAsync(
                request(call),
                info -> {
                  BoundedBody body = new BoundedBody(info, call.maxAnswerBytes());
                  var unused =
                      body.getBody()
                          .whenComplete((answer, error) -> settle(received, answer, error));
                  return body;
                });
    var unusedFailure =
        sent.whenComplete(
            (response, error) -> {
              if (error != null) {
                settle(received, null, error);
              }
            });
    var unusedEnd =
        received.whenComplete(
            (value, error) -> {
              if (error != null) {
                sent.cancel(true);
              }
            });
    return received;
  }

  private static void settle(
      CompletableFuture<Answer> received, @Nullable Answer answer, @Nullable Throwable error) {
    if (error == null) {
      received.complete(answer);
    } else {
      received.completeExceptionally(error);
    }
  }

  private AnalyticsException noAnswer(Call call) {
    return AnalyticsException.unanswered(
        describe(call) + ": no answer within " + timeout, true, null);
  }

  private AnalyticsException networkError(Call call, @Nullable Throwable thrown) {
    Throwable error =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (error instanceof IOException) {
      return AnalyticsException.unanswered(describe(call) + ": " + reason(error), true, error);
    }
    return AnalyticsException.of(error == null ? new IllegalStateException("no answer") : error);
  }

  /** In words, which the JDK's client lacks for the two commonest. */
  private static String reason(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return "no connection: the host is not known";
      }
    }
    return error instanceof ConnectException && error.getMessage() == null
        ? "no connection: nobody answers there"
        : error.toString();
  }

  private HttpRequest request(Call call) {
    HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(call.path()));
    headers.forEach((name, value) -> set(request, name, value.get()));
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
