package dev.carillon.hub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.hub.eventgrid.EventGridSettings;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Delivery to a real webhook; a thousand seconds of the schedule pass in one. */
@Timeout(120)
class SubscriptionsTest {

  private static final String ALL = "/api/eventgrid/subscriptions";
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @TempDir Path data;
  private RunningHub hub;
  private Webhooks webhook;

  @BeforeEach
  void start() throws Exception {
    webhook = new Webhooks();
    hub = hub();
  }

  private RunningHub hub() throws Exception {
    return RunningHub.with(
        HubConfig.ofDefaults(data.resolve("data"))
            .withEventGrid(EventGridSettings.ofDefaults().forTests(1000)));
  }

  @AfterEach
  void stop() {
    hub.close();
    webhook.close();
  }

  private HttpResponse<String> subscribe(String name, String more) throws Exception {
    String body = "{\"topic\":\"t\",\"endpointUrl\":\"" + webhook.url() + "\"" + more + "}";
    return hub.put(ALL + "/" + name, body);
  }

  private void publish(int from, int to) throws Exception {
    StringJoiner batch = new StringJoiner(",", "[", "]");
    for (int i = from; i < to; i++) {
      batch.add(event("e" + i, "users/" + i, "user.created", i));
    }
    assertThat(hub.post("/t/api/events", batch.toString()).statusCode()).isEqualTo(200);
  }

  private static String event(String id, String subject, String type, int number) {
    return "{\"id\":\"%s\",\"subject\":\"%s\",\"eventType\":\"%s\",\"dataVersion\":\"2.0\",\"data\":{\"n\":%d}}"
        .formatted(id, subject, type, number);
  }

