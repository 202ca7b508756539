package dev.carillon.hub.server;

import static dev.carillon.hub.server.RunningHub.EVENTS;
import static dev.carillon.hub.server.RunningHub.PUBLISH;
import static dev.carillon.hub.server.RunningHub.QUERY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LargeAnswersTest {

  private static final String LARGE = "x".repeat(1_000_000);
  private static final String ALL = EVENTS + "?limit=100";

  private RunningHub hub;

  @BeforeEach
  void start(@TempDir Path data) throws Exception {
    hub = RunningHub.on(data);
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void aPageEndsBeforeItIsTooLarge() throws Exception {
    publish(20);
    List<String> ids = new ArrayList<>();
    String next = ALL;
    for (int page = 0; next != null; page++) {
      HttpResponse<String> answer = hub.get(next);
      assertThat(answer.body()).hasSizeLessThanOrEqualTo(16 << 20);
      for (JsonNode event : hub.json(answer)) {
        ids.add(event.get("id").textValue());
      }
      next =
          answer
              .headers()
              .firstValue("Link")
              .map(link -> link.substring(1, link.indexOf('>')))
              .orElse(null);
      assertThat(page).isLessThan(3);
    }
    assertThat(ids).hasSize(20).doesNotHaveDuplicates();

    HttpResponse<String> answer = hub.post(QUERY + "?limit=100", "{}");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("\"field\":\"limit\"", "ask for fewer");
    assertThat(hub.json(hub.post(QUERY + "?limit=10", "{}"))).hasSize(10);
  }

  @Test
  void aConversationThatIsTooLargeIsReadInParts() throws Exception {
    for (int i = 0; i < 40; i++) {
      String event =
          "{\"conversation_id\":\"c\",\"event_name\":\"event_a\",\"input\":\"" + LARGE + "\"}";
      assertThat(hub.post("/event", event).statusCode()).isEqualTo(202);
    }
    HttpResponse<String> answer = hub.get("/events/conversation/c");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("limit: ", "ask for fewer");
    assertThat(hub.json(hub.get("/events/conversation/c?limit=20")).get("data")).hasSize(20);
  }

  @Test
  void readersThatTakeNothingAreRefusedBeforeTheyFillTheMemory() throws Exception {
    publish(15);
    List<Socket> slow = readSlowlyUntilRefused();
    for (Socket socket : slow) {
      socket.close();
    }
    Awaitility.await().until(() -> hub.get(ALL).statusCode() == 200);
  }

  @Test
  void readersThatTakeTooLongAreHungUpOn(@TempDir Path data) throws Exception {
    hub.close();
    hub =
        RunningHub.with(
            HubConfig.ofDefaults(data)
                .withTimeouts(Timeouts.ofDefaults().withAnswer(Duration.ofSeconds(5))));
    publish(15);
    List<Socket> slow = readSlowlyUntilRefused();
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> hub.get(ALL).statusCode() == 200);
    for (Socket socket : slow) {
      socket.close();
    }
  }

  private List<Socket> readSlowlyUntilRefused() throws Exception {
    List<Socket> slow = new ArrayList<>();
    HttpResponse<String> last;
    do {
      Socket socket = hub.socket();
      String request = "GET " + ALL + " HTTP/1.1\r\nHost: x\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      slow.add(socket);
      last = hub.get(ALL);
    } while (slow.size() < 30 && last.statusCode() == 200);
    assertThat(last.statusCode()).isEqualTo(503);
    assertThat(last.headers().firstValue("Retry-After")).isPresent();
    return slow;
  }

  private void publish(int events) throws Exception {
    String event = "{\"topic\":\"t\",\"subjects\":[],\"data\":{\"x\":\"" + LARGE + "\"}}";
    for (int i = 0; i < events; i++) {
      assertThat(hub.post(PUBLISH, event).statusCode()).isEqualTo(200);
    }
  }
}
