package dev.carillon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
    return send(server.getAddress().getPort(), path);
  }

  private CompletableFuture<Answer> send(int port, String path) {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
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
    assertThat(answer.date()).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
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
  void hangsUpWhenCancelled() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    try (ServerSocket patient = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      threads.execute(() -> beginsToAnswer(patient, begun));
      CompletableFuture<Answer> answer = send(patient.getLocalPort(), "/");
      assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

      answer.cancel(true);

      assertThat(hungUp.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** Sends the first byte of many, and waits for the hang-up. */
  private void beginsToAnswer(ServerSocket patient, CountDownLatch begun) {
    try (Socket socket = patient.accept()) {
      InputStream in = socket.getInputStream();
      assertThat(in.read()).isPositive();
      socket
          .getOutputStream()
          .write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\na".getBytes(StandardCharsets.UTF_8));
      begun.countDown();
      in.transferTo(OutputStream.nullOutputStream());
      hungUp.countDown();
    } catch (IOException e) {
      hungUp.countDown();
    }
  }

  @Test
  void failsInWordsWhereNobodyAnswers() throws Exception {
    Throwable failure = send(1, "/").handle((answer, error) -> error).get();

    assertThat(failure).isInstanceOf(ConnectException.class);
    assertThat(HttpAnswers.reasonOf(failure)).isEqualTo("nobody answers there");
  }

  @Test
  void saysThatAHostIsNotKnown() {
    Throwable failure = new ConnectException().initCause(new UnresolvedAddressException());

    assertThat(HttpAnswers.reasonOf(failure)).isEqualTo("the host is not known");
    assertThat(HttpAnswers.reasonOf(new UnknownHostException("nowhere")))
        .isEqualTo("the host is not known");
  }
}
