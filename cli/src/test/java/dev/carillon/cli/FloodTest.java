package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.testkit.HubProcess;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two hundred senders of too much at once leave the hub's memory bounded and the hub well. */
@Timeout(180)
final class FloodTest {

  private static final int SENDERS = 200;
  private static final int MIB = 1 << 20;
  private static final long MOST_MIB = 1024;

  /** Answers that a flood may get; 0 for a connection that the hub cut. */
  private static final List<Integer> ALLOWED = List.of(0, 200, 400, 408, 413, 429, 503);

  @TempDir private Path folder;
  private HubProcess hub;

  @BeforeEach
  void start() {
    hub =
        HubProcess.start(bounded(HubJvm.options()), folder.resolve("data"), "--body-timeout", "3");
  }

  /** The options, with a bound on the heap where they leave that to the size of the machine. */
  private static List<String> bounded(List<String> options) {
    List<String> bounded = new ArrayList<>(List.of("-Xmx512m"));
    bounded.addAll(options);
    return bounded;
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  private static HttpRequest.Builder batch(URI hub) {
    return HttpRequest.newBuilder(hub.resolve("/api/v2.0/EventService/batch"))
        .timeout(Duration.ofSeconds(60))
        .header("Content-Type", "application/json");
  }

  /** Read as it is sent, so that two hundred of them are not copies in this process. */
  private static BodyPublisher streamed(byte[] body) {
    return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
  }

  private List<Integer> flood(HttpRequest request) {
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    return Stream.generate(() -> http.sendAsync(request, BodyHandlers.discarding()))
        .limit(SENDERS)
        .toList()
        .stream()
        .map(FloodTest::status)
        .toList();
  }

  private static int status(CompletableFuture<HttpResponse<Void>> answer) {
    return answer
        .handle(
            (response, error) -> {
              if (response != null) {
                return response.statusCode();
              }
              assertThat(error).rootCause().isInstanceOf(IOException.class);
              return 0;
            })
        .orTimeout(90, TimeUnit.SECONDS)
        .join();
  }

  private void assertWell() {
    String event = "{\"topic\":\"t\",\"subjects\":[],\"data\":{}}";
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              assertThat(Log.post(hub.http(), event).statusCode()).isEqualTo(200);
              assertThat(Log.get(hub.http(), "/health/ready").statusCode()).isEqualTo(200);
            });
    assertThat(HubJvm.peakResidentMib(hub.pid())).as("peak resident MiB").isLessThan(MOST_MIB);
  }

  @Test
  void largeBodies() {
    String event =
        "{\"topic\":\"t\",\"subjects\":[],\"data\":{\"x\":\"" + "x".repeat(MIB / 2) + "\"}}";
    String body = "[" + String.join(",", Collections.nCopies(24, event)) + "]";
    List<Integer> answers =
        flood(batch(hub.http()).POST(streamed(body.getBytes(StandardCharsets.UTF_8))).build());
    assertThat(answers).hasSize(SENDERS).isSubsetOf(ALLOWED);
    assertWell();
  }

  @Test
  void bodiesBeyondTheLimit() {
    byte[] body = new byte[32 * MIB];
    List<Integer> answers = flood(batch(hub.http()).POST(streamed(body)).build());
    assertThat(answers).hasSize(SENDERS).isSubsetOf(List.of(0, 408, 413, 503));
    assertWell();
  }

  @Test
  void gzipBombs() throws IOException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(bomb)) {
      byte[] block = new byte[MIB];
      for (int i = 0; i < 512; i++) {
        gzip.write(block);
      }
    }
    List<Integer> answers =
        flood(
            batch(hub.http())
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(bomb.toByteArray()))
                .build());
    assertThat(answers).hasSize(SENDERS).isSubsetOf(List.of(413, 503));
    assertWell();
  }

  @Test
  void slowSenders() throws IOException {
    List<Socket> senders = new ArrayList<>();
    try {
      for (int i = 0; i < SENDERS; i++) {
        Socket sender = new Socket(hub.http().getHost(), hub.http().getPort());
        sender.setSoTimeout(30_000);
        senders.add(sender);
        sender
            .getOutputStream()
            .write(
                ("POST /api/v2.0/EventService HTTP/1.1\r\nHost: x\r\n"
                        + "Content-Type: application/json\r\nContent-Length: 900000\r\n\r\n{\"a\"")
                    .getBytes(StandardCharsets.US_ASCII));
      }
      assertWell();
      for (Socket sender : senders) {
        byte[] answer = sender.getInputStream().readNBytes(12);
        assertThat(new String(answer, StandardCharsets.UTF_8)).startsWith("HTTP/1.1 408");
      }
    } finally {
      for (Socket sender : senders) {
        sender.close();
      }
    }
    assertWell();
  }
}