  private void awaitIds(List<String> ids) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(webhook.ids()).containsExactlyInAnyOrderElementsOf(ids));
  }

  private JsonNode deadLetters(String name) throws Exception {
    return hub.json(hub.get(ALL + "/" + name + "/deadletters"));
  }

  @Test
  void deliversWithAzuresHeadersWhatCameAfterSubscribing() throws Exception {
    publish(0, 3);
    HttpResponse<String> added = subscribe("my-sub", "");
    assertThat(added.statusCode()).as(added.body()).isEqualTo(200);
    assertThat(hub.json(added).get("provisioningState").asText()).isEqualTo("Succeeded");
    publish(3, 6);
    awaitIds(List.of("e3", "e4", "e5"));
    Webhooks.Call call = webhook.calls().get(0);
    assertThat(call.header("aeg-event-type")).isEqualTo("Notification");
    assertThat(call.header("aeg-subscription-name")).isEqualTo("MY-SUB");
    assertThat(call.header("aeg-delivery-count")).isEqualTo("0");
    assertThat(call.header("aeg-metadata-version")).isEqualTo("1");
    assertThat(call.header("aeg-data-version")).isEqualTo("2.0");
    JsonNode event = call.body().get(0);
    assertThat(event.get("eventType").asText()).isEqualTo("user.created");
    assertThat(event.get("topic").asText()).isEqualTo("/t");
    assertThat(event.get("data").get("n").isInt()).isTrue();
  }

  @Test
  void deliversCloudEventsInBatches() throws Exception {
    subscribe(
        "batches", ",\"eventDeliverySchema\":\"CloudEventSchemaV1_0\",\"maxEventsPerBatch\":10");
    publish(0, 25);
    await().atMost(PATIENCE).until(() -> webhook.ids().size() == 25);
    assertThat(webhook.calls()).hasSizeLessThan(25);
    assertThat(webhook.calls())
        .allSatisfy(
            call -> {
              assertThat(call.body().size()).isLessThanOrEqualTo(10);
              assertThat(call.header("Content-Type"))
                  .startsWith("application/cloudevents-batch+json");
              assertThat(call.body().get(0).get("specversion").asText()).isEqualTo("1.0");
            });
  }

  @Test
  void deliversOnlyWhatPassesTheFilter() throws Exception {
    subscribe(
        "filtered",
        """
        ,"filter":{"subjectBeginsWith":"Users/","subjectEndsWith":"7",
          "includedEventTypes":["user.created"],
          "advancedFilters":[{"operatorType":"NumberGreaterThan","key":"data.n","value":10}]}
        """);
    publish(0, 30);
    publish(37, 38);
    awaitIds(List.of("e17", "e27", "e37"));
    HttpResponse<String> wrong =
        subscribe(
            "wrong", ",\"filter\":{\"advancedFilters\":[{\"operatorType\":\"X\",\"key\":\"k\"}]}");
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(wrong.body()).contains("advancedFilters[0]");
  }

  @Test
  void triesAgainUntilTheWebhookTakesIt() throws Exception {
    AtomicInteger times = new AtomicInteger();
    webhook.script(call -> times.incrementAndGet() <= 3 ? 503 : 200);
    subscribe("again", "");
    publish(0, 1);
    await().atMost(PATIENCE).until(() -> times.get() == 4);
    assertThat(webhook.calls())
        .extracting(call -> call.header("aeg-delivery-count"))
        .containsExactly("0", "1", "2", "3");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(hub.json(hub.get(ALL + "/again")).get("pending").asInt()).isZero());
    assertThat(deadLetters("again")).isEmpty();
  }

  @Test
  void whatCannotBeDeliveredIsADeadLetterThatCanBeSentAgain() throws Exception {
    webhook.script(call -> 400);
    subscribe("refusing", "");
    publish(0, 3);
    await().atMost(PATIENCE).until(() -> deadLetters("refusing").size() == 3);
    JsonNode letter = deadLetters("refusing").get(0);
    assertThat(letter.get("deadLetterReason").asText()).isEqualTo("RefusedByTheWebhook");
    assertThat(letter.get("deliveryAttempts").asInt()).isEqualTo(1);
    assertThat(letter.get("lastDeliveryOutcome").asText()).isEqualTo("BadRequest");
    assertThat(letter.get("lastHttpStatusCode").asInt()).isEqualTo(400);
    assertThat(letter.get("publishTime").asText()).isNotEmpty();
    assertThat(letter.get("event").get("id").asText()).isEqualTo("e0");
    webhook.calls().clear();
    webhook.script(call -> 200);
    String again = ALL + "/refusing/deadletters/redeliver";
    assertThat(hub.post(again, "{\"ids\":[\"e1\"]}").body()).contains("\"redelivered\":1");
    awaitIds(List.of("e1"));
    assertThat(hub.post(again, "").body()).contains("\"redelivered\":2");
    awaitIds(List.of("e0", "e1", "e2"));
    assertThat(deadLetters("refusing")).isEmpty();
    assertThat(hub.post(ALL + "/nobody/deadletters/redeliver", "").statusCode()).isEqualTo(404);
  }

  @Test
  void givesUpAfterTheAttemptsAllowedAndFollowsNoRedirect() throws Exception {
    webhook.script(call -> 302);
    subscribe("giving-up", ",\"retryPolicy\":{\"maxDeliveryAttempts\":3}");
    publish(0, 1);
    await().atMost(PATIENCE).until(() -> deadLetters("giving-up").size() == 1);
    assertThat(webhook.calls()).hasSize(3);
    JsonNode letter = deadLetters("giving-up").get(0);
    assertThat(letter.get("deadLetterReason").asText()).isEqualTo("MaxDeliveryAttemptsExceeded");
    assertThat(letter.get("lastDeliveryOutcome").asText()).isEqualTo("RedirectNotFollowed");
  }

  @Test
  void aSlowWebhookHoldsUpNobodyElse() throws Exception {
    CountDownLatch open = new CountDownLatch(1);
    try (Webhooks slow = new Webhooks()) {
      slow.script(
          call -> {
            try {
              return open.await(60, TimeUnit.SECONDS) ? 200 : 500;
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
              return 500;
            }
          });
      hub.put(ALL + "/slow", "{\"topic\":\"t\",\"endpointUrl\":\"" + slow.url() + "\"}");
      subscribe("quick", "");
      publish(0, 50);
      List<String> all = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        all.add("e" + i);
      }
      awaitIds(all);
      await()
          .atMost(PATIENCE)
          .until(() -> hub.json(hub.get(ALL + "/slow")).get("pending").asInt() > 0); // timed out
      open.countDown();
      await().atMost(PATIENCE).until(() -> slow.ids().containsAll(all));
    }
  }

  @Test
  void awaitsTheValidationUrlOfAWebhookThatDoesNotEchoTheCode() throws Exception {
    webhook.validates(false);
    for (String schema : List.of("EventGridSchema", "CloudEventSchemaV1_0")) {
      String name = schema.substring(0, 10);
      HttpResponse<String> added = subscribe(name, ",\"eventDeliverySchema\":\"" + schema + "\"");
      assertThat(hub.json(added).get("provisioningState").asText())
          .isEqualTo("AwaitingManualAction");
      String path = webhook.validationUrl().replaceFirst("http://[^/]+", "");
      assertThat(hub.get(path.replaceFirst("code=.", "code=_")).statusCode()).isEqualTo(404);
      assertThat(hub.get(path).statusCode()).isEqualTo(200);
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  hub.json(hub.get(ALL + "/" + name))
                      .get("provisioningState")
                      .asText()
                      .equals("Succeeded"));
    }
    publish(0, 1);
    awaitIds(List.of("e0", "e0"));
  }

  @Test
  void refusesWebhooksThatAreAwayPrivateOrNonsense() throws Exception {
    assertThat(
            hub.put(ALL + "/away", "{\"topic\":\"t\",\"endpointUrl\":\"http://127.0.0.1:1/\"}")
                .statusCode())
        .isEqualTo(400);
    assertThat(hub.json(hub.get(ALL))).isEmpty();
    assertThat(hub.put(ALL + "/none", "{\"topic\":\"t\"}").statusCode()).isEqualTo(400);
    assertThat(hub.put(ALL + "/none", "[]").statusCode()).isEqualTo(400);
    assertThat(hub.put(ALL + "/none", "{\"unknown\":1}").statusCode()).isEqualTo(400);
    assertThat(subscribe("x", "").body()).contains("name");
    try (RunningHub strict = RunningHub.on(data.resolve("strict"))) {
      String target = "{\"topic\":\"t\",\"endpointUrl\":\"%s\"}";
      assertThat(strict.put(ALL + "/http", target.formatted(webhook.url())).body())
          .contains("https");
      HttpResponse<String> loopback =
          strict.put(ALL + "/local", target.formatted("https://127.0.0.1:1/"));
      assertThat(loopback.statusCode()).isEqualTo(400);
      HttpResponse<String> metadata =
          strict.put(ALL + "/meta", target.formatted("https://169.254.169.254/latest"));
      assertThat(metadata.statusCode()).isEqualTo(400);
    }
    assertThat(webhook.calls()).isEmpty();
  }

  @Test
  void goesOnAfterARestartAndForgetsWhatIsRemoved() throws Exception {
    webhook.script(call -> 503);
    subscribe("lasting", "");
    publish(0, 5);
    await()
        .atMost(PATIENCE)
        .until(() -> hub.json(hub.get(ALL + "/lasting")).get("pending").asInt() == 5);
    hub.close();
    webhook.calls().clear();
    webhook.script(call -> 200);
    hub = hub();
    publish(5, 8);
    awaitIds(List.of("e0", "e1", "e2", "e3", "e4", "e5", "e6", "e7"));
    assertThat(hub.delete(ALL + "/lasting").statusCode()).isEqualTo(200);
    assertThat(hub.delete(ALL + "/lasting").statusCode()).isEqualTo(404);
    assertThat(hub.get(ALL + "/lasting").statusCode()).isEqualTo(404);
    publish(8, 9);
    assertThat(hub.json(hub.get(ALL))).isEmpty();
  }

  @Test
  void endsAtItsExpiry() throws Exception {
    webhook.script(call -> 503);
    subscribe("ending", ",\"expirationTimeUtc\":\"" + Instant.now().plusSeconds(3) + "\"");
    publish(0, 2);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(hub.json(hub.get(ALL + "/ending")).get("provisioningState").asText())
                    .isEqualTo("Expired"));
    await().atMost(PATIENCE).until(() -> deadLetters("ending").size() == 2);
  }

  @Test
  void listsSubscriptionsInAFileToo() throws Exception {
    Path file = data.resolve("eventgrid.json");
    Files.writeString(
        file,
        "{\"subscriptions\":[{\"name\":\"listed\",\"topic\":\"t\",\"endpointUrl\":\""
            + webhook.url()
            + "\"}]}");
    hub.close();
    hub =
        RunningHub.with(
            HubConfig.ofDefaults(data.resolve("data"))
                .withEventGrid(EventGridSettings.ofDefaults().forTests(1000).withFile(file)));
    await().atMost(PATIENCE).until(() -> hub.get(ALL + "/listed").body().contains("\"Succeeded\""));
    publish(0, 1);
    awaitIds(List.of("e0"));
  }
}
