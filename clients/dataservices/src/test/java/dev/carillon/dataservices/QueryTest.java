package dev.carillon.dataservices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.core.EventException;
import dev.carillon.core.EventValidationException;
import dev.carillon.dataservices.ScriptedServer.Reply;
import dev.carillon.dataservices.ScriptedServer.Request;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class QueryTest {

  private static final String EVENT =
      """
      {"id":"1","topic":"sample.processed","subjects":["sample-123"],"data":{"score":98.5,"n":1},
       "tags":["a"],"createdDateUtc":"2023-10-15T14:30:00Z","sourceTraceIds":["b"],
       "organizationId":"org","userId":"user","source":"/lab","attributes":{"priority":3}}""";

  private static Reply page(Request request, int total) {
    var parameters =
        List.of(request.path().split("[?&=]")).stream().skip(1).collect(Collectors.toList());
    int limit = Integer.parseInt(parameters.get(1));
    int offset = Integer.parseInt(parameters.get(3));
    String events =
        IntStream.range(offset, Math.min(total, offset + limit))
            .mapToObj(i -> "{\"id\":\"" + i + "\",\"topic\":\"t\"}")
            .collect(Collectors.joining(","));
    return events.isEmpty() ? Reply.of(204, "") : Reply.of(200, "[" + events + "]");
  }

  @Test
  void asksForWhatIsWanted() throws Exception {
    EventQuery query =
        EventQuery.builder()
            .topic("sample.*")
            .subjects("s")
            .tags("a", "b")
            .createdFrom(Instant.parse("2026-11-01T00:00:00Z"))
            .createdTo(Instant.parse("2026-11-02T00:00:00Z"))
            .sourceTraceIds("x")
            .organizationId("org")
            .userId("user")
            .newestFirst()
            .build();
    try (var server = ScriptedServer.answering(Reply.of(200, "[" + EVENT + "]"));
        var client = EventClient.of(server.url())) {
      StoredEvent event = client.queryEvents(query, 10, 20).get(0);
      assertThat(server.only().path())
          .isEqualTo("/api/v2.0/QueryService/Events?limit=10&offset=20&order=desc");
      assertThat(server.only().method()).isEqualTo("POST");
      assertThat(server.only().header("Accept-Encoding")).isEqualTo("gzip");
      assertThat(server.only().body())
          .isEqualTo(
              "{'topic':'sample.*','subjects':['s'],'tags':['a','b'],'createdFrom':'2026-11-01T00:00:00Z','createdTo':'2026-11-02T00:00:00Z','sourceTraceIds':['x'],'organizationId':'org','userId':'user'}"
                  .replace('\'', '"'));
      assertThat(event)
          .isEqualTo(
              new StoredEvent(
                  "1",
                  "sample.processed",
                  List.of("sample-123"),
                  Map.of("score", 98.5, "n", 1),
                  List.of("a"),
                  Instant.parse("2023-10-15T14:30:00Z"),
                  List.of("b"),
                  "org",
                  "user",
                  "/lab",
                  Map.of("priority", 3)));
      assertThat(event.toCloudEvent().getExtension("priority")).isEqualTo(3);
      client.queryEvents(EventQuery.all(), 1, 0);
      assertThat(server.requests().get(1).body()).isEqualTo("{}");
    }
  }

  @Test
  void asksForWhatIsEmptyToo() throws Exception {
    EventQuery query = EventQuery.builder().topic("").organizationId("").userId("").build();
    try (var server = ScriptedServer.answering(Reply.of(200, "[]"));
        var client = EventClient.of(server.url())) {
      client.queryEvents(query, 1, 0);
      assertThat(server.only().body())
          .isEqualTo("{'topic':'','organizationId':'','userId':''}".replace('\'', '"'));
    }
  }

  @Test
  void readsNothingAsEmpty() throws Exception {
    try (var server = ScriptedServer.answering(Reply.of(204, ""));
        var client = EventClient.of(server.url())) {
      assertThat(client.queryEvents(EventQuery.all(), 10, 0)).isEmpty();
      assertThat(client.streamEvents(EventQuery.ofTopic("t"))).isEmpty();
      assertThat(client.getEvent("x")).isEmpty();
    }
  }

  @Test
  void streamsPageAfterPageAsItIsRead() throws Exception {
    try (var server = new ScriptedServer(request -> page(request, 25));
        var client = EventClient.of(server.url())) {
      assertThat(client.streamEvents(EventQuery.all(), 10).limit(3)).hasSize(3);
      assertThat(server.requests()).hasSize(1);
      assertThat(client.streamEvents(EventQuery.all(), 10).map(StoredEvent::id))
          .containsExactlyElementsOf(IntStream.range(0, 25).mapToObj(String::valueOf).toList());
      assertThat(server.requests()).hasSize(5);
    }
  }

  @Test
  void noticesAServerThatKnowsNoOffset() throws Exception {
    try (var server = ScriptedServer.answering(Reply.of(200, "[" + EVENT + "]"));
        var client = EventClient.of(server.url())) {
      assertThatThrownBy(() -> client.streamEvents(EventQuery.all(), 1).count())
          .isInstanceOf(EventException.class)
          .hasMessageContaining("same page");
    }
  }

  @Test
  void noticesItAlsoWhileEventsArrive() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (var server =
            new ScriptedServer(request -> Reply.of(200, events(asked.incrementAndGet())));
        var client = EventClient.of(server.url())) {
      assertThatThrownBy(() -> client.streamEvents(EventQuery.all(), 100).count())
          .isInstanceOf(EventException.class)
          .hasMessageContaining("same page");
    }
  }

  private static String events(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{\"id\":\"" + i + "\"}")
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Test
  void streamsFromTheNewestWhileAsManyArriveAsAPageHolds() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (var server =
            new ScriptedServer(
                request -> {
                  int arrived = asked.getAndIncrement() == 0 ? 0 : 10;
                  Matcher offset = Pattern.compile("offset=(\\d+)").matcher(request.path());
                  assertThat(offset.find()).isTrue();
                  int from = Integer.parseInt(offset.group(1)) - arrived;
                  return from >= 20
                      ? Reply.of(204, "")
                      : Reply.of(
                          200,
                          IntStream.range(from, from + 10)
                              .mapToObj(i -> "{\"id\":\"" + i + "\"}")
                              .collect(Collectors.joining(",", "[", "]")));
                });
        var client = EventClient.of(server.url())) {
      EventQuery newest = EventQuery.builder().newestFirst().build();
      assertThat(client.streamEvents(newest, 10).map(StoredEvent::id))
          .containsExactlyElementsOf(IntStream.range(0, 20).mapToObj(String::valueOf).toList());
    }
  }

  @Test
  void findsOneEvent() throws Exception {
    try (var server =
            new ScriptedServer(
                request -> Reply.of(request.path().endsWith("/a%20b%2F%3F") ? 200 : 404, EVENT));
        var client = EventClient.of(server.url())) {
      assertThat(client.getEvent("a b/?").orElseThrow().topic()).isEqualTo("sample.processed");
      assertThat(client.getEventAsync("other").join()).isEmpty();
    }
  }

  @Test
  void readsCompressedAnswers() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(("[" + EVENT + "]").getBytes(StandardCharsets.UTF_8));
    }
    Reply reply =
        Reply.of(200, bytes.toString(StandardCharsets.ISO_8859_1)).with("Content-Encoding", "gzip");
    try (var server = ScriptedServer.answering(reply);
        var client = EventClient.of(server.url())) {
      assertThat(client.queryEvents(EventQuery.all(), 1, 0)).hasSize(1);
    }
  }

  @Test
  void boundsWhatACompressedAnswerBecomes() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      byte[] block = " ".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < 65; i++) {
        gzip.write(block);
      }
    }
    Reply bomb =
        Reply.of(200, bytes.toString(StandardCharsets.ISO_8859_1)).with("Content-Encoding", "gzip");
    try (var server = ScriptedServer.answering(bomb);
        var client = EventClient.of(server.url())) {
      assertThatThrownBy(() -> client.queryEvents(EventQuery.all(), 1, 0))
          .isInstanceOf(EventException.class)
          .hasMessageContaining("too large");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "nonsense", "[1,"})
  void saysWhenAnAnswerCannotBeRead(String body) throws Exception {
    try (var server = ScriptedServer.answering(Reply.of(200, body));
        var client = EventClient.of(server.url())) {
      assertThatThrownBy(() -> client.queryEvents(EventQuery.all(), 1, 0))
          .isInstanceOf(EventException.class);
    }
  }

  @Test
  void refusesBoundsOutOfRange() {
    try (var client = EventClient.of("http://127.0.0.1:1")) {
      assertThatThrownBy(() -> client.queryEvents(EventQuery.all(), 0, 0))
          .isInstanceOf(EventValidationException.class);
      assertThatThrownBy(() -> client.queryEvents(EventQuery.all(), 10_001, 0))
          .isInstanceOf(EventValidationException.class);
      assertThatThrownBy(() -> client.queryEvents(EventQuery.all(), 1, -1))
          .isInstanceOf(EventValidationException.class);
      for (String id : List.of(" ", ".", "..", "ServerTime")) {
        assertThatThrownBy(() -> client.getEvent(id)).isInstanceOf(EventValidationException.class);
      }
    }
  }
}
