package dev.carillon.dataservices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import dev.carillon.testkit.HubPeer;
import dev.carillon.testkit.HubProcess;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes to a real hub comes back whole, whichever way it went and is read. */
@Timeout(120)
final class HubRoundTripTest {

  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @TempDir private Path folder;
  private HubPeer hub;
  private EventClient client;

  @BeforeEach
  void start() {
    hub = new HubPeer(folder.resolve("data"), address -> EventClient.of(address.toString()));
    client = (EventClient) hub.openSink();
  }

  @AfterEach
  void stop() {
    client.close();
    hub.close();
  }

  private static CloudEventBuilder event(String id, String data) {
    return CloudEventBuilder.v1()
        .withId(id)
        .withSource(URI.create("urn:lab:7?x=%20y#z"))
        .withType("sample.processed")
        .withTime(OffsetDateTime.parse("2026-11-01T02:03:04.123456+02:00"))
        .withData("application/json", data.getBytes(StandardCharsets.UTF_8));
  }

  /** One of every kind of attribute, extension and data. */
  private static List<CloudEvent> zoo() {
    return List.of(
        event("plain", "{\"n\":1}").withSubject("s").build(),
        event("no subject", "{}").build(),
        event("no time", "{}").withSubject("s").withTime((OffsetDateTime) null).build(),
        event("numbers", "{\"exact\":0.1234567890123456789,\"big\":123456789012345678901234567890}")
            .build(),
        event("nested", "{\"a\":[1,[2,{\"b\":null}],true,\"\"],\"\":{}}").build(),
        event("ünï/\"\\ 🎉 %2F?#", "{\"ключ\":\"🎉\\\"\\\\\\n\\u2028\\ud83c\\udf89\"}")
            .withSubject("ünï 🎉")
            .build(),
        event("many subjects", "{}")
            .withSubject("a")
            .withExtension("subjects", "[\"a\",\"b\",\"a\"]")
            .build(),
        event("other subjects", "{}").withSubject("a").withExtension("subjects", "[\"b\"]").build(),
        event("lists", "{}")
            .withExtension("tags", "[\"x\",\"y\"]")
            .withExtension("sourcetraceids", "[\"t1\",\"t2\"]")
            .build(),
        event("people", "{}")
            .withExtension("organizationid", "org")
            .withExtension("userid", "user")
            .build(),
        event("no lists", "{}").withExtension("tags", "no list").build(),
        event("types", "{}")
            .withExtension("flag", true)
            .withExtension("count", -7)
            .withExtension("text", "12")
            .withExtension("yes", "true")
            .build(),
        event("schema", "{}").withDataSchema(URI.create("http://schema/1#x")).build(),
        event("traced", "{}").withExtension("traceparent", TRACE).build(),
        event("odd trace", "{}").withExtension("traceparent", "odd").build(),
        event("type of its own", "{}").withData("application/lab+json", utf8("{}")).build(),
        event("array", "[1,\"2\",{}]").build(),
        event("long", "{\"note\":\"" + "x".repeat(900_000) + "\"}").build());
  }

