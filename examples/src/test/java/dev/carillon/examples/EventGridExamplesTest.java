package dev.carillon.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Guarantee;
import dev.carillon.core.Outcome;
import dev.carillon.eventgrid.EventGridClient;
import dev.carillon.eventgrid.EventGridConfig;
import dev.carillon.eventgrid.EventGridCredential;
import dev.carillon.eventgrid.EventGridTopicConfig;
import dev.carillon.testkit.HubProcess;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Event Grid examples do what they say, at a hub. */
@Timeout(120)
final class EventGridExamplesTest {

  @TempDir private Path folder;

  @Test
  void theExamplesPublish() throws Exception {
    try (HubProcess hub = HubProcess.start(folder.resolve("data"));
        EventGridClient client = EventGridTopics.patient(config(hub), "ZGVtbw==")) {
      assertThat(EventGridTopics.emit(client).guarantee()).isEqualTo(Guarantee.STORED);
      assertThat(EventGridTopics.emitAsync(client).join().guarantee()).isEqualTo(Guarantee.STORED);
      assertThat(EventGridTopics.emitMany(client)).hasSize(2).allMatch(Outcome::isAccepted);
      EventGridPatterns.publishUserEvent(client, "login", 7, Map.of("ip", "192.168.1.1")).join();
      EventGridPatterns.publishDomainEvent(client).join();
      SimpleMeterRegistry registry = new SimpleMeterRegistry();
      EventGridPatterns.observed(client, registry, () -> "request-123")
          .send(
              CloudEventBuilder.v1()
                  .withId("observed")
                  .withSource(URI.create("/users"))
                  .withType("user.seen")
                  .withSubject("users/7")
                  .build())
          .join();
      assertThat(registry.get("carillon.events.published").counter().count()).isEqualTo(1);
      assertThat(stored(hub))
          .contains("\"user.login\"", "\"orders/456\"", "\"correlation_id\":\"request-123\"");
    }
    try (EventGridClient azure = EventGridTopics.inAzure()) {
      assertThat(azure.topics()).containsExactlyInAnyOrder("user-events", "order-events");
    }
  }

  @Test
  void whatIsAroundTopicsCountsAllThatIsEmitted() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    EventGridCredential key = EventGridCredential.signingKey("ZGVtbw==");
    try (HubProcess hub = HubProcess.start(folder.resolve("counted"));
        EventGridClient client = EventGridPatterns.counting(config(hub), key, registry)) {
      EventGridTopics.emit(client);
      EventGridTopics.emitMany(client);
      EventGridTopics.emitAsync(client).join();
    }
    assertThat(registry.counter("carillon.events.published", "topic", "user-events").count())
        .isEqualTo(3);
    assertThat(registry.counter("carillon.events.published", "topic", "order-events").count())
        .isEqualTo(1);
  }

  private static EventGridConfig config(HubProcess hub) {
    return EventGridConfig.of(
        new EventGridTopicConfig("user-events", hub.http() + "/user-events/api/events"),
        new EventGridTopicConfig("order-events", hub.http() + "/order-events/api/events"));
  }

  private static String stored(HubProcess hub) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(hub.http().resolve("/api/events")).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }
}
