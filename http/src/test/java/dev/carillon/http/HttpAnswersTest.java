package dev.carillon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpAnswersTest {

  private static final int BOUND = 100_000;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch hungUp = new CountDownLatch(1);
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/sized", HttpAnswersTest::sized);
    server.createContext("/endless", this::endless);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private CompletableFuture<Answer> send(String path) {
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    return HttpAnswers.send(client, HttpRequest.newBuilder(uri).build(), BOUND);
  }

  /** Answers with as many bytes as the query says. */
  private static void sized(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = bytes(Integer.parseInt(exchange.getRequestURI().getQuery()));
      exchange.getResponseHeaders().set("X-Kind", "sized");
      exchange.sendResponseHeaders(404, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) ('a' + i % 26);
    }
    return bytes;
  }

  private void endless(HttpExchange exchange) {
    try (exchange) {
      exchange.sendResponseHeaders(200, 0);
      while (true) {
        exchange.getResponseBody().write(bytes(1 << 10));
      }
    } catch (IOException e) {
      hungUp.countDown();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 70_000, BOUND - 1, BOUND, BOUND + 1, 3 * BOUND})
  void keepsAnAnswerUpToItsBound(int size) throws Exception {
    Answer answer = send("/sized?" + size).get();

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.isSuccess()).isFalse();
    assertThat(answer.header("x-kind")).isEqualTo("sized");
    assertThat(answer.header("x-other")).isNull();
    assertThat(answer.body()).isEqualTo(bytes(Math.min(size, BOUND)));
    assertThat(answer.cut()).isEqualTo(size > BOUND);
    assertThat(answer.text().getBytes(StandardCharsets.UTF_8))
        .isEqualTo(Arrays.copyOf(answer.body(), Math.min(answer.body().length, 64 << 10)));
    assertThat(answer.roundTripNanos()).isPositive();
  }

  @Test
  void hangsUpOnAnAnswerThatNeverEnds() throws Exception {
    Answer answer = send("/endless").get();

    assertThat(answer.isSuccess()).isTrue();
    assertThat(answer.cut()).isTrue();
    assertThat(answer.body()).hasSize(BOUND);
    assertThat(hungUp.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void failsInWordsWhereNobodyAnswers() {
    server.stop(0);

    assertThatThrownBy(() -> send("/sized").get())
        .cause()
        .satisfies(
            error -> assertThat(HttpAnswers.reasonOf(error)).isEqualTo("nobody answers there"));
  }
}
