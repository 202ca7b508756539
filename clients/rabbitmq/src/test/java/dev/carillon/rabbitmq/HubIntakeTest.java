package dev.carillon.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.amqp.MessageFormat;
import dev.carillon.formats.EventFormats;
import dev.carillon.testkit.HubProcess;
import dev.carillon.testkit.engines.RabbitBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is published to a broker is found in the hub that was told of it. */
@Timeout(180)
final class HubIntakeTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private final RabbitBroker broker = Brokers.shared();
  private final String exchange = Brokers.unique("hub");
  private final String queue = Brokers.unique("hub-queue");

  private HubProcess hub(String... more) {
    String[] flags = new String[6 + more.length];
    String[] own = {"--amqp-url", broker.url(), "--amqp-exchange", exchange, "--amqp-queue", queue};
    System.arraycopy(own, 0, flags, 0, own.length);
    System.arraycopy(more, 0, flags, own.length, more.length);
    return HubProcess.start(folder.resolve("data"), flags);
  }

  private static EventPublisherConfigBuilder to(String url, String exchange) {
    return RabbitPeer.settings(url, exchange).retryAttempts(20);
  }

  private static boolean isPublished(EventPublisher publisher, String id) {
    return publisher
        .publishAsync(OutgoingEvent.of("workout.moved", Map.of("amount", 1)).withId(id))
        .handle((receipt, error) -> error == null)
        .join();
  }

  private static Set<String> stored(URI hub) {
    Set<String> ids = new TreeSet<>();
    events(hub).forEach(event -> ids.add(event.get("id").textValue()));
    return ids;
  }

  private static JsonNode events(URI hub) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(hub.resolve("/api/events?limit=10000")).GET().build();
      return new ObjectMapper()
          .readTree(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Test
  void nothingConfirmedIsMissingInTheHubThoughBothAreKilled() {
    Set<String> sent = new TreeSet<>();
    HubProcess hub = hub();
    try (EventPublisher publisher = EventPublisher.of(to(broker.url(), exchange).build())) {
      for (int i = 0; i < 600; i++) {
        String id = "event-" + i;
        await().pollDelay(Duration.ZERO).atMost(PATIENCE).until(() -> isPublished(publisher, id));
        sent.add(id);
        if (i == 200) {
          broker.kill();
          broker.restart();
        } else if (i == 400) {
          hub.kill();
          hub = hub();
        }
      }
      URI http = hub.http();
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(stored(http)).isEqualTo(sent));
      assertThat(events(http)).hasSize(600);
    } finally {
      hub.close();
    }
  }

  @Test
  void everyFormatIsStoredAlike() {
    try (HubProcess hub = hub()) {
      publishTo(broker.url(), MessageFormat.json(), "json");
      publishTo(broker.url(), MessageFormat.binary(), "binary");
      publishTo(broker.url(), MessageFormat.structured(EventFormats.protobuf()), "protobuf");
      publishTo(broker.url(), MessageFormat.structured(EventFormats.messagePack()), "msgpack");
      await().atMost(PATIENCE).until(() -> stored(hub.http()).size() == 4);
      for (JsonNode event : events(hub.http())) {
        assertThat(event.get("type").textValue()).isEqualTo("workout.moved");
        assertThat(event.get("source").textValue()).isEqualTo("/" + exchange);
        assertThat(event.get("organizationid").textValue()).isEqualTo("lab-7");
        assertThat(event.get("data").get("amount").intValue()).isEqualTo(1);
      }
    }
  }

  private void publishTo(String url, MessageFormat format, String id) {
    try (EventPublisher publisher = EventPublisher.of(to(url, exchange).format(format).build())) {
      await().pollDelay(Duration.ZERO).atMost(PATIENCE).until(() -> isPublished(publisher, id));
    }
  }

  @Test
  void theHubsOwnBrokerNeedsNoInstallationAndKeepsToItsPassword() {
    try (HubProcess hub =
        HubProcess.start(folder.resolve("own"), "--amqp-port", "0", "--api-key", "s3cret")) {
      String address = hub.amqp().toString();
      EventPublisherConfigBuilder wrong = to(address, "fitviz.events");
      try (EventPublisher publisher = EventPublisher.of(wrong.build())) {
        assertThat(isPublished(publisher, "refused")).isFalse();
      }
      String known = address.replace("://", "://guest:s3cret@");
      try (EventPublisher publisher = EventPublisher.of(to(known, "fitviz.events").build())) {
        await().atMost(PATIENCE).until(() -> isPublished(publisher, "taken"));
      }
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                HttpRequest request =
                    HttpRequest.newBuilder(hub.http().resolve("/api/events"))
                        .header("X-Api-Key", "s3cret")
                        .build();
                assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body())
                    .contains("\"id\":\"taken\"")
                    .doesNotContain("refused");
              });
      assertThat(hub.stop()).isZero();
      assertThat(hub.log()).doesNotContain("s3cret");
    }
  }
}
