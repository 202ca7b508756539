package dev.carillon.hub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A hub and a real webhook; a thousand seconds of the schedule pass in one. */
abstract class SubscribedHub extends HubTest {

  static final String ALL = "/api/eventgrid/subscriptions";
  static final Duration PATIENCE = Duration.ofSeconds(40);

  Webhooks webhook;

  @BeforeEach
  void listen() throws Exception {
    webhook = new Webhooks();
  }

  @Override
  List<String> flags() {
    return List.of("--eventgrid-private-targets", "--eventgrid-time-scale=1000");
  }

  @AfterEach
  void stop() {
    webhook.close();
  }

  HttpResponse<String> subscribe(String name, String more) throws Exception {
    String body = "{\"topic\":\"t\",\"endpointUrl\":\"" + webhook.url() + "\"" + more + "}";
    return hub.put(ALL + "/" + name, body);
  }

  void publish(int from, int to) throws Exception {
    StringJoiner batch = new StringJoiner(",", "[", "]");
    for (int i = from; i < to; i++) {
      batch.add(event("e" + i, "users/" + i, "user.created", i));
    }
    assertThat(hub.post("/t/api/events", batch.toString()).statusCode()).isEqualTo(200);
  }

  static String event(String id, String subject, String type, int number) {
    return "{\"id\":\"%s\",\"subject\":\"%s\",\"eventType\":\"%s\",\"dataVersion\":\"2.0\",\"data\":{\"n\":%d}}"
        .formatted(id, subject, type, number);
  }

  void awaitIds(List<String> ids) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(webhook.ids()).containsExactlyInAnyOrderElementsOf(ids));
  }

  JsonNode deadLetters(String name) throws Exception {
    return hub.json(hub.get(ALL + "/" + name + "/deadletters"));
  }
}
