package dev.carillon.hub.server;

import static dev.carillon.hub.server.RunningHub.EVENTS;
import static dev.carillon.hub.server.RunningHub.PUBLISH;
import static dev.carillon.hub.server.RunningHub.QUERY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LargeAnswersTest extends HubTest {

  private static final String LARGE = "x".repeat(1_000_000);
  private static final String EVENT =
      "{\"topic\":\"t\",\"subjects\":[],\"data\":{\"x\":\"" + LARGE + "\"}}";
  private static final String OF_A_CONVERSATION =
      "{\"conversation_id\":\"c\",\"event_name\":\"event_a\",\"input\":\"" + LARGE + "\"}";
  private static final String ALL = EVENTS + "?limit=100";

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
      assertThat(hub.post("/event", OF_A_CONVERSATION).statusCode()).isEqualTo(202);
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
    close(slow);
    Awaitility.await().until(() -> hub.get(ALL).statusCode() == 200);
  }

  @Test
  void readersThatTakeTooLongAreHungUpOn() throws Exception {
    hub.close();
    start("--answer-timeout=5");
    publish(15);
    List<Socket> slow = readSlowlyUntilRefused();
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> hub.get(ALL).statusCode() == 200);
    close(slow);
  }

  @Test
  void oneLargeEventCountsToo() throws Exception {
    String id = hub.json(hub.post(PUBLISH, EVENT)).get("id").textValue();
    assertThatItCounts(PUBLISH + "/" + id);
  }

  @Test
  void oneLargeEventOfAConversationCountsToo() throws Exception {
    String id = hub.json(hub.post("/event", OF_A_CONVERSATION)).get("data").get("id").textValue();
    assertThatItCounts("/event/" + id);
  }

  @Test
  void deadLettersCountToo() throws Exception {
    hub.close();
    start("--eventgrid-private-targets", "--eventgrid-time-scale=1000");
    try (Webhooks webhook = new Webhooks()) {
      webhook.script(call -> 400);
      String subscription = "/api/eventgrid/subscriptions/refusing";
      hub.put(subscription, "{\"topic\":\"t\",\"endpointUrl\":\"" + webhook.url() + "\"}");
      String event =
          "{\"id\":\"e\",\"subject\":\"s\",\"eventType\":\"t\",\"dataVersion\":\"1\",\"data\":\""
              + LARGE
              + "\"}";
      assertThat(hub.post("/t/api/events", "[" + event + "]").statusCode()).isEqualTo(200);
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> hub.json(hub.get(subscription)).get("dead").intValue() == 1);
      assertThatItCounts(subscription + "/deadletters");
    }
  }

  @Test
  void aBatchIsNotStoredWhileThereIsNoRoomForAnswers() throws Exception {
    String path = PUBLISH + "/batch";
    StringBuilder members = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      members.append("\"wrong").append(i).append("\":1,");
    }
    String right = "{\"id\":\"%s\",\"topic\":\"t\",\"subjects\":[],\"data\":{}}";
    String batch = "[" + ("{" + members + "\"topic\":\"t\"},").repeat(9_000) + right + "]";
    List<Socket> slow = new ArrayList<>();
    HttpResponse<String> last;
    do {
      String body = batch.formatted("slow-" + slow.size());
      slow.add(
          ask(
              "POST " + path,
              "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n",
              body));
      last = hub.post(path, "[" + right.formatted("last-" + slow.size()) + "]");
    } while (slow.size() < 30 && last.statusCode() == 200);
    assertThat(last.statusCode()).isEqualTo(503);
    assertThat(hub.get(PUBLISH + "/last-" + slow.size()).statusCode()).isEqualTo(404);
    assertThat(hub.get(PUBLISH + "/slow-" + (slow.size() - 1)).statusCode()).isEqualTo(200);
    close(slow);
    Awaitility.await().until(() -> hub.post(path, "[]").statusCode() == 200);
  }

  /** Has clients ask for more than they take, until there is no room for another answer. */
  private void assertThatItCounts(String path) throws Exception {
    List<Socket> slow = new ArrayList<>();
    HttpResponse<String> last;
    do {
      Socket socket = ask("GET " + path, "", "");
      slow.add(socket);
      for (int more = 0; more < 4; more++) { // the system's own buffers take some
        send(socket, "GET " + path, "", "");
      }
      last = hub.get(path);
    } while (slow.size() < 300 && last.statusCode() == 200);
    assertThat(last.statusCode()).isEqualTo(503);
    assertThat(last.headers().firstValue("Retry-After")).isPresent();
    close(slow);
    Awaitility.await().until(() -> hub.get(path).statusCode() == 200);
  }

  /** Sends a request, and reads no more than the first byte of the answer. */
  private Socket ask(String what, String headers, String body) throws Exception {
    Socket socket = hub.socket();
    send(socket, what, headers, body);
    assertThat(socket.getInputStream().read()).isEqualTo('H');
    return socket;
  }

  private static void send(Socket socket, String what, String headers, String body)
      throws Exception {
    String request = what + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n" + body;
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  private static void close(List<Socket> sockets) throws Exception {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private List<Socket> readSlowlyUntilRefused() throws Exception {
    List<Socket> slow = new ArrayList<>();
    HttpResponse<String> last;
    do {
      slow.add(ask("GET " + ALL, "", ""));
      last = hub.get(ALL);
    } while (slow.size() < 30 && last.statusCode() == 200);
    assertThat(last.statusCode()).isEqualTo(503);
    assertThat(last.headers().firstValue("Retry-After")).isPresent();
    return slow;
  }

  private void publish(int events) throws Exception {
    for (int i = 0; i < events; i++) {
      assertThat(hub.post(PUBLISH, EVENT).statusCode()).isEqualTo(200);
    }
  }
}
