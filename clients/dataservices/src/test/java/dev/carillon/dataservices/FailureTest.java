package dev.carillon.dataservices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventException;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.core.EventValidationException.Violation;
import dev.carillon.core.SinkClosedException;
import dev.carillon.dataservices.ScriptedServer.Reply;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class FailureTest {

  private static final EventMessage EVENT = PublishingTest.sampleProcessed();
  private static final String EMPTY_503 =
      "HTTP/1.1 503 x\r\nContent-Length: 0\r\nRetry-After: %s\r\n\r\n";
  private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

  private static EventClientBuilder quick(String url) {
    return EventClient.builder()
        .url(url)
        .requestTimeout(Duration.ofMillis(400))
        .closeTimeout(Duration.ofMillis(200));
  }

  private static EventException failure(EventClient client) {
    return catchThrowableOfType(
        EventException.class,
        () -> {
          try {
            client.publishAsync(EVENT).get(10, TimeUnit.SECONDS);
          } catch (java.util.concurrent.ExecutionException e) {
            throw EventException.of(e);
          }
        });
  }

  @ParameterizedTest
  @CsvSource({
    "302,false,false", "400,false,false", "401,false,false", "403,false,false", "404,false,false",
    "408,true,false", "409,false,false", "413,false,false", "415,false,false", "429,true,false",
    "500,true,true", "501,false,false", "502,true,true", "503,true,true", "504,true,true",
    "505,false,false", "599,false,true"
  })
  void saysWhatAStatusMeans(int status, boolean retryable, boolean mayHaveArrived)
      throws Exception {
    try (var server = ScriptedServer.answering(Reply.of(status, "no"));
        var client = EventClient.of(server.url())) {
      EventHttpException failure =
          catchThrowableOfType(EventHttpException.class, () -> client.publishEvent(EVENT));
      assertThat(failure.status()).isEqualTo(status);
      assertThat(failure.body()).isEqualTo("no");
      assertThat(failure.problem()).isEmpty();
      assertThat(failure.isRetryable()).isEqualTo(retryable);
      assertThat(failure.mayHaveArrived()).isEqualTo(mayHaveArrived);
      assertThat(failure.retryAfter()).isEmpty();
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void showsWhoWaited() throws Exception {
    try (var server = ScriptedServer.answering(Reply.of(500, "no"));
        var client = EventClient.of(server.url())) {
      assertThatThrownBy(() -> client.publishEvent(EVENT))
          .satisfies(
              failure ->
                  assertThat(failure.getSuppressed()[0].getStackTrace())
                      .extracting(StackTraceElement::getClassName)
                      .contains(FailureTest.class.getName()));
    }
  }

  @Test
  void readsProblemDetails() throws Exception {
    Reply reply =
        Reply.of(
                400,
                """
                {"type":"about:blank","title":"Bad Request","status":400,"detail":"2 fields",
                 "instance":"/x","errors":[{"field":"topic","message":"must not be blank"},
                 {"field":"data","message":"is missing"}]}""")
            .with("Content-Type", "application/problem+json; charset=utf-8");
    try (var server = ScriptedServer.answering(reply);
        var client = EventClient.of(server.url())) {
      EventHttpException failure = (EventHttpException) failure(client);
      assertThat(failure.problem())
          .contains(
              new ProblemDetails(
                  "about:blank",
                  "Bad Request",
                  400,
                  "2 fields",
                  "/x",
                  List.of(
                      new Violation("topic", "must not be blank"),
                      new Violation("data", "is missing"))));
      assertThat(failure).hasMessageContaining("topic: must not be blank");
    }
  }

  @Test
  void readsAspNetsProblemDetails() throws Exception {
    Reply reply =
        Reply.of(400, "{\"title\":\"One or more\",\"errors\":{\"Topic\":[\"is required\"]}}")
            .with("Content-Type", "application/problem+json");
    try (var server = ScriptedServer.answering(reply);
        var client = EventClient.of(server.url())) {
      assertThat(((EventHttpException) failure(client)).problem().orElseThrow().errors())
          .containsExactly(new Violation("Topic", "is required"));
    }
  }

  @Test
  void comparesRetryAfterDatesWithItsClock() throws Exception {
    Clock clock = Clock.fixed(Instant.parse("2026-11-01T00:00:00Z"), ZoneOffset.UTC);
    try (var peer = RawPeer.sending(EMPTY_503.formatted("Sun, 01 Nov 2026 00:01:00 GMT"));
        var client = EventClient.builder().url(peer.url()).clock(clock).build()) {
      assertThat(failure(client).retryAfter()).contains(Duration.ofMinutes(1));
    }
  }

  @Test
  void takesRetryAfterDatesRelativeToTheServersOwn() throws Exception {
    String retryAt = "Sun, 01 Nov 2020 00:00:05 GMT\r\nDate: Sun, 01 Nov 2020 00:00:00 GMT";
    try (var peer = RawPeer.sending(EMPTY_503.formatted(retryAt));
        var client = EventClient.of(peer.url())) {
      assertThat(failure(client).retryAfter()).contains(Duration.ofSeconds(5));
    }
  }

  @Test
  void knowsThatNothingArrivedWithoutAConnection() throws Exception {
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    try (var client = quick("http://u:topsecret@127.0.0.1:" + port).build();
        var unknown = EventClient.of("http://no-such-host.invalid")) {
      EventException refused = failure(client);
      assertThat(refused).isInstanceOf(EventConnectionException.class);
      assertThat(refused.mayHaveArrived()).isFalse();
      assertThat(refused.isRetryable()).isTrue();
      assertThat(refused.toString()).doesNotContain("topsecret");
      EventException unresolved = failure(unknown);
      assertThat(unresolved).isInstanceOf(EventConnectionException.class);
      assertThat(unresolved.mayHaveArrived()).isFalse();
    }
  }

  @Test
  void failsWithoutABaseUrl() {
    try (var client =
        EventClient.of(
            () -> {
              throw new IllegalStateException("not known yet");
            })) {
      EventException failure = failure(client);
      assertThat(failure).isInstanceOf(EventConnectionException.class);
      assertThat(failure.mayHaveArrived()).isFalse();
    }
  }

  @Test
  void failsManyAtOnceWithoutABaseUrl() throws Exception {
    try (var client = EventClient.builder().urlProvider(() -> "ftp://x").maxInFlight(1).build()) {
      for (var sent :
          java.util.stream.IntStream.range(0, 10_000)
              .mapToObj(i -> client.publishAsync(EVENT))
              .toList()) {
        assertThat(sent).failsWithin(Duration.ofSeconds(10));
      }
    }
  }

  @Test
  void connectTimeoutMeansNothingArrived() {
    // TEST-NET-1 of RFC 5737 is routed nowhere; a network that answers at once is refused instead
    try (var client =
        EventClient.builder()
            .url("http://192.0.2.1:81")
            .connectTimeout(Duration.ofMillis(200))
            .build()) {
      EventException failure = failure(client);
      assertThat(failure)
          .isInstanceOfAny(EventTimeoutException.class, EventConnectionException.class);
      assertThat(failure.mayHaveArrived()).isFalse();
      assertThat(failure.isRetryable()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200",
        HEAD + "Content-Length: 100\r\n\r\n{\"id\":",
        HEAD + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"id\""
      })
  void boundsAnAnswerThatHangs(String begun) throws Exception {
    try (var peer = RawPeer.sending(begun);
        var client = quick(peer.url()).build()) {
      EventException failure = failure(client);
      assertThat(failure).isInstanceOf(EventTimeoutException.class);
      assertThat(failure.mayHaveArrived()).isTrue();
      assertThat(failure.isRetryable()).isTrue();
      Awaitility.await().until(() -> peer.hangUps() == 1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200",
        HEAD + "Content-Length: 100\r\n\r\n{\"id\":",
        HEAD + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"",
        "SSH-2.0-OpenSSH\r\n\r\n",
        "HTTP/1.1 abc\r\n\r\n"
      })
  void aConnectionCutMidwayMayHaveDelivered(String begun) throws Exception {
    try (var peer =
            new RawPeer(
                (connection, out) -> {
                  RawPeer.write(out, begun);
                  connection.shutdownOutput();
                });
        var client = quick(peer.url()).build()) {
      EventException failure = failure(client);
      assertThat(failure).isInstanceOf(EventConnectionException.class);
      assertThat(failure.mayHaveArrived()).isTrue();
      assertThat(failure.isRetryable()).isTrue();
    }
  }

  @Test
  void hangsUpOnAnAnswerWithoutEnd() throws Exception {
    String block = "x".repeat(8192);
    try (var peer =
            new RawPeer(
                (connection, out) -> {
                  RawPeer.write(out, HEAD + "Content-Length: 9999999999\r\n\r\n");
                  while (!connection.isClosed()) {
                    RawPeer.write(out, block);
                  }
                });
        var client = EventClient.of(peer.url())) {
      assertThat(client.publishEvent(EVENT).body()).hasSize(1 << 20);
      Awaitility.await().until(() -> peer.hangUps() == 1);
    }
  }

  @Test
  void failsThroughTheFutureWhenTheCallersHttpClientFails() throws Exception {
    try (var server = ScriptedServer.confirming()) {
      HttpClient noThreads =
          HttpClient.newBuilder()
              .executor(
                  task -> {
                    throw new java.util.concurrent.RejectedExecutionException("full");
                  })
              .build();
      try (var client =
          EventClient.builder()
              .httpClient(new ConfiguredHttpClient(noThreads, server::url, Map.of()))
              .requestTimeout(Duration.ofMillis(300))
              .closeTimeout(Duration.ofMillis(100))
              .build()) {
        assertThat(failure(client)).isNotInstanceOf(SinkClosedException.class);
      }
    }
  }
}
