package dev.carillon.hub.server;

import static dev.carillon.hub.server.RunningHub.EVENTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What publishers to Event Grid topics send, and what they are answered. */
@Timeout(60)
class EventGridTest extends HubTest {

  private static final String TOPIC = "/user-events/api/events?api-version=2018-01-01";
  private static final String KEY = "c2VjcmV0LWtleQ==";
  private static final String CLOUD_EVENTS = "application/cloudevents-batch+json; charset=utf-8";

  @Override
  List<String> flags() throws Exception {
    Path topics =
        Files.writeString(
            folder.resolve("eventgrid.json"),
            """
            {"topics": [{"name": "user-events"}, {"name": "own", "keys": ["one", "dHdv"]}]}
            """);
    return List.of(
        "--api-key=" + KEY, "--eventgrid-config=" + topics, "--eventgrid-token=dev-token");
  }

  private HttpResponse<String> publish(String body, String... headers) throws Exception {
    List<String> all = new ArrayList<>(List.of("Content-Type", "application/json"));
    all.addAll(Arrays.asList(headers));
    return hub.post(TOPIC, body, all.toArray(new String[0]));
  }

  private HttpResponse<String> publishWithKey(String body) throws Exception {
    return publish(body, "aeg-sas-key", KEY);
  }

  private JsonNode stored() throws Exception {
    return hub.json(hub.get(EVENTS, "X-Api-Key", KEY));
  }

  private static String event(String id) {
    return """
        {"id":"%s","subject":"users/1","eventType":"user.created","dataVersion":"1.0",\
        "eventTime":"2026-11-01T12:00:00Z","metadataVersion":"1","topic":"","data":{"n":0.10}}"""
        .formatted(id);
  }

  private static String cloudEvent(String id) {
    return """
        {"specversion":"1.0","id":"%s","source":"/s","type":"user.created","data":{"n":1}}"""
        .formatted(id);
  }

  @Test
  void takesBothSchemas() throws Exception {
    HttpResponse<String> answer = publishWithKey("[" + event("a") + "," + event("b") + "]");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().firstValue("Carillon-Durable")).contains("true");
    HttpResponse<String> batch =
        hub.post(
            TOPIC, "[" + cloudEvent("c") + "]", "Content-Type", CLOUD_EVENTS, "aeg-sas-key", KEY);
    assertThat(batch.statusCode()).as(batch.body()).isEqualTo(200);
    String single = "application/cloudevents+json";
    assertThat(
            hub.post(TOPIC, cloudEvent("d"), "Content-Type", single, "aeg-sas-key", KEY)
                .statusCode())
        .isEqualTo(200);

