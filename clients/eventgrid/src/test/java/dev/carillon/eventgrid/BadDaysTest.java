package dev.carillon.eventgrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventException;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import dev.carillon.resilience.RetryPolicy;
import dev.carillon.testkit.FaultProxy;
import dev.carillon.testkit.HubProcess;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the client says when the endpoint has a bad day. */
@Timeout(120)
final class BadDaysTest {

  @TempDir private Path folder;

  private static EventGridClientBuilder to(String endpoint) {
    return EventGridClient.builder()
        .config(EventGridConfig.of(new EventGridTopicConfig("t", endpoint)))
        .credential(EventGridCredential.sas(() -> Azure.sas(endpoint, 600)))
        .requestTimeout(Duration.ofSeconds(30));
  }

  private static EventException failure(EventGridClientBuilder builder) {
    try (EventGridClient client = builder.build()) {
      return catchThrowableOfType(
          EventException.class, () -> client.emitEvent("t", "type", "subject", null));
    }
  }

  @Test
  void anEndpointThatIsAwayIsWorthTryingAgain() {
    EventException failure = failure(to("http://127.0.0.1:1/t/api/events"));
    assertThat(failure).isInstanceOf(EventConnectionException.class);
    assertThat(failure.isRetryable()).isTrue();
    assertThat(failure.mayHaveArrived()).isFalse();
  }

  @Test
  void aKeyThatNoHeaderCarriesIsNotRepeated() {
    EventException failure =
        failure(
            to("https://127.0.0.1:1/t/api/events").credential(EventGridCredential.key("s3cret\n")));
    assertThat(failure).hasMessageContaining("header aeg-sas-key cannot be sent");
    assertThat(failure.mayHaveArrived()).isFalse();
    assertThat(Throwables.getStackTrace(failure)).doesNotContain("s3cret");
  }

  @Test
  void aCertificateThatIsNotTrustedIsSaidSo() throws Exception {
    try (HubProcess hub = HubProcess.start(folder.resolve("data"), "--api-key", Azure.KEY)) {
      String endpoint = Azure.https(hub, "t");
      EventException failure = failure(to(endpoint));
      assertThat(failure).hasMessageContaining("not trusted");
      assertThat(failure.isRetryable()).isFalse();
      assertThat(failure.mayHaveArrived()).isFalse();
      try (EventGridClient client =
          EventGridClient.builder()
              .config(EventGridConfig.of(new EventGridTopicConfig("t", endpoint)))
              .credential(EventGridCredential.key(Azure.KEY))
              .sslContext(HubProcess.trusting(folder.resolve("data")))
              .build()) {
        assertThat(client.emitEvent("t", "type", "subject", null).guarantee())
            .isEqualTo(Guarantee.STORED);
      }
      EventException wrongKey =
          failure(to(Azure.http(hub, "t")).credential(EventGridCredential.sas("r=1&e=2&s=3")));
      assertThat(wrongKey)
          .isInstanceOfSatisfying(
              EventGridHttpException.class,
              refused -> {
                assertThat(refused.status()).isEqualTo(401);
                assertThat(refused.code()).isEqualTo("Unauthorized");
                assertThat(refused.isRetryable()).isFalse();
              });
      survivesCutsAndSilence(hub);
    }
  }

