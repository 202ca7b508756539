package dev.carillon.hub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Delivery to a real webhook. */
@Timeout(120)
class SubscriptionsTest extends SubscribedHub {

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
  void deliversToWebhooksThatWereMadeForAzure() throws Exception {
    webhook.allows("eventgrid.azure.net");
    subscribe("azures", ",\"eventDeliverySchema\":\"CloudEventSchemaV1_0\"");
    publish(0, 1);
    awaitIds(List.of("e0"));
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
  void aRequestOfSeveralEventsIsNoLargerThanAskedFor() throws Exception {
    subscribe("sized", ",\"maxEventsPerBatch\":100,\"preferredBatchSizeInKilobytes\":64");
    StringJoiner batch = new StringJoiner(",", "[", "]");
    List<String> all = new ArrayList<>();
    for (int length : new int[] {63_000, 600_000, 20_000, 20_000, 20_000, 1, 1, 1}) {
      String id = "e" + all.size();
      all.add(id);
      String data = "\"" + (length == 20_000 ? "ä" : "x").repeat(length) + "\"";
      batch.add(event(id, "s", "t", 0).replace("{\"n\":0}", data));
    }
    assertThat(hub.post("/t/api/events", batch.toString()).statusCode()).isEqualTo(200);
    awaitIds(all);
    assertThat(webhook.calls())
        .hasSizeLessThan(all.size())
        .allSatisfy(
            call -> {
              if (call.body().size() > 1) {
                byte[] whole = call.body().toString().getBytes(StandardCharsets.UTF_8);
                assertThat(whole).hasSizeLessThanOrEqualTo(64 << 10);
              }
            });
  }

  @Test
  void whatIsNoSubscriptionIsRefused() throws Exception {
    for (String wrong : List.of("null", "[]", "1", "")) {
      assertThat(hub.put(ALL + "/abc", wrong).statusCode()).as(wrong).isEqualTo(400);
    }
  }

  @Test
  void whatCannotBeKeptIsWorthAnotherTry() throws Exception {
    Files.createDirectories(
        folder.resolve("data/eventgrid/subscriptions.mv")); // no file is there now
    List<HttpResponse<String>> answers =
        List.of(
            subscribe("lost", ""),
            hub.delete(ALL + "/lost"),
            hub.delete(ALL + "/lost/deadletters"),
            hub.post(ALL + "/lost/deadletters/redeliver", ""),
            hub.get("/api/eventgrid/validate?subscription=lost&code=x"));
    for (HttpResponse<String> answer : answers) {
      RunningHub.assertProblem(answer, 503);
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }
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
    assertThat(hub.get("/metrics").body())
        .contains(
            "carillon_eventgrid_dead 3.0",
            "carillon_eventgrid_waiting 0.0",
            "carillon_eventgrid_stalled_subscriptions 0.0",
            "carillon_eventgrid_failed_total 3.0",
            "carillon_eventgrid_delivered_total 0.0");
    webhook.calls().clear();
    webhook.script(call -> 200);
    String again = ALL + "/refusing/deadletters/redeliver";
    for (String wrong :
        List.of("[\"e1\"]", "{}", "{\"ids\":[]}", "{\"ids\":\"e1\"}", "{\"id\":[\"e1\"]}")) {
      assertThat(hub.post(again, wrong).statusCode()).as(wrong).isEqualTo(400);
    }
    assertThat(hub.post(again, "{\"ids\":[\"e1\"]}").body()).contains("\"redelivered\":1");
    awaitIds(List.of("e1"));
    assertThat(hub.post(again, "").body()).contains("\"redelivered\":2");
    awaitIds(List.of("e0", "e1", "e2"));
    assertThat(deadLetters("refusing")).isEmpty();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(hub.get("/metrics").body())
                    .contains(
                        "carillon_eventgrid_dead 0.0", "carillon_eventgrid_delivered_total 3.0"));
    assertThat(hub.post(ALL + "/nobody/deadletters/redeliver", "").statusCode()).isEqualTo(404);
  }

  @Test
  void deadLettersCanBeDeleted() throws Exception {
    webhook.script(call -> 400);
    subscribe("refusing", "");
    publish(0, 5);
    await().atMost(PATIENCE).until(() -> deadLetters("refusing").size() == 5);
    String letters = ALL + "/refusing/deadletters";
    assertThat(hub.delete(letters + "?ids=e1&ids=e3&ids=e9").body()).isEqualTo("{\"deleted\":2}");
    assertThat(deadLetters("refusing"))
        .extracting(letter -> letter.get("event").get("id").asText())
        .containsExactly("e0", "e2", "e4");
    assertThat(hub.delete(letters + "?ids=").body()).isEqualTo("{\"deleted\":0}");
    HttpResponse<String> misspelled = hub.delete(letters + "?id=e0");
    assertThat(misspelled.statusCode()).isEqualTo(400);
    assertThat(misspelled.body()).contains("\"id\"");
    assertThat(deadLetters("refusing")).hasSize(3);
    assertThat(hub.delete(letters).body()).isEqualTo("{\"deleted\":3}");
    assertThat(deadLetters("refusing")).isEmpty();
    assertThat(hub.delete(ALL + "/nobody/deadletters").statusCode()).isEqualTo(404);
  }

  @Test
  void largeDeadLettersAreSentAgainAndShownSomeAtATime() throws Exception {
    webhook.script(call -> 400);
    subscribe("large", "");
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String large = "\"" + "x".repeat(1_000_000) + "\"";
      String event = event("e" + i, "s", "t", i).replace("{\"n\":" + i + "}", large);
      assertThat(hub.post("/t/api/events", "[" + event + "]").statusCode()).isEqualTo(200);
      all.add("e" + i);
    }
    await()
        .atMost(PATIENCE)
        .until(() -> hub.json(hub.get(ALL + "/large")).get("dead").asInt() == 12);
    String path = ALL + "/large/deadletters?limit=10000&after=";
    JsonNode first = hub.json(hub.get(path + -1));
    assertThat(first.size()).isBetween(1, 6);
    JsonNode next = hub.json(hub.get(path + first.get(first.size() - 1).get("position")));
    assertThat(next.get(0).get("event").get("id").asText()).isEqualTo("e" + first.size());
    webhook.calls().clear();
    webhook.script(call -> 200);
    assertThat(hub.post(ALL + "/large/deadletters/redeliver", "").body())
        .contains("\"redelivered\":12");
    awaitIds(all);
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
}
