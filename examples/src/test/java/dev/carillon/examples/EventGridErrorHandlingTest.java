package dev.carillon.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.carillon.core.EventConnectionException;
import dev.carillon.core.Guarantee;
import dev.carillon.eventgrid.EventGridClient;
import dev.carillon.eventgrid.EventGridConfig;
import dev.carillon.eventgrid.EventGridCredential;
import dev.carillon.eventgrid.EventGridHttpException;
import dev.carillon.eventgrid.EventGridTopicConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the example makes of a topic's refusals. */
@Timeout(120)
final class EventGridErrorHandlingTest {

  private static final EventGridCredential KEY = EventGridCredential.signingKey("ZGVtbw==");

  private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();
  private final List<String> log = new ArrayList<>();
  private HttpServer topic;

  @BeforeEach
  void start() throws IOException {
    topic = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    topic.createContext("/", this::answer);
    topic.start();
  }

  @AfterEach
  void stop() {
    topic.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.sendResponseHeaders(Objects.requireNonNullElse(answers.poll(), 200), -1);
    }
  }

  private EventGridConfig config() {
    return config(topic.getAddress().getPort());
  }

  private static EventGridConfig config(int port) {
    String endpoint = "http://127.0.0.1:" + port + "/api/events";
    return EventGridConfig.of(new EventGridTopicConfig("user-events", endpoint));
  }

  private Guarantee publish(EventGridClient client) {
    return EventGridErrorHandling.publish(client, Map.of("user_id", 12345), log::add).guarantee();
  }

  @ParameterizedTest
  @CsvSource({"400", "401", "403"})
  void aClientErrorIsThrownAtOnce(int status) {
    answers.add(status);
    try (EventGridClient client = EventGridErrorHandling.retrying(config(), KEY)) {
      assertThatThrownBy(() -> publish(client)).isInstanceOf(EventGridHttpException.class);
    }
    assertThat(log)
        .singleElement()
        .asString()
        .startsWith("client error")
        .contains("HTTP " + status);
  }

  @ParameterizedTest
  @CsvSource({"429", "503"})
  void whatMayPassIsTriedAgain(int status) {
    answers.add(status);
    try (EventGridClient client = EventGridErrorHandling.retrying(config(), KEY)) {
      assertThat(publish(client)).isEqualTo(Guarantee.ACKNOWLEDGED);
    }
    assertThat(answers).isEmpty();
    assertThat(log).isEmpty();
  }

  @Test
  void theLastRefusalIsThrown() {
    answers.addAll(List.of(429, 503, 500, 503));
    try (EventGridClient client = EventGridErrorHandling.retrying(config(), KEY)) {
      assertThatThrownBy(() -> publish(client))
          .isInstanceOfSatisfying(
              EventGridHttpException.class, e -> assertThat(e.status()).isEqualTo(503));
    }
    assertThat(answers).isEmpty();
    assertThat(log).singleElement().asString().startsWith("still refused");
  }

  @Test
  void whatNobodyAnswersIsSaidToo() {
    try (EventGridClient client =
        EventGridClient.builder().config(config(1)).credential(KEY).build()) {
      assertThatThrownBy(() -> publish(client)).isInstanceOf(EventConnectionException.class);
    }
    assertThat(log).singleElement().asString().contains("no network");
  }
}