  @Test
  void aTopicThatIsReplacedWaitsForNothingAtItsOldEndpoint() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    HttpServer well = answering(200, 0, "1", asked);
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        EventGridClient client =
            to("http://127.0.0.1:" + silent.getLocalPort() + "/t/api/events")
                .maxInFlight(1)
                .closeTimeout(Duration.ofMillis(200))
                .build()) {
      CompletableFuture<Receipt> stuck = client.emitEventAsync("t", "type", "subject", null);
      CompletableFuture<Receipt> behind = client.emitEventAsync("t", "type", "subject", null);
      client.replaceTopic(new EventGridTopicConfig("t", at(well)));
      assertThat(client.emitEvent("t", "type", "subject", null).guarantee())
          .isEqualTo(Guarantee.ACKNOWLEDGED);
      assertThat(List.of(stuck, behind))
          .extracting(receipt -> receipt.handle((is, error) -> EventException.of(error)).join())
          .allMatch(EventException::isRetryable)
          .extracting(EventException::mayHaveArrived)
          .containsExactly(true, false);
    } finally {
      well.stop(0);
    }
  }

  private static void survivesCutsAndSilence(HubProcess hub) {
    try (FaultProxy proxy = FaultProxy.before(hub.http().getPort())) {
      String endpoint = "http://127.0.0.1:" + proxy.port() + "/t/api/events";
      proxy.hang();
      EventException silence = failure(to(endpoint).requestTimeout(Duration.ofMillis(500)));
      assertThat(silence).isInstanceOf(EventTimeoutException.class);
      assertThat(silence.mayHaveArrived()).isTrue();
      proxy.cutAfter(100, Long.MAX_VALUE);
      EventException cut = failure(to(endpoint));
      assertThat(cut).isInstanceOf(EventConnectionException.class);
      assertThat(cut.isRetryable()).isTrue();
      proxy.pass();
      assertThat(failure(to(endpoint))).isNull();
    }
  }

  /** A topic that answers with one status until it has done so a few times, then with 200. */
  private static HttpServer answering(int status, int times, String retryAfter, AtomicInteger asked)
      throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] body =
        "{\"error\":{\"code\":\"Some\",\"message\":\"words\",\"details\":[]}}"
            .getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            if (asked.getAndIncrement() < times) {
              exchange.getResponseHeaders().set("Retry-After", retryAfter);
              exchange.sendResponseHeaders(status, body.length);
              exchange.getResponseBody().write(body);
            } else {
              exchange.sendResponseHeaders(200, -1);
            }
          }
        });
    server.start();
    return server;
  }

  private static String at(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/t/api/events";
  }

  @Test
  void asksOnceAndSaysWhetherAndWhenToAskAgain() throws Exception {
    for (int status : new int[] {400, 401, 403, 404, 413, 429, 500, 503}) {
      AtomicInteger asked = new AtomicInteger();
      HttpServer server = answering(status, 1, "1", asked);
      try {
        EventException failure = failure(to(at(server)));
        assertThat(failure)
            .isInstanceOfSatisfying(
                EventGridHttpException.class,
                refused -> {
                  assertThat(refused.status()).isEqualTo(status);
                  assertThat(refused.code()).isEqualTo("Some");
                  assertThat(refused.retryAfter()).contains(Duration.ofSeconds(1));
                  assertThat(refused.isRetryable()).isEqualTo(status == 429 || status >= 500);
                  assertThat(refused.mayHaveArrived()).isEqualTo(status >= 500);
                });
        assertThat(asked).as("requests answered with %d", status).hasValue(1);
      } finally {
        server.stop(0);
      }
    }
  }

  @Test
  void aCallbackMayCloseTheClient() throws Exception {
    HttpServer server = answering(200, 0, "1", new AtomicInteger());
    try (EventGridClient client =
        to(at(server)).maxInFlight(1).closeTimeout(Duration.ofMinutes(1)).build()) {
      List<CompletableFuture<Receipt>> sent = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        sent.add(client.emitEventAsync("t", "type", "subject", i));
      }
      assertThat(sent.get(0).thenRun(client::close)).succeedsWithin(Duration.ofSeconds(30));
      assertThat(sent).allMatch(CompletableFuture::isDone);
      assertThat(sent).noneMatch(CompletableFuture::isCompletedExceptionally);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void closeWaitsForTheRestOfAListToo() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          begun.countDown();
          exchange.getRequestBody().readAllBytes();
          awaitIn(gate);
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    EventGridClient client = to(at(server)).closeTimeout(Duration.ofSeconds(30)).build();
    try {
      TopicEvent large = TopicEvent.of("type", "subject", "x".repeat(400 << 10));
      CompletableFuture<List<Outcome>> list =
          client.emitEventsAsync("t", Collections.nCopies(7, large));
      awaitIn(begun);
      CompletableFuture<Void> closing = CompletableFuture.runAsync(client::close);
      await().atMost(Duration.ofSeconds(30)).until(() -> client.topics().isEmpty());
      gate.countDown();
      assertThat(closing).succeedsWithin(Duration.ofSeconds(30));
      assertThat(list)
          .succeedsWithin(Duration.ofSeconds(30))
          .satisfies(all -> assertThat(all).hasSize(7).allMatch(Outcome::isAccepted));
    } finally {
      gate.countDown();
      server.stop(0);
    }
  }

  private static void awaitIn(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void closingWaitsOnceForAllTopics() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String endpoint = "http://127.0.0.1:" + silent.getLocalPort() + "/t/api/events";
      List<String> topics = IntStream.range(0, 8).mapToObj(i -> "t" + i).toList();
      EventGridClient client = to(endpoint).closeTimeout(Duration.ofSeconds(1)).build();
      topics.forEach(topic -> client.addTopic(new EventGridTopicConfig(topic, endpoint)));
      List<CompletableFuture<Receipt>> sent =
          topics.stream()
              .map(topic -> client.emitEventAsync(topic, "type", "subject", null))
              .toList();
      long began = System.nanoTime();
      client.close();
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
      assertThat(sent).allMatch(CompletableFuture::isCompletedExceptionally);
    }
  }

  @Test
  void anErrorOfTheCallersOwnCodeFailsItsEventOnly() throws Exception {
    HttpServer server = answering(200, 0, "1", new AtomicInteger());
    AtomicInteger asked = new AtomicInteger();
    Supplier<String> tokens =
        () -> {
          if (asked.getAndIncrement() < 2) {
            throw new StackOverflowError();
          }
          return "token";
        };
    try (EventGridClient client =
        to(at(server)).credential(EventGridCredential.sas(tokens)).maxInFlight(1).build()) {
      assertThat(client.emitEventAsync("t", "type", "subject", 1))
          .failsWithin(Duration.ofSeconds(30));
      assertThat(client.emitEventsAsync("t", List.of(TopicEvent.of("type", "subject", 1))))
          .succeedsWithin(Duration.ofSeconds(30))
          .satisfies(outcomes -> assertThat(outcomes.get(0).isAccepted()).isFalse());
      assertThat(client.emitEventAsync("t", "type", "subject", 1))
          .succeedsWithin(Duration.ofSeconds(30));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void refusesJsonThatIsNotPlainUtf8() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    HttpServer server = answering(200, 0, "1", asked);
    try {
      for (EventGridSchema schema : EventGridSchema.values()) {
        EventGridTopicConfig topic = new EventGridTopicConfig("t", at(server)).withSchema(schema);
        try (EventGridClient client = to(at(server)).config(EventGridConfig.of(topic)).build()) {
          for (Charset charset : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE)) {
            CloudEvent event =
                CloudEventBuilder.v1()
                    .withId("1")
                    .withSource(URI.create("/s"))
                    .withType("t")
                    .withData("application/json", "{\"a\":1}".getBytes(charset))
                    .build();
            assertThat(client.sink("t").send(event))
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .withMessageContaining("UTF-8");
          }
        }
      }
      assertThat(asked).hasValue(0);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void readsRetryAfterDates() throws Exception {
    String inAnHour =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            ZonedDateTime.now(ZoneOffset.UTC).plus(Duration.ofHours(1)));
    HttpServer server = answering(503, 1, inAnHour, new AtomicInteger());
    try {
      assertThat(failure(to(at(server))).retryAfter().orElseThrow())
          .isBetween(Duration.ofMinutes(58), Duration.ofHours(1));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aTopicOfAnotherSchemaIsNotAskedAboutEachEvent() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    HttpServer server = answering(400, Integer.MAX_VALUE, "1", asked);
    try (EventGridClient client = to(at(server)).build()) {
      List<TopicEvent> events = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        events.add(TopicEvent.of("t", "s/" + i, i));
      }
      assertThat(client.emitEvents("t", events))
          .hasSameSizeAs(events)
          .allSatisfy(
              outcome ->
                  assertThat(((Outcome.Failed) outcome).error())
                      .isInstanceOfSatisfying(
                          EventGridHttpException.class,
                          refused -> assertThat(refused.status()).isEqualTo(400)));
      assertThat(asked).hasValueLessThan(60);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aRetryRepeatsWhatCanHelpAndNothingElse() throws Exception {
    RetryPolicy retry =
        RetryPolicy.builder().delay(Duration.ofMillis(10), Duration.ofMillis(50)).build();
    for (int status : new int[] {400, 401, 403, 429, 503}) {
      AtomicInteger asked = new AtomicInteger();
      HttpServer server = answering(status, 2, "1", asked);
      try {
        EventException failure = failure(to(at(server)).retry(retry));
        boolean helps = status > 403;
        assertThat(failure == null).as("whether %d ended well", status).isEqualTo(helps);
        assertThat(asked).as("requests answered with %d", status).hasValue(helps ? 3 : 1);
      } finally {
        server.stop(0);
      }
    }
  }
}