  private static EventMessage message(String id, Map<String, String> data) {
    return EventMessage.builder().id(id).topic("t").subjects("s").data(data).build();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** An event as a map, with what the hub may say in another way brought to one. */
  private static Map<String, Object> content(CloudEvent event) throws Exception {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("id", event.getId());
    content.put("source", event.getSource());
    content.put("type", event.getType());
    content.put("subject", String.valueOf(event.getSubject()));
    content.put("dataschema", String.valueOf(event.getDataSchema()));
    content.put("datacontenttype", String.valueOf(event.getDataContentType()));
    OffsetDateTime time = event.getTime();
    content.put("time", time == null ? "none" : time.toInstant());
    for (String name : event.getExtensionNames()) {
      content.put(name, event.getExtension(name));
    }
    content.remove("subjects", "[]"); // said of an event about nothing in particular
    content.put("data", json(event.getData().toBytes()));
    return content;
  }

  /** What the query makes of it: decimals are doubles, and a list that is none is one of one. */
  private static Map<String, Object> asQueried(CloudEvent event) throws Exception {
    Map<String, Object> queried = content(event);
    queried.replace("tags", "no list", "[\"no list\"]");
    JsonNode withDoubles = Json.MAPPER.readTree(event.getData().toBytes());
    queried.put("data", json(Json.MAPPER.writeValueAsBytes(withDoubles)));
    return queried;
  }

  private static JsonNode json(byte[] data) throws Exception {
    return Json.MAPPER
        .reader()
        .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .readTree(data);
  }

  private void assertComesBackWhole(List<CloudEvent> sent) throws Exception {
    Map<String, CloudEvent> arrived = new LinkedHashMap<>();
    hub.arrived().forEach(event -> arrived.put(event.getId(), event));
    Map<String, StoredEvent> queried = new LinkedHashMap<>();
    client
        .queryEvents(EventQuery.all(), 10_000, 0)
        .forEach(stored -> queried.put(stored.id(), stored));
    Map<String, StoredEvent> streamed = new LinkedHashMap<>();
    client
        .streamEvents(EventQuery.ofTopic("sample.*"), 3)
        .forEach(stored -> streamed.put(stored.id(), stored));
    assertThat(queried).hasSameSizeAs(sent).isEqualTo(streamed);
    for (CloudEvent event : sent) {
      Map<String, Object> back = content(Objects.requireNonNull(arrived.get(event.getId())));
      assertSame(event, content(event), back);
      StoredEvent one = client.getEvent(event.getId()).orElseThrow();
      assertThat(one).isEqualTo(queried.get(event.getId()));
      assertThat(one.toCloudEvent().getId()).isEqualTo(event.getId());
      assertSame(event, asQueried(event), content(one.toCloudEvent()));
    }
  }

  private static void assertSame(
      CloudEvent event, Map<String, Object> expected, Map<String, Object> back) {
    Map<String, Object> comparable = new LinkedHashMap<>(back);
    if (event.getTime() == null) {
      assertThat(comparable.put("time", "none")).isInstanceOf(Instant.class);
    }
    assertThat(comparable).as(event.getId()).isEqualTo(expected);
  }

  @Test
  void everyKindOfEventComesBackWholeWhenSentAlone() throws Exception {
    for (CloudEvent event : zoo()) {
      Receipt receipt = client.sendAndAwait(event, Duration.ofSeconds(30));
      assertThat(receipt.eventId()).isEqualTo(event.getId());
      assertThat(receipt.guarantee()).isEqualTo(Guarantee.STORED);
    }
    assertComesBackWhole(zoo());
  }

  @Test
  void everyKindOfEventComesBackWholeWhenSentTogether() throws Exception {
    List<Outcome> outcomes = client.sendAll(zoo()).get(30, TimeUnit.SECONDS);
    assertThat(outcomes).hasSameSizeAs(zoo()).allMatch(Outcome::isAccepted);
    assertComesBackWhole(zoo());
  }

  @Test
  void everyKindOfEventComesBackWholeThroughARestart() throws Exception {
    client.sendAll(zoo()).get(30, TimeUnit.SECONDS);
    hub.stop();
    hub.start();
    client.sendAll(zoo()).get(30, TimeUnit.SECONDS);
    assertComesBackWhole(zoo());
  }

  @Test
  void messagesComeBackWholeInEveryNaming() {
    Instant created = Instant.parse("2026-11-01T00:00:00.000001Z");
    Map<String, Object> data = Map.of("n", 1, "list", List.of(true, "x"), "none", "");
    Map<String, Object> attributes = Map.of("note", "x", "priority", "3");
    for (FieldNaming naming : FieldNaming.values()) {
      EventMessage message =
          EventMessage.builder()
              .id(naming.name())
              .topic("équipe.status")
              .subjects("a", "b")
              .data(data)
              .tags("t")
              .createdDateUtc(created)
              .sourceTraceIds(List.of("i"))
              .organizationId("o")
              .userId("u")
              .source("/lab")
              .attributes(attributes)
              .build();
      try (EventClient named =
          EventClient.builder().url(hub.http().toString()).naming(naming).build()) {
        PublishConfirmation confirmation = named.publishEvent(message);
        assertThat(confirmation.id()).isEqualTo(naming.name());
        assertThat(confirmation.createdDateUtc()).isEqualTo(created);
        assertThat(confirmation.guarantee()).isEqualTo(Guarantee.STORED);
      }
      assertThat(client.getEvent(naming.name()))
          .contains(
              new StoredEvent(
                  naming.name(),
                  "équipe.status",
                  List.of("a", "b"),
                  data,
                  List.of("t"),
                  created,
                  List.of("i"),
                  "o",
                  "u",
                  "/lab",
                  attributes));
    }
    assertThat(client.queryEvents(EventQuery.ofTopic("équipe.*"), 10, 0))
        .hasSameSizeAs(FieldNaming.values());
  }

  @Test
  void compressesRequestsAndAnswers() throws Exception {
    try (EventClient packing =
        EventClient.builder().url(hub.http().toString()).compressFrom(1).build()) {
      List<CloudEvent> events =
          IntStream.range(0, 2_000)
              .mapToObj(i -> event("e" + i, "{\"n\":" + i + "}").build())
              .toList();
      assertThat(packing.sendAll(events).get(30, TimeUnit.SECONDS)).allMatch(Outcome::isAccepted);
      packing.sendAndAwait(event("single", "{}").build(), Duration.ofSeconds(10));
      assertThat(packing.streamEvents(EventQuery.all()).map(StoredEvent::id))
          .hasSize(2_001)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void tellsWhatBecameOfEachEventOfTheLargestBatch() {
    List<EventMessage> events =
        IntStream.range(0, 10_000).mapToObj(i -> message("%0200d".formatted(i), Map.of())).toList();
    assertThat(client.publishBatch(events)).hasSize(10_000).allMatch(Outcome::isAccepted);
  }

  @Test
  void tellsTheHubsTime() {
    Instant before = Instant.now();
    Instant told = client.getServerTime();
    assertThat(told).isBetween(before.minusSeconds(1), Instant.now().plusSeconds(1));
  }

  @Test
  void theKeyMustBeRight() {
    try (HubProcess guarded =
            HubProcess.start(folder.resolve("guarded"), "--api-key", "right key");
        EventClient right = keyed(guarded, "right key");
        EventClient wrong = keyed(guarded, "wrong key");
        EventClient none = EventClient.of(guarded.http().toString())) {
      EventMessage message = PublishingTest.sampleProcessed();
      assertThat(right.publishEvent(message).id()).isNotNull();
      assertThat(right.queryEvents(EventQuery.all(), 10, 0)).hasSize(1);
      for (EventClient refused : List.of(wrong, none)) {
        for (Runnable attempt :
            List.<Runnable>of(
                () -> refused.publishEvent(message),
                () -> refused.queryEvents(EventQuery.all(), 10, 0),
                () -> refused.getEvent("x"))) {
          EventHttpException failure = catchThrowableOfType(EventHttpException.class, attempt::run);
          assertThat(failure.status()).isIn(401, 403);
          assertThat(failure.isRetryable()).isFalse();
          assertThat(failure.mayHaveArrived()).isFalse();
          assertThat(failure.toString()).doesNotContain("right key", "wrong key");
        }
      }
      assertThat(guarded.log()).doesNotContain("right key", "wrong key");
    }
  }

  private static EventClient keyed(HubProcess hub, String key) {
    return EventClient.builder().url(hub.http().toString()).apiKey(key).build();
  }

  @Test
  void streamsEventsOfWhichAPageIsTooLarge() {
    List<EventMessage> messages =
        IntStream.range(0, 40)
            .mapToObj(i -> message("large-" + i, Map.of("x", "x".repeat(900_000))))
            .toList();
    assertThat(client.publishBatch(messages)).allMatch(Outcome::isAccepted);
    assertThat(client.streamEvents(EventQuery.all()).map(StoredEvent::id))
        .containsExactlyInAnyOrderElementsOf(messages.stream().map(EventMessage::id).toList());
  }
}