    JsonNode events = stored();
    assertThat(events.findValuesAsText("id")).containsExactly("a", "b", "c", "d");
    assertThat(events.findValuesAsText("eventgridtopic")).hasSize(4).containsOnly("user-events");
    JsonNode first = events.get(0);
    assertThat(first.get("type").asText()).isEqualTo("user.created");
    assertThat(first.get("source").asText()).isEqualTo("/user-events");
    assertThat(first.get("subject").asText()).isEqualTo("users/1");
    assertThat(first.get("time").asText()).isEqualTo("2026-11-01T12:00:00Z");
    assertThat(first.get("dataversion").asText()).isEqualTo("1.0");
    assertThat(hub.get(EVENTS, "X-Api-Key", KEY).body()).contains("{\"n\":0.10}");
  }

  @Test
  void takesAllOfABatchOrNothing() throws Exception {
    String bad = "{\"id\":\"bad\",\"subject\":\"s\",\"eventTime\":\"yesterday\"}";
    HttpResponse<String> answer = publishWithKey("[" + event("good") + "," + bad + "]");
    assertThat(answer.statusCode()).isEqualTo(400);
    JsonNode error = hub.json(answer).get("error");
    assertThat(error.get("code").asText()).isEqualTo("BadRequest");
    assertThat(error.get("details").findValuesAsText("message"))
        .anyMatch(message -> message.startsWith("[1].eventTime"))
        .anyMatch(message -> message.startsWith("[1].eventType"));
    assertThat(stored()).isEmpty();
  }

  @Test
  void refusesWhatIsNoListOfEvents() throws Exception {
    for (String body : List.of("{}", event("x"), "[1]", "[{\"id\":\"x\"}]", "[", "", "nonsense")) {
      HttpResponse<String> answer = publishWithKey(body);
      assertThat(answer.statusCode()).as(body).isEqualTo(400);
      assertThat(hub.json(answer).get("error").get("code").asText()).isEqualTo("BadRequest");
    }
    String elsewhere = event("x").replace("\"topic\":\"\"", "\"topic\":\"other\"");
    assertThat(publishWithKey("[" + elsewhere + "]").statusCode()).isEqualTo(400);
    assertThat(hub.post(TOPIC, "[]", "Content-Type", "text/plain", "aeg-sas-key", KEY).statusCode())
        .isEqualTo(415);
    assertThat(stored()).isEmpty();
  }

  @Test
  void refusesMoreThanAMegabyteOrFiveThousandEvents() throws Exception {
    String small = "{\"id\":\"x\",\"subject\":\"s\",\"eventType\":\"t\"}";
    HttpResponse<String> many =
        publishWithKey("[" + String.join(",", Collections.nCopies(5001, small)) + "]");
    assertThat(many.statusCode()).isEqualTo(413);
    assertThat(hub.json(many).get("error").get("code").asText()).isEqualTo("RequestEntityTooLarge");
    String large = event("x").replace("0.10", "\"" + "x".repeat(1 << 20) + "\"");
    HttpResponse<String> big = publishWithKey("[" + large + "]");
    assertThat(big.statusCode()).isEqualTo(413);
    assertThat(hub.json(big).get("error").get("code").asText()).isEqualTo("RequestEntityTooLarge");
    assertThat(publishWithKey("[" + small + "]").statusCode()).isEqualTo(200);
  }

  @Test
  void letsNobodyInWithoutAKeyATokenOrABearer() throws Exception {
    String body = "[" + event("a") + "]";
    assertThat(publish(body).statusCode()).isEqualTo(401);
    assertThat(publish(body, "aeg-sas-key", "c2VjcmV0LWtleR==").statusCode()).isEqualTo(401);
    assertThat(publish(body, "aeg-sas-key", "").statusCode()).isEqualTo(401);
    assertThat(publish(body, "Authorization", "Bearer other").statusCode()).isEqualTo(401);
    assertThat(publish(body, "Authorization", "Basic eDp5").statusCode()).isEqualTo(401);
    HttpResponse<String> both =
        publish(body, "aeg-sas-key", KEY, "Authorization", "Bearer dev-token");
    assertThat(both.statusCode()).isEqualTo(400);
    assertThat(hub.json(both).get("error").get("message").asText()).contains("exactly one");
    assertThat(stored()).isEmpty();
    assertThat(publish(body, "Authorization", "Bearer dev-token").statusCode()).isEqualTo(200);
  }

  @Test
  void aTopicWithKeysOfItsOwnTakesThoseAndNotTheHubs() throws Exception {
    String path = TOPIC.replace("user-events", "own");
    String body = "[" + event("a") + "]";
    String json = "application/json";
    assertThat(hub.post(path, body, "Content-Type", json, "aeg-sas-key", "one").statusCode())
        .isEqualTo(200);
    assertThat(hub.post(path, body, "Content-Type", json, "aeg-sas-key", "dHdv").statusCode())
        .isEqualTo(200);
    assertThat(hub.post(path, body, "Content-Type", json, "aeg-sas-key", KEY).statusCode())
        .isEqualTo(401);
    HttpResponse<String> unknown =
        hub.post(
            TOPIC.replace("user-events", "nobodys"),
            body,
            "Content-Type",
            json,
            "aeg-sas-key",
            KEY);
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(hub.json(unknown).get("error").get("code").asText()).isEqualTo("ResourceNotFound");
  }

  @Test
  void aTokenIsGoodForItsResourceUntilItExpires() throws Exception {
    String body = "[" + event("a") + "]";
    String resource = hub.at("/user-events/api/events").toString();
    assertThat(publish(body, "aeg-sas-token", Sas.sign(resource, "1/2/2099 3:04:05 PM", KEY)))
        .returns(200, HttpResponse::statusCode);
    assertThat(publish(body, "aeg-sas-token", Sas.sign(resource, "2099-01-02 15:04:05+00:00", KEY)))
        .returns(200, HttpResponse::statusCode);
    String good = Sas.sign(resource, "1/2/2099 3:04:05 PM", KEY);
    assertThat(publish(body, "Authorization", "SharedAccessSignature " + good))
        .returns(200, HttpResponse::statusCode);
    List<String> bad =
        List.of(
            good.replace("2099", "2098"),
            good.substring(0, good.length() - 6),
            Sas.sign(resource, "1/2/2020 3:04:05 PM", KEY),
            Sas.sign(resource.replace("user-events", "own"), "1/2/2099 3:04:05 PM", KEY),
            Sas.sign(resource, "1/2/2099 3:04:05 PM", "b3RoZXI="),
            Sas.sign(resource, "some day", KEY),
            Sas.sign(resource, "2099-01-02T15:04:05Z some day", KEY),
            "nonsense",
            "r=%zz&e=1&s=1");
    for (String token : bad) {
      HttpResponse<String> answer = publish(body, "aeg-sas-token", token);
      assertThat(answer.statusCode()).as(token).isEqualTo(401);
      assertThat(answer.body()).doesNotContain(KEY);
    }
  }

  @Test
  void acceptsEncodersThatDifferInTheCaseOfHexDigits() throws Exception {
    String resource = hub.at("/user-events/api/events").toString();
    String lower =
        Sas.sign(resource, "1/2/2099 3:04:05 PM", KEY, text -> text.replace("%2F", "%2f"));
    assertThat(publish("[" + event("a") + "]", "aeg-sas-token", lower))
        .returns(200, HttpResponse::statusCode);
  }
}
