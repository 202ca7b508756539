package dev.carillon.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.hub.amqp.EmbeddedBroker;
import dev.carillon.rabbitmq.EventPublisher;
import io.cloudevents.CloudEvent;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples do what they say, at a broker in this process. */
@Timeout(120)
final class RabbitMqExamplesTest {

  private final List<CloudEvent> received = new CopyOnWriteArrayList<>();
  private EmbeddedBroker broker;
  private String url;
  private GymNotifications notifications;

  @BeforeEach
  void start() throws IOException {
    broker = EmbeddedBroker.start("127.0.0.1", 0, "guest");
    url = broker.address().toString();
    notifications = new GymNotifications(url, received::add);
    assertThat(notifications.awaitReady()).isTrue();
  }

  @AfterEach
  void stop() {
    notifications.close();
    broker.close();
  }

  private void awaitReceived(int count) {
    await().atMost(Duration.ofSeconds(60)).until(() -> received.size() == count);
  }

  @Test
  void everyWayToPublishIsReceived() throws Exception {
    assertThat(GymPublishing.basic(url, () -> "gym-1")).isTrue();
    try (EventPublisher publisher = EventPublisher.of(GymPublishing.configured(url))) {
      assertThat(GymPublishing.typed(publisher)).isTrue();
      assertThat(GymPublishing.async(publisher).join()).startsWith("confirmed at");
      assertThat(GymPublishing.batch(publisher, List.of("1", "2", "3"))).isEmpty();
      Map<String, Object> workout = Map.of("workout_id", "9", "title", "Spinning");
      assertThat(GymPublishing.strict(publisher, workout)).hasSize(36);
      assertThat(GymPublishing.strict(publisher, Map.of()))
          .startsWith("wrong:")
          .contains("workout_id");
    }
    assertThat(GymPublishing.named(url)).isTrue();
    awaitReceived(9);
    assertThat(received)
        .extracting(event -> event.getExtension("organizationid"))
        .contains("gym-1", "gym-2");
    await().atMost(Duration.ofSeconds(60)).until(() -> notifications.handled() == 9);
    List<String> told = new ArrayList<>();
    for (CloudEvent event : received) {
      GymNotifications.telling(told::add).handle(event);
    }
    assertThat(told).contains("New: Morning Yoga", "New: Spinning");
    assertThat(notifications.tryDeadLettersAgain()).isZero();
    assertThat(GymPublishing.asCloudEvents(url).format()).isNotNull();
    GymPublishing.fromEnvironment().close();
  }

  @Test
  void aTypeOfOnesOwnIsChecked() {
    try (EventPublisher publisher = GymPublishing.knowing(url)) {
      assertThat(GymPublishing.refused(publisher))
          .extracting(Object::toString)
          .containsExactlyInAnyOrder(
              "data.locker_id: integer found, string expected", "data.until: is required");
    }
  }

  @Test
  void eachRequestPublishesForItsOwnOrganization() throws Exception {
    try (GymServer server = new GymServer(url)) {
      for (String organization : List.of("gym-1", "gym-2")) {
        assertThat(post(server, "Yoga", organization)).isEqualTo(201);
      }
      assertThat(post(server, "Nobody's", null)).isEqualTo(201);
      awaitReceived(2);
    }
    assertThat(received)
        .extracting(event -> event.getExtension("organizationid"))
        .containsExactlyInAnyOrder("gym-1", "gym-2");
  }

  @Test
  void metersSeeWhatIsPublishedInWhateverWay() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (EventPublisher publisher = EventPublisher.of(GymPublishing.configured(url))) {
      GymPublishing.metered(publisher, registry);
      assertThat(publisher.publish("workout.deleted", Map.of("workout_id", "123"))).isTrue();
      assertThat(count(registry, "fitviz.published")).isEqualTo(1);
      assertThat(publisher.publish("workout.deleted", Map.of())).isFalse();
      assertThat(GymPublishing.batch(publisher, List.of("1", "2"))).isEmpty();
      assertThat(count(registry, "fitviz.published")).isEqualTo(3);
      assertThat(count(registry, "fitviz.failed")).isEqualTo(1);
      assertThat(count(registry, "fitviz.invalid")).isEqualTo(1);
      assertThat(registry.get("fitviz.pending").gauge().value()).isZero();
      FunctionTimer confirm = registry.get("fitviz.confirm").functionTimer();
      assertThat(confirm.count()).isEqualTo(3);
      assertThat(confirm.mean(TimeUnit.SECONDS)).isPositive().isLessThan(60);
    }
  }

  private static double count(MeterRegistry registry, String name) {
    return registry.get(name).functionCounter().count();
  }

  private static int post(GymServer server, String title, @Nullable String organization)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.port() + "/workouts?" + title))
            .POST(HttpRequest.BodyPublishers.noBody());
    if (organization != null) {
      request.header("X-Organization-Id", organization);
    }
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.discarding()).statusCode();
  }
}
