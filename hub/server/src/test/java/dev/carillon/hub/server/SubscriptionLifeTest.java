package dev.carillon.hub.server;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How subscriptions come, go on and end. */
@Timeout(120)
class SubscriptionLifeTest extends SubscribedHub {

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
  void tellsWebhooksTheUrlByWhichTheyReachIt() throws Exception {
    hub.close();
    start("--public-url=https://hub.example:8443");
    webhook.validates(false);
    subscribe("outside", "");
    assertThat(webhook.validationUrl())
        .startsWith("https://hub.example:8443/api/eventgrid/validate?subscription=outside&code=");
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
    try (RunningHub strict = RunningHub.on(folder.resolve("strict"))) {
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
    start();
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
  void whatIsUnderWayAtItsExpiryIsADeadLetterAndStaysOne() throws Exception {
    CountDownLatch open = new CountDownLatch(1);
    subscribe("ending", "");
    publish(0, 1);
    awaitIds(List.of("e0"));
    webhook.script(call -> opened(open) ? 503 : 500);
    try (Webhooks neighbour = new Webhooks()) { // who hears of the log in the same moment
      String other = "{\"topic\":\"t\",\"endpointUrl\":\"" + neighbour.url() + "\"}";
      hub.put(ALL + "/other", other);
      subscribe("ending", ",\"expirationTimeUtc\":\"" + Instant.now().plusMillis(1800) + "\"");
      publish(1, 2);
      awaitIds(List.of("e0", "e1"));
      await().atMost(PATIENCE).until(() -> hub.get(ALL + "/ending").body().contains("Expired"));
      publish(2, 3);
      await().atMost(PATIENCE).until(() -> neighbour.ids().contains("e2"));
    }
    open.countDown();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(deadLetters("ending"))
                    .extracting(letter -> letter.get("event").get("id").asText())
                    .containsExactly("e1"));
    assertThat(deadLetters("ending").get(0).get("deadLetterReason").asText())
        .isEqualTo("SubscriptionExpired");
    HttpResponse<String> again = hub.post(ALL + "/ending/deadletters/redeliver", "");
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(again.body()).contains("expired");
    assertThat(deadLetters("ending")).hasSize(1);
  }

  private static boolean opened(CountDownLatch open) {
    try {
      return open.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void deliversToTheOldWebhookUntilTheNewOneWantsTheEvents() throws Exception {
    subscribe("moving", "");
    try (Webhooks next = new Webhooks()) {
      next.validates(false);
      String moved = "{\"topic\":\"t\",\"endpointUrl\":\"" + next.url() + "\"}";
      HttpResponse<String> asked = hub.put(ALL + "/moving", moved);
      assertThat(hub.json(asked).get("provisioningState").asText())
          .isEqualTo("AwaitingManualAction");
      hub.close();
      start();
      JsonNode found = hub.json(hub.get(ALL + "/moving"));
      assertThat(found.get("provisioningState").asText()).isEqualTo("Succeeded");
      assertThat(found.get("endpointUrl").asText()).isEqualTo(webhook.url());
      assertThat(found.get("awaitedChange").get("endpointUrl").asText()).isEqualTo(next.url());
      publish(0, 1);
      awaitIds(List.of("e0"));
      String away = "{\"topic\":\"t\",\"endpointUrl\":\"http://127.0.0.1:1/\"}";
      assertThat(hub.put(ALL + "/moving", away).statusCode()).isEqualTo(400);
      publish(1, 2);
      awaitIds(List.of("e0", "e1"));
      String path = next.validationUrl().replaceFirst("http://[^/]+", "");
      assertThat(hub.get(path).statusCode()).isEqualTo(200);
      found = hub.json(hub.get(ALL + "/moving"));
      assertThat(found.get("endpointUrl").asText()).isEqualTo(next.url());
      assertThat(found.has("awaitedChange")).isFalse();
      publish(2, 3);
      await().atMost(PATIENCE).until(() -> next.ids().equals(List.of("e2")));
      assertThat(webhook.ids()).containsExactly("e0", "e1");
    }
  }

  @Test
  void goesOnWhenTheHubEndsWhileANewWebhookIsAsked() throws Exception {
    subscribe("moving", "");
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + silent.getLocalPort() + "/";
      CompletableFuture<Integer> asked =
          hub.putAsync(ALL + "/moving", "{\"topic\":\"t\",\"endpointUrl\":\"" + url + "\"}");
      try (Socket asking = silent.accept()) {
        hub.close();
        asked.cancel(true);
        start();
        publish(0, 1);
        awaitIds(List.of("e0"));
      }
    }
  }

  @Test
  void namesWhatIsNullInAFilter() throws Exception {
    for (String field : List.of("includedEventTypes", "advancedFilters")) {
      String filter = ",\"filter\":{\"" + field + "\":[null]}";
      HttpResponse<String> refused = subscribe("nulls", filter);
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body()).contains("filter." + field);
    }
  }

  @Test
  void boundsTheValuesOfAFilterAsAzureDoes() throws Exception {
    assertThat(subscribe("twenty-five", in("n".repeat(512), 5)).statusCode()).isLessThan(300);
    HttpResponse<String> many = subscribe("thirty", in("n", 6));
    assertThat(many.statusCode()).isEqualTo(400);
    assertThat(many.body()).contains("filter.advancedFilters[4]", "25 values");
    HttpResponse<String> longer = subscribe("longer", in("n".repeat(513), 1));
    assertThat(longer.statusCode()).isEqualTo(400);
    assertThat(longer.body()).contains("filter.advancedFilters[0]", "512 characters");
    assertThat(subscribe("escaped", in("\\u00e4".repeat(512), 5)).statusCode()).isLessThan(300);
  }

  @Test
  void boundsTheTypesOfAFilterAndTheRequestItself() throws Exception {
    assertThat(subscribe("hundred", types(100)).statusCode()).isLessThan(300);
    HttpResponse<String> more = subscribe("more", types(101));
    assertThat(more.statusCode()).isEqualTo(400);
    assertThat(more.body()).contains("filter.includedEventTypes", "100");
    assertThat(subscribe("large", types(20_000)).statusCode()).isEqualTo(413);
  }

  private static String types(int count) {
    return ",\"filter\":{\"includedEventTypes\":["
        + IntStream.range(0, count).mapToObj(i -> "\"type" + i + "\"").collect(joining(","))
        + "]}";
  }

  /** Five conditions, each of some values. */
  private static String in(String value, int times) {
    String values = String.join(",", Collections.nCopies(times, '"' + value + '"'));
    String one = "{\"operatorType\":\"StringIn\",\"key\":\"id\",\"values\":[" + values + "]}";
    String five = String.join(",", Collections.nCopies(5, one));
    return ",\"filter\":{\"advancedFilters\":[" + five + "]}";
  }

  private void startListing(String more) throws Exception {
    Path file = folder.resolve("eventgrid.json");
    Files.writeString(
        file,
        "{\"subscriptions\":[{\"name\":\"listed\",\"topic\":\"t\",\"endpointUrl\":\""
            + webhook.url()
            + "\""
            + more
            + "}]}");
    start("--eventgrid-config=" + file);
  }

  @Test
  void listsSubscriptionsInAFileToo() throws Exception {
    hub.close();
    startListing("");
    await().atMost(PATIENCE).until(() -> hub.get(ALL + "/listed").body().contains("\"Succeeded\""));
    publish(0, 1);
    awaitIds(List.of("e0"));
  }

  @Test
  void sendsWhatIsDueOnceAtAStart() throws Exception {
    hub.close();
    startListing("");
    await().atMost(PATIENCE).until(() -> hub.get(ALL + "/listed").body().contains("\"Succeeded\""));
    webhook.script(call -> 503);
    publish(0, 1);
    await().atMost(PATIENCE).until(() -> hub.get(ALL + "/listed").body().contains("\"pending\":1"));
    hub.close();
    webhook.calls().clear();
    webhook.script(call -> 200);
    startListing("");
    publish(1, 2);
    await().atMost(PATIENCE).until(() -> webhook.ids().contains("e1"));
    awaitIds(List.of("e0", "e1"));
  }

  @Test
  void saysWhatIsWrongInAFile() throws Exception {
    hub.close();
    assertThatThrownBy(() -> startListing(",\"filter\":{\"includedEventTypes\":[null]}"))
        .isInstanceOf(HubStartException.class)
        .hasMessageContaining("listed")
        .hasMessageContaining("filter.includedEventTypes");
  }
}
