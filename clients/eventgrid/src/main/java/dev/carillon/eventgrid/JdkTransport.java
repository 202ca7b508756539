package dev.carillon.eventgrid;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeader;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.BinaryData;
import dev.carillon.core.EventException;
import dev.carillon.http.HttpAnswers;
import dev.carillon.http.RequestHeaders;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import reactor.core.publisher.Mono;

/**
 * Lets Azure's SDK send through the JDK's HTTP client, the caller's own where there is one. Azure's
 * adapter to it would do as well, but warns at every request that the JDK sets the length itself.
 */
final class JdkTransport implements HttpClient {

  private static final int MAX_ANSWER = 64 << 10;

  /** What the JDK sets itself. */
  private static final Set<String> SET_BY_JDK =
      Set.of("connection", "content-length", "expect", "host", "upgrade");

  private final java.net.http.HttpClient client;
  private final Duration timeout;

  JdkTransport(java.net.http.HttpClient client, Duration timeout) {
    this.client = client;
    this.timeout = timeout;
  }

  @Override
  public Mono<HttpResponse> send(HttpRequest request) {
    return Mono.defer(
        () -> {
          java.net.http.HttpRequest sent = sendable(request);
          return Mono.fromFuture(() -> HttpAnswers.send(client, sent, MAX_ANSWER))
              .map(answer -> new JdkAnswer(request, answer));
        });
  }

  private java.net.http.HttpRequest sendable(HttpRequest request) {
    try {
      return translated(request);
    } catch (RuntimeException e) {
      throw EventException.unsent(e);
    }
  }

  private java.net.http.HttpRequest translated(HttpRequest request) {
    BinaryData body = request.getBodyAsBinaryData();
    java.net.http.HttpRequest.Builder sent =
        java.net.http.HttpRequest.newBuilder(URI.create(request.getUrl().toString()))
            .timeout(timeout)
            .method(
                request.getHttpMethod().toString(),
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(body.toBytes()));
    for (HttpHeader header : request.getHeaders()) {
      if (!SET_BY_JDK.contains(header.getName().toLowerCase(Locale.ROOT))) {
        RequestHeaders.set(sent, header.getName(), header.getValue());
      }
    }
    return sent.build();
  }
}
