package dev.carillon.hub.server;

import static dev.carillon.hub.server.RunningHub.EVENTS;
import static dev.carillon.hub.server.RunningHub.PUBLISH;
import static dev.carillon.hub.server.RunningHub.QUERY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CloudEventsTest extends HubTest {

  private static final String[] STRUCTURED = {"Content-Type", "application/cloudevents+json"};
  private static final String[] BATCH = {"Content-Type", "application/cloudevents-batch+json"};

  @Test
  void takesAllThreeModes() throws Exception {
    HttpResponse<String> binary =
        hub.post(
            EVENTS,
            "{\"n\":1}",
            "ce-specversion",
            "1.0",
            "ce-id",
            "b",
            "ce-source",
            "/s",
            "ce-type",
            "t.binary",
            "ce-subject",
            "Caf%C3%A9+1",
            "ce-ext",
            "x",
            "Content-Type",
            "application/json");
    assertThat(binary.statusCode()).isEqualTo(200);
    assertThat(hub.post(EVENTS, event("s", "t.structured"), STRUCTURED).statusCode())
        .isEqualTo(200);
    assertThat(
            hub.post(EVENTS, "[" + event("b1", "t") + "," + event("b2", "t") + "]", BATCH)
                .statusCode())
        .isEqualTo(200);

    JsonNode events = hub.json(hub.get(EVENTS));
    assertThat(events.findValuesAsText("id")).containsExactly("b", "s", "b1", "b2");
    assertThat(events.get(0).get("subject").asText()).isEqualTo("Café+1");
    assertThat(events.get(0).get("ext").asText()).isEqualTo("x");
    assertThat(events.get(0).get("data").toString()).isEqualTo("{\"n\":1}");
    assertThat(events.get(1).get("data").toString()).isEqualTo("{\"k\":1}");
  }

  @Test
  void keepsDataThatIsNotJson() throws Exception {
    hub.post(
        EVENTS,
        new byte[] {0, 1, (byte) 0xff},
        "ce-specversion",
        "1.0",
        "ce-id",
        "b",
        "ce-source",
        "/s",
        "ce-type",
        "t",
        "Content-Type",
        "application/octet-stream");
    JsonNode event = hub.json(hub.get(EVENTS)).get(0);
    assertThat(event.get("data_base64").asText()).isEqualTo("AAH/");
    assertThat(event.get("datacontenttype").asText()).isEqualTo("application/octet-stream");
    assertThat(hub.json(hub.post(QUERY, "{}")).get(0).get("data").toString())
        .isEqualTo("{\"data_base64\":\"AAH/\"}");
  }

  @Test
  void refusesABadBatchButKeepsItsGoodEvents() throws Exception {
    HttpResponse<String> answer =
        hub.post(EVENTS, "[" + event("good", "t") + ",{\"id\":\"bad\"}]", BATCH);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(hub.json(answer).get("errors").findValuesAsText("field"))
        .containsExactly("[1].specversion", "[1].source", "[1].type");
    assertThat(hub.json(hub.get(EVENTS)).findValuesAsText("type")).containsExactly("t");
  }

  @Test
  void aLabelCannotBringAnotherWithIt() throws Exception {
    String event =
        """
        {"specversion":"1.0","id":"1","source":"/s","type":"t","tags":"[\\"x\\\\u001foACME\\"]"}
        """;
    hub.post(EVENTS, event, "Content-Type", "application/cloudevents+json");
    assertThat(hub.json(hub.get(EVENTS))).hasSize(1);
    assertThat(hub.post(QUERY, "{\"organizationId\":\"ACME\"}").statusCode()).isEqualTo(204);
  }

  @Test
  void refusesWhatItDoesNotSpeak() throws Exception {
    assertThat(hub.post(EVENTS, "{}", "Content-Type", "application/json").statusCode())
        .isEqualTo(415);
    assertThat(hub.post(EVENTS, event("x", "t").replace("1.0", "0.3"), STRUCTURED).statusCode())
        .isEqualTo(400);
    assertThat(
            hub.post(EVENTS, event("x", "t").replace("\"source\"", "\"So-urce\""), STRUCTURED)
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void listsByFilterAndCursor() throws Exception {
    for (int i = 0; i < 7; i++) {
      hub.post(EVENTS, event("e" + i, i % 2 == 0 ? "even.x" : "odd.x"), STRUCTURED);
    }
    List<String> seen = new ArrayList<>();
    String page = EVENTS + "?type=even.*&limit=2";
    while (page != null) {
      HttpResponse<String> answer = hub.get(page);
      seen.addAll(ids(hub.json(answer)));
      page =
          answer
              .headers()
              .firstValue("Link")
              .map(link -> link.replaceAll("<(.*)>.*", "$1"))
              .orElse(null);
    }
    assertThat(seen).containsExactly("e0", "e2", "e4", "e6");
    assertThat(hub.json(hub.get(EVENTS + "?source=/s&subject=none"))).isEmpty();
    assertThat(hub.json(hub.get(EVENTS + "?Limit=1"))).hasSize(1);
    assertThat(hub.get(EVENTS + "?after=x").statusCode()).isEqualTo(400);
    assertThat(hub.get(EVENTS + "?from=yesterday").statusCode()).isEqualTo(400);
  }

  @Test
  void namesParametersThatItDoesNotKnow() throws Exception {
    for (String target : List.of("?typ=even.*", "/stream?from=2026-11-01T00:00:00Z")) {
      HttpResponse<String> answer = hub.get(EVENTS + target);
      assertThat(answer.statusCode()).as(target).isEqualTo(400);
      assertThat(answer.body()).contains(target.replaceAll(".*\\?(.*)=.*", "\"$1\""));
    }
  }

  @Test
  void streamsWhatArrivesAndResumesWithNothingMissed() throws Exception {
    hub.post(EVENTS, event("before", "t"), STRUCTURED);
    String lastId;
    try (Live live = new Live("", "")) {
      for (int i = 0; i < 50; i++) {
        hub.post(EVENTS, event("e" + i, i % 2 == 0 ? "even" : "odd"), STRUCTURED);
      }
      List<String> first = live.read(10);
      assertThat(first.get(0)).contains("\"e0\"");
      lastId = first.get(9).replaceFirst("id: (\\d+) .*", "$1");
    }
    try (Live resumed = new Live("", "Last-Event-ID: " + lastId + "\r\n")) {
      List<String> rest = resumed.read(40);
      assertThat(rest.get(0)).contains("\"e10\"");
      assertThat(rest.get(39)).contains("\"e49\"");
    }
    try (Live filtered = new Live("?type=odd", "Last-Event-ID: 0\r\n")) {
      assertThat(filtered.read(25)).allMatch(event -> event.contains("\"odd\""));
    }
    try (Live ofAnotherLog = new Live("", "Last-Event-ID: 1000000\r\n")) {
      assertThat(ofAnotherLog.read(1).get(0)).contains("\"before\"");
    }
    assertThat(hub.get(EVENTS + "/stream", "Last-Event-ID", "x").statusCode()).isEqualTo(400);
  }

  @Test
  void tellsProxiesToPassTheStreamOnAtOnce() throws Exception {
    try (Live live = new Live("", "")) {
      assertThat(live.head).contains("X-Accel-Buffering: no", "Cache-Control: no-store");
    }
  }

  @Test
  void servesManyStreamsAtOnce() throws Exception {
    List<Live> streams = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      streams.add(new Live("", ""));
    }
    hub.post(PUBLISH, "{\"topic\":\"t\",\"subjects\":[],\"data\":{},\"id\":\"all\"}");
    for (Live stream : streams) {
      assertThat(stream.read(1).get(0)).contains("all");
      stream.close();
    }
  }

  /** A reader of the live stream, which has begun when its first comment has come. */
  private final class Live implements AutoCloseable {
    private final List<String> head = new ArrayList<>();
    private final Socket socket = hub.socket();
    private final BufferedReader lines =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));

    Live(String query, String headers) throws Exception {
      String request = "GET /api/events/stream" + query + " HTTP/1.1\r\nHost: x\r\n";
      socket
          .getOutputStream()
          .write((request + headers + "\r\n").getBytes(StandardCharsets.US_ASCII));
      String line = lines.readLine();
      while (!":".equals(line)) {
        assertThat(line).isNotNull();
        head.add(line);
        line = lines.readLine();
      }
    }

    List<String> read(int events) throws Exception {
      List<String> read = new ArrayList<>();
      String id = "";
      while (read.size() < events) {
        String line = lines.readLine();
        assertThat(line).as("after %d events", read.size()).isNotNull();
        if (line.startsWith("id: ")) {
          id = line;
        } else if (line.startsWith("data: ")) {
          read.add(id + " " + line);
        }
      }
      return read;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static List<String> ids(JsonNode events) {
    List<String> ids = new ArrayList<>();
    events.forEach(event -> ids.add(event.get("id").asText()));
    return ids;
  }

  private static String event(String id, String type) {
    return "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/s\",\"type\":\"%s\",\"data\":{\"k\":1}}"
        .formatted(id, type);
  }
}
