package dev.carillon.hub.eventgrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.carillon.hub.store.EmbeddedEventLog;
import dev.carillon.hub.store.LogEntry;
import dev.carillon.hub.store.LogUnavailableException;
import dev.carillon.hub.store.Page;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a subscription follows the log: a real one, and a real webhook. */
@Timeout(60)
class FollowingTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String GREATER_THAN_ONE =
      ",\"filter\":{\"advancedFilters\":"
          + "[{\"operatorType\":\"NumberGreaterThan\",\"key\":\"data.n\",\"value\":1}]}";

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> arrived = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final CountDownLatch open = new CountDownLatch(1);
  private volatile Duration ahead = Duration.ZERO;
  private volatile int status = 200;
  private volatile String validationCode = "";
  private final InstantSource clock = () -> Instant.now().plus(ahead);
  private ObservedLog log;
  private Subscriptions subscriptions;
  private HttpServer webhook;

  @BeforeEach
  void start() throws Exception {
    webhook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    webhook.setExecutor(threads);
    webhook.createContext("/", this::answer);
    webhook.start();
    log =
        new ObservedLog(
            EmbeddedEventLog.open(
                folder.resolve("log"), EmbeddedEventLog.Settings.ofDefaults(), Clock.systemUTC()));
    follow(folder.resolve("kept"), true, 1);
    subscriptions.put("following", request(endpoint(), "")).await();
  }

  private void follow(Path kept, boolean privateTargets, double timeScale) throws IOException {
    EventGridSettings.Bearer nobody = new EventGridSettings.Bearer(null, null, "us", null);
    EventGridSettings settings =
        new EventGridSettings(null, null, null, null, nobody, null, privateTargets, timeScale);
    subscriptions = Subscriptions.of(vertx, log, settings, kept, clock);
    subscriptions.start(URI.create("http://127.0.0.1:1"));
  }

  @AfterEach
  void stop() {
    open.countDown();
    subscriptions.close();
    vertx.close().await();
    log.close();
    webhook.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      JsonNode event = new ObjectMapper().readTree(text).get(0);
      JsonNode code = event.path("data").path("validationCode");
      byte[] body = new byte[0];
      validationCode = code.asText(validationCode);
      if (code.isTextual() && status == 200) {
        body = ("{\"validationResponse\":" + code + "}").getBytes(StandardCharsets.UTF_8);
      } else if (!code.isTextual()) {
        open.await();
        bodies.add(text);
        arrived.add(event.get("id").asText());
      }
      exchange.sendResponseHeaders(
          code.isTextual() ? 200 : status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void append(String id, int length) {
    append(id, "\"" + "x".repeat(length) + "\"");
  }

  private void append(String id, String data) {
    log.append(
            List.of(
                LogEntry.builder(id, "/test", "type")
                    .attribute("eventgridtopic", "t")
                    .data(data.getBytes(StandardCharsets.UTF_8))
                    .build()))
        .join();
  }

  @Test
  void saysThatOneReadsNoFurtherWhileTooMuchIsKeptForIt() throws Exception {
    assertThat(subscriptions.statistics().stalled()).isZero();
    subscriptions.close();
    try (SubscriptionStore store = SubscriptionStore.open(folder.resolve("kept"))) {
      String letter = SubscriptionStore.write(Delivery.fresh(0, "{}", Instant.now()).dead("Gone"));
      LongStream.range(0, 100_000).forEach(i -> store.dead("following").put(i, letter));
    }
    follow(folder.resolve("kept"), true, 1);
    await().atMost(PATIENCE).until(() -> subscriptions.statistics().stalled() == 1);
    assertThat(subscriptions.statistics().dead()).isEqualTo(100_000);
    subscriptions.deleteDeadLetters("following", Set.of()).await();
    assertThat(subscriptions.statistics()).isEqualTo(new SubscriptionStatistics(0, 0, 0, 0, 0));
  }

  @Test
  void deliversWhatComesWhileItSeesThatThereIsNoMore() {
    open.countDown();
    CompletableFuture<Page> nothingMore = new CompletableFuture<>();
    CompletableFuture<Page> held = new CompletableFuture<>();
    log.gate(
        page -> {
          if (!page.events().isEmpty()) {
            return CompletableFuture.completedFuture(page);
          }
          nothingMore.complete(page);
          return held;
        });
    append("first", 1);
    Page page = nothingMore.join();
    int before = log.grown();
    append("second", 1);
    await().atMost(PATIENCE).until(() -> log.grown() > before);
    subscriptions.list().await(); // comes after that on the event loop
    log.gate(CompletableFuture::completedFuture);
    held.complete(page);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(arrived).containsExactly("first", "second"));
  }

  @Test
  void readsNoFurtherThanMemoryAllowsWhileAWebhookIsSlow() {
    int quarter = 256 << 10;
    List<String> all = new ArrayList<>();
    IntStream.range(0, 80).forEach(i -> all.add("e" + i));
    all.forEach(id -> append(id, quarter));
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              subscriptions.list().await();
              return log.furthest() > 0 && !log.isBeingRead();
            });
    assertThat(log.furthest()).isLessThanOrEqualTo((8 << 20) / quarter + 8);
    open.countDown();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(arrived).containsExactlyInAnyOrderElementsOf(all));
  }

  @Test
  void aSubscriptionThatIsNoLongerTakenStopsNoOtherAndCanBeChanged() throws Exception {
    open.countDown();
    subscriptions.close();
    Path kept = folder.resolve("kept");
    try (SubscriptionStore store = SubscriptionStore.open(kept)) {
      SubscriptionRequest other =
          SubscriptionRequest.read("later", request("https://127.0.0.1:1/", ""));
      store.put("later", new SubscriptionRecord(other, true, "code", Instant.now(), null));
      String types = "\"t\",".repeat(100) + "\"t\"";
      SubscriptionRequest many =
          SubscriptionRequest.read(
              "many", request(endpoint(), ",\"filter\":{\"includedEventTypes\":[" + types + "]}"));
      store.put("many", new SubscriptionRecord(many, true, "code", Instant.now(), null));
      store.commit();
    }
    follow(kept, false, 1);
    subscriptions.list().await(); // comes after that on the event loop
    append("first", 1);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(subscriptions.find("later").await()).contains("\"pending\":1"));
    assertThat(arrived).isEmpty();
    assertThat(subscriptions.find("many").await()).contains("includedEventTypes");
    Future<String> changed = subscriptions.put("following", request("https://127.0.0.1:2/", ""));
    assertThatThrownBy(changed::await).hasMessageContaining("validation handshake");
  }

  @Test
  void goesOnWithAllThatWasKeptWhateverElseIsToBeSent() throws Exception {
    open.countDown();
    subscriptions.close();
    Path kept = folder.resolve("kept");
    List<String> all = new ArrayList<>();
    try (SubscriptionStore store = SubscriptionStore.open(kept)) {
      for (int position = 1; position <= 620; position++) {
        all.add("k" + position);
        String event = "{\"id\":\"k" + position + "\"}";
        Delivery delivery = Delivery.fresh(position, event, Instant.now());
        Deliveries kind = position == 610 ? store.dead("following") : store.pending("following");
        kind.put(delivery);
      }
      store.commit();
    }
    follow(kept, true, 1);
    assertThat(subscriptions.redeliver("following", Set.of()).await()).isEqualTo(1);
    append("new", 1);
    all.add("new");
    await().atMost(PATIENCE).until(() -> arrived.size() >= all.size());
    assertThat(arrived).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void nobodyFollowsTheLogOnceTheLastSubscriptionIsGone() {
    open.countDown();
    subscriptions.put("other", request(endpoint(), "")).await();
    subscriptions.remove("other").await();
    assertThat(log.followers()).isEqualTo(1);
    subscriptions.remove("following").await();
    assertThat(log.followers()).isZero();
    subscriptions.put("again", request(endpoint(), "")).await();
    append("first", 1);
    await().atMost(PATIENCE).until(() -> arrived.contains("first"));
  }

  @Test
  void expiresByItsClock() {
    String expiry = ",\"expirationTimeUtc\":\"" + Instant.now().plusSeconds(3600) + "\"}";
    String ending = "{\"topic\":\"t\",\"endpointUrl\":\"" + endpoint() + "\"" + expiry;
    subscriptions.put("ending", ending.getBytes(StandardCharsets.UTF_8)).await();
    assertThat(subscriptions.find("ending").await()).contains("\"Succeeded\"");
    ahead = Duration.ofHours(2);
    assertThat(subscriptions.find("ending").await()).contains("\"Expired\"");
    Future<Integer> again = subscriptions.redeliver("ending", Set.of());
    assertThatThrownBy(again::await).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void numbersOfAnySizeArriveWholeAndHoldUpNothing() {
    open.countDown();
    subscriptions.put("following", request(endpoint(), GREATER_THAN_ONE)).await();
    append("first", "{\"n\":2}");
    append("huge", "{\"n\":1e400}");
    append("vast", "{\"n\":1e999999999}");
    append("long", "{\"n\":12345678901234567.890}");
    append("filtered", "{\"n\":-1e400}");
    append("unreadable", "{\"n\":1e99999999999}");
    append("last", "{\"n\":3}");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(arrived)
                    .containsExactlyInAnyOrder("first", "huge", "vast", "long", "last"));
    assertThat(String.join("", bodies))
        .contains("{\"n\":1E+400}", "{\"n\":1E+999999999}", "{\"n\":12345678901234567.890}");
    assertThat(subscriptions.deadLetters("following", -1, 10).await())
        .contains("\"deadLetterReason\":\"EventCannotBeRead\"", "{\"n\":1e99999999999}");
    Future<Integer> again = subscriptions.redeliver("following", Set.of("unreadable"));
    assertThat(again.await()).isZero();
    assertThat(subscriptions.deadLetters("following", -1, 10).await())
        .contains("{\"n\":1e99999999999}");
    assertThat(arrived).doesNotContain("unreadable");
  }

  @Test
  void aFilterMayNameANumberOfAnySize() {
    open.countDown();
    byte[] vast = request(endpoint(), GREATER_THAN_ONE.replace(":1}", ":1e400}"));
    assertThat(subscriptions.put("following", vast).await()).contains("\"value\":1E+400");
    append("less", "{\"n\":5}");
    append("more", "{\"n\":1e401}");
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(arrived).containsExactly("more"));
  }

  @Test
  void saysSoWhileTheDiskTakesNothing() throws Exception {
    open.countDown();
    FailingDisk disk = FailingDisk.at(folder);
    subscriptions.close();
    follow(disk.folder("kept"), true, 100);
    subscriptions.put("other", request(endpoint(), "")).await();
    status = 400;
    subscriptions.put("open", request(endpoint(), "")).await();
    append("dead", 1);
    await()
        .atMost(PATIENCE)
        .until(() -> subscriptions.find("other").await().contains("\"dead\":1"));
    subscriptions.put("other", request(endpoint(), "")).await(); // that is durable then, too
    List<Supplier<Future<?>>> changes =
        List.of(
            () -> subscriptions.redeliver("other", Set.of()),
            () -> subscriptions.validate("open", validationCode),
            () -> subscriptions.put("other", request(endpoint(), GREATER_THAN_ONE)),
            () -> subscriptions.deleteDeadLetters("other", Set.of()),
            () -> subscriptions.remove("other"));
    for (int first = 0; first < changes.size(); first++) {
      disk.refuse();
      for (int i = 0; i < changes.size(); i++) {
        Future<?> change = changes.get((first + i) % changes.size()).get();
        assertThatThrownBy(change::await)
            .as("%d after %d", i, first)
            .isInstanceOf(LogUnavailableException.class);
      }
      disk.accept();
      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> subscriptions.redeliver("other", Set.of("nothing")).await() == 0);
    }
    assertThat(subscriptions.find("open").await()).contains("\"AwaitingManualAction\"");
    assertThat(subscriptions.validate("open", validationCode).await()).isTrue();
    assertThat(subscriptions.find("open").await()).contains("\"Succeeded\"");
    assertThat(subscriptions.redeliver("other", Set.of()).await()).isEqualTo(1);
  }

  @Test
  void goesOnOnceADiskThatFailedCanBeWrittenAgain() throws Exception {
    open.countDown();
    FailingDisk disk = FailingDisk.at(folder);
    subscriptions.close();
    follow(disk.folder("kept"), true, 100);
    subscriptions.put("other", request(endpoint(), "")).await();
    append("before", 1);
    await().atMost(PATIENCE).until(() -> arrived.contains("before"));
    int refused = disk.refuse();
    append("meanwhile", 1);
    await().atMost(PATIENCE).until(() -> disk.refused() > refused + 2);
    disk.accept();
    append("after", 1);
    await().atMost(PATIENCE).until(() -> arrived.contains("after"));
    assertThat(arrived).contains("meanwhile");
    assertThat(subscriptions.find("other").await()).contains("\"position\":");
  }

  private String endpoint() {
    return "http://127.0.0.1:" + webhook.getAddress().getPort() + "/";
  }

  private static byte[] request(String endpoint, String more) {
    return ("{\"topic\":\"t\",\"endpointUrl\":\"" + endpoint + "\"" + more + "}")
        .getBytes(StandardCharsets.UTF_8);
  }
}
