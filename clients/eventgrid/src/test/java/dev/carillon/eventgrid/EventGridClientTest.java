package dev.carillon.eventgrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.credential.TokenCredential;
import com.azure.core.exception.ClientAuthenticationException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.core.EventException;
import dev.carillon.core.EventSink;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import dev.carillon.core.SinkClosedException;
import dev.carillon.sinks.CoalescingPolicy;
import dev.carillon.sinks.EnrichingSink;
import dev.carillon.sinks.Enrichment;
import dev.carillon.testkit.HubProcess;
import io.cloudevents.CloudEvent;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** What applications do with the client, against a hub with a key. */
@Timeout(120)
final class EventGridClientTest {

  @TempDir private static Path folder;
  private static HubProcess hub;

  @BeforeAll
  static void start() {
    hub = HubProcess.start(folder.resolve("data"), "--api-key", Azure.KEY);
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  private static EventGridTopicConfig topic(String name) {
    String endpoint = Azure.http(hub, name);
    return new EventGridTopicConfig(name, endpoint)
        .withCredential(EventGridCredential.sas(Azure.sas(endpoint, 3600)));
  }

  private static EventGridClient client(String... topics) {
    List<EventGridTopicConfig> all = new ArrayList<>();
    for (String name : topics) {
      all.add(topic(name));
    }
    return EventGridClient.builder().config(new EventGridConfig(all)).build();
  }

  private static JsonNode stored(String id) {
    return Stored.in(hub).stream()
        .filter(event -> event.get("id").asText().equals(id))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no event " + id));
  }

  @Test
  void emitsToSeveralTopicsBlockingAndNot() throws Exception {
    try (EventGridClient client = client("user-events", "order-events")) {
      Receipt user =
          client.emitEvent("user-events", "user.created", "users/12345", Map.of("user_id", 12345));
      Receipt order =
          client
              .emitEventAsync(
                  "order-events", "order.completed", "orders/1", Map.of("total_amount", 99.99))
              .get();
      assertThat(user.guarantee()).isEqualTo(Guarantee.STORED);
      assertThat(stored(user.eventId()).get("eventgridtopic").asText()).isEqualTo("user-events");
      assertThat(stored(order.eventId()).get("eventgridtopic").asText()).isEqualTo("order-events");
      assertThat(stored(user.eventId()).get("data").toString()).isEqualTo("{\"user_id\":12345}");
    }
  }

  @Test
  @SuppressWarnings("NullAway") // as callers without a null checker do
  void namesWhatIsMissingAndHasSentNothing() {
    TopicEvent.Builder event = TopicEvent.builder("t", "s", Map.of());
    try (EventGridClient client = client("user-events")) {
      assertUnsent(client.emitEventAsync(null, event.build()), "topic");
      assertUnsent(client.emitEventAsync("user-events", (TopicEvent) null), "event");
      assertUnsent(
          client.emitEventAsync("user-events", TopicEvent.builder("t", "s", 1).id(null).build()),
          "id");
      assertUnsent(
          client.emitEventAsync(
              "user-events", TopicEvent.builder("t", "s", 1).eventTime(null).build()),
          "eventTime");
      assertUnsent(
          client.emitEventAsync("user-events", event.property("tenant", null).build()),
          "property tenant");
    }
  }

  private static void assertUnsent(CompletableFuture<Receipt> sent, String field) {
    assertThat(sent)
        .failsWithin(Duration.ofSeconds(30))
        .withThrowableThat()
        .havingCause()
        .isInstanceOfSatisfying(
            EventValidationException.class,
            failure -> {
              assertThat(failure.violations().get(0).field()).isEqualTo(field);
              assertThat(failure.mayHaveArrived()).isFalse();
            });
  }

  @Test
  void aTokenThatTheNetworkKeptBackIsWorthAnotherTry() {
    TokenCredential unreachable =
        request ->
            Mono.error(
                new ClientAuthenticationException(
                    "no answer", null, new SocketException("Connection reset")));
    TokenCredential refused =
        request -> Mono.error(new ClientAuthenticationException("unknown client", null));
    assertThat(failure(unreachable).isRetryable()).isTrue();
    assertThat(failure(refused).isRetryable()).isFalse();
    TokenCredential noFile =
        request ->
            Mono.error(
                new ClientAuthenticationException("no file", null, new NoSuchFileException("t")));
    assertThat(failure(noFile).isRetryable()).isFalse();
  }

  private static EventException failure(TokenCredential tokens) {
    EventGridTopicConfig topic =
        new EventGridTopicConfig("t", "https://127.0.0.1:1/t/api/events")
            .withCredential(EventGridCredential.token(tokens));
    try (EventGridClient client =
        EventGridClient.builder().config(EventGridConfig.of(topic)).build()) {
      return client
          .emitEventAsync("t", "type", "subject", Map.of())
          .handle((receipt, error) -> EventException.of(error))
          .join();
    }
  }

  @Test
  void saysInWordsWhyThereIsNoConnection() {
    EventGridTopicConfig unknown =
        new EventGridTopicConfig("typo", "http://no-such.invalid/t/api/events")
            .withCredential(EventGridCredential.sas("r=x&e=1&s=y"));
    EventGridTopicConfig closed =
        new EventGridTopicConfig("dead", "http://127.0.0.1:1/t/api/events")
            .withCredential(EventGridCredential.sas("r=x&e=1&s=y"));
    try (EventGridClient client =
        EventGridClient.builder().config(EventGridConfig.of(unknown, closed)).build()) {
      assertThatThrownBy(() -> client.emitEvent("typo", "t", "s", Map.of()))
          .hasMessageContaining("the host is not known");
      assertThatThrownBy(() -> client.emitEvent("dead", "t", "s", Map.of()))
          .hasMessageContaining("nobody answers there");
    }
  }

  @Test
  void sendsWhatAnEventSaysOfItself() {
    TopicEvent event =
        TopicEvent.builder("order.completed", "orders/67890", Map.of("order_id", 67890))
            .id("of-my-own")
            .dataVersion("2.1")
            .eventTime(Instant.parse("2023-01-01T13:00:00Z"))
            .source(URI.create("/shop"))
            .property("tenant", "blue")
            .property("priority", 7)
            .build();
    EventGridTopicConfig complete = topic("complete").withSchema(EventGridSchema.CLOUD_EVENTS);
    try (EventGridClient client =
        EventGridClient.builder().config(EventGridConfig.of(topic("plain"), complete)).build()) {
      assertThat(client.emitEvent("plain", event).eventId()).isEqualTo("of-my-own");
      JsonNode plain = stored("of-my-own");
      assertThat(plain.get("time").asText()).isEqualTo("2023-01-01T13:00:00Z");
      assertThat(plain.get("dataversion").asText()).isEqualTo("2.1");
      client.emitEvent("complete", event);
      JsonNode whole =
          Stored.in(hub).stream()
              .filter(found -> found.get("source").asText().equals("/shop"))
              .findFirst()
              .orElseThrow();
      assertThat(whole.get("tenant").asText()).isEqualTo("blue");
      assertThat(whole.get("priority").asInt()).isEqualTo(7);
      assertThat(whole.get("dataversion").asText()).isEqualTo("2.1");
    }
  }

  @Test
  void writesTimesAsTextAndOptionalValues() {
    record Signup(Instant at, Optional<String> by, Optional<String> via) {}
    Signup signup =
        new Signup(Instant.parse("2026-11-01T12:00:00Z"), Optional.of("me"), Optional.empty());
    try (EventGridClient client = client("signups")) {
      Receipt receipt = client.emitEvent("signups", "user.created", "users/1", signup);
      assertThat(stored(receipt.eventId()).get("data").toString())
          .isEqualTo("{\"at\":\"2026-11-01T12:00:00Z\",\"by\":\"me\",\"via\":null}");
    }
  }

  @Test
  void refusesNumbersThatJsonDoesNotHave() {
    Map<String, Object> refused =
        Map.of(
            "data.score",
            Map.of("score", Double.NaN),
            "data.items[1].price",
            Map.of("items", List.of(1, Map.of("price", Float.POSITIVE_INFINITY))),
            "data[1]",
            new double[] {1, Double.NEGATIVE_INFINITY},
            "data",
            Double.NaN);
    try (EventGridClient client = client("finite")) {
      refused.forEach(
          (field, data) ->
              assertUnsent(client.emitEventAsync("finite", "quality.check", "s", data), field));
      Receipt receipt =
          client.emitEvent("finite", "t", "s", Map.of("list", new double[] {1.5, -0.0}));
      assertThat(stored(receipt.eventId()).get("data").toString())
          .isEqualTo("{\"list\":[1.5,-0.0]}");
    }
  }

  @Test
  void namesTheTopicsThereAreWhenAskedForAnother() {
    try (EventGridClient client = client("one", "two")) {
      assertThatThrownBy(() -> client.emitEvent("three", "t", "s", null))
          .isInstanceOf(EventValidationException.class)
          .hasMessageContaining("three")
          .hasMessageContaining("[one, two]");
      assertThat(client.emitEventAsync("three", "t", "s", null)).isCompletedExceptionally();
    }
  }

  @Test
  void needsACredentialAndNeverGuessesOne() {
    EventGridConfig config =
        EventGridConfig.of(new EventGridTopicConfig("one", "https://x/api/events"));
    assertThatThrownBy(() -> EventGridClient.builder().config(config).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one has no credential");
    assertThatThrownBy(() -> EventGridCredential.key(" "))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(EventGridCredential.key("secret").toString()).doesNotContain("secret");
  }

  @Test
  void addsAndRemovesTopicsWhileRunning() {
    try (EventGridClient client = client("one")) {
      client.addTopic(topic("late"));
      assertThat(client.topics()).containsExactlyInAnyOrder("one", "late");
      client.emitEvent("late", "t", "s", null);
      assertThatThrownBy(() -> client.addTopic(topic("late")))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(client.removeTopic("late")).isTrue();
      assertThat(client.removeTopic("late")).isFalse();
      assertThatThrownBy(() -> client.emitEvent("late", "t", "s", null))
          .isInstanceOf(EventValidationException.class);
      client.emitEvent("one", "t", "s", null);
    }
  }

  @Test
  void allEventsOfATopicGoThroughWhatIsAroundIt() {
    EventGridTopicConfig whole = topic("around").withSchema(EventGridSchema.CLOUD_EVENTS);
    TopicEvent alone =
        TopicEvent.builder("t", "s", Map.of())
            .id("around-alone")
            .dataVersion("2.1")
            .eventTime(Instant.parse("2023-01-01T13:00:00Z"))
            .source(URI.create("/shop"))
            .property("priority", 7)
            .build();
    TopicEvent listed = TopicEvent.of("t", "s", Map.of());
    try (EventGridClient client =
        EventGridClient.builder()
            .config(EventGridConfig.of(whole, topic("around-plain")))
            .around((topic, sink) -> new EnrichingSink(sink, named(topic)))
            .build()) {
      client.emitEvent("around", alone);
      client.emitEvents("around-plain", List.of(listed));
      Receipt other = client.emitEvent("around-plain", "t", "s", Map.of());
      client.replaceTopic(topic("around"));
      Receipt later = client.emitEvent("around", "t", "s", Map.of());
      for (String id : List.of(listed.id(), other.eventId())) {
        assertThat(stored(id).get("data").toString()).contains("around-plain");
      }
      assertThat(stored(later.eventId()).get("data").toString()).contains("\"around\"");
    }
    JsonNode event = stored("around-alone");
    assertThat(event.get("data").toString()).contains("\"around\"");
    assertThat(event.get("time").asText()).isEqualTo("2023-01-01T13:00:00Z");
    assertThat(event.get("source").asText()).isEqualTo("/shop");
    assertThat(event.get("dataversion").asText()).isEqualTo("2.1");
    assertThat(event.get("priority").asInt()).isEqualTo(7);
  }

  private static Enrichment named(String topic) {
    return Enrichment.builder().sourceService(topic).build();
  }

  @Test
  void replacesATopicWhileEventsAreEmitted() {
    try (EventGridClient client = client("east")) {
      EventSink taken = client.sink("east");
      List<CompletableFuture<List<String>>> emitting =
          List.of(
              emitting(event -> client.emitEventAsync("east", event)),
              emitting(event -> taken.send(event.toCloudEvent("east"))),
              emitting(
                  event ->
                      client
                          .emitEventsAsync("east", List.of(event))
                          .thenAccept(sent -> assertThat(sent).allMatch(Outcome::isAccepted))));
      for (int i = 0; !emitting.stream().allMatch(CompletableFuture::isDone); i++) {
        String endpoint = Azure.http(hub, i % 2 == 0 ? "west" : "east");
        client.replaceTopic(
            new EventGridTopicConfig("east", endpoint)
                .withCredential(EventGridCredential.sas(Azure.sas(endpoint, 3600))));
      }
      List<String> ids = emitting.stream().flatMap(sent -> sent.join().stream()).toList();
      Map<String, String> topics = new HashMap<>();
      for (JsonNode event : Stored.in(hub)) {
        topics.put(event.get("id").asText(), event.path("eventgridtopic").asText());
      }
      assertThat(ids).allSatisfy(id -> assertThat(topics.get(id)).isIn("east", "west"));
      assertThat(ids.stream().map(topics::get)).contains("east", "west");
      assertThatThrownBy(() -> client.replaceTopic(topic("other")))
          .isInstanceOf(EventValidationException.class)
          .hasMessageContaining("[east]");
    }
  }

  /** Emits 1,000 events, ten at a time, of which none may fail. */
  private static CompletableFuture<List<String>> emitting(
      Function<TopicEvent, CompletableFuture<?>> emit) {
    return CompletableFuture.supplyAsync(
        () -> {
          List<String> ids = new ArrayList<>();
          while (ids.size() < 1_000) {
            List<TopicEvent> events =
                Stream.generate(() -> TopicEvent.of("t", "s", null)).limit(10).toList();
            events.stream().map(emit).toList().forEach(CompletableFuture::join);
            events.forEach(event -> ids.add(event.id()));
          }
          return ids;
        },
        task -> new Thread(task).start());
  }

  @Test
  void refusesAnEventOverTheLimitBeforeSendingWithItsSize() {
    try (EventGridClient client = client("big")) {
      String large = "x".repeat(1 << 20);
      assertThatThrownBy(() -> client.emitEvent("big", "t", "s", large))
          .isInstanceOf(EventValidationException.class)
          .hasMessageContaining("1,048,576");
      assertThatThrownBy(() -> client.emitEvent("big", "", "s", null))
          .isInstanceOf(EventValidationException.class)
          .hasMessageContaining("eventType");
    }
  }

  @Test
  void cutsBatchesAtAMegabyteAndGivesEachEventItsOutcome() {
    try (EventGridClient client = client("batches")) {
      List<TopicEvent> events = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        events.add(TopicEvent.of("t", "s/" + i, "x".repeat(100_000)));
      }
      events.add(20, TopicEvent.of("t", "too large", "x".repeat(1 << 20)));
      List<Outcome> outcomes = client.emitEvents("batches", events);
      assertThat(outcomes)
          .extracting(Outcome::eventId)
          .containsExactlyElementsOf(events.stream().map(TopicEvent::id).toList());
      assertThat(outcomes).filteredOn(outcome -> !outcome.isAccepted()).hasSize(1);
      assertThat(outcomes.get(20).isAccepted()).isFalse();
    }
  }

  @Test
  void anEventThatTheTopicRefusesDoesNotHoldUpItsNeighbours() {
    try (EventGridClient client = client("neighbours")) {
      List<TopicEvent> events = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        events.add(TopicEvent.of("t", "s/" + i, i));
      }
      TopicEvent bad = TopicEvent.of("t", "s".repeat(2000), null); // over the hub's bound
      events.add(37, bad);
      List<Outcome> outcomes = client.emitEvents("neighbours", events);
      assertThat(outcomes).filteredOn(outcome -> !outcome.isAccepted()).hasSize(1);
      Outcome.Failed failed = (Outcome.Failed) outcomes.get(37);
      assertThat(failed.eventId()).isEqualTo(bad.id());
      assertThat(failed.error())
          .isInstanceOfSatisfying(
              EventGridHttpException.class,
              refused -> {
                assertThat(refused.status()).isEqualTo(400);
                assertThat(refused.code()).isEqualTo("BadRequest");
                assertThat(refused).hasMessageContaining("subject");
              });
    }
  }

  @Test
  void sendsAllOfAListThatTheCallerUsesAgain() {
    try (EventGridClient client = client("reused")) {
      List<CloudEvent> events = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        TopicEvent event = TopicEvent.of("t", "s/" + i, "x".repeat(100_000)); // three requests
        events.add(event.toCloudEvent("reused"));
      }
      List<String> ids = events.stream().map(CloudEvent::getId).toList();
      CompletableFuture<List<Outcome>> sent = client.sink("reused").sendAll(events);
      events.clear();
      assertThat(sent)
          .succeedsWithin(Duration.ofSeconds(20))
          .satisfies(
              outcomes -> {
                assertThat(outcomes).allMatch(Outcome::isAccepted);
                assertThat(outcomes).extracting(Outcome::eventId).isEqualTo(ids);
              });
    }
  }

  @Test
  void signsInAWayThatTopicsReadWhateverTheLanguageOfTheJvm() {
    Locale before = Locale.getDefault();
    try {
      for (String language : List.of("es-ES", "ja-JP", "ar-EG-u-nu-arab")) {
        Locale.setDefault(Locale.forLanguageTag(language));
        EventGridTopicConfig signed =
            new EventGridTopicConfig("signed", Azure.http(hub, "signed"))
                .withCredential(EventGridCredential.signingKey(Azure.KEY));
        try (EventGridClient client =
            EventGridClient.builder().config(EventGridConfig.of(signed)).build()) {
          assertThat(client.emitEvent("signed", "t", language, null).guarantee())
              .isEqualTo(Guarantee.STORED);
        }
      }
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void goesOnWithAnotherKeyWhileRunning() throws Exception {
    AtomicReference<String> key = new AtomicReference<>("b2xk");
    EventGridConfig config =
        EventGridConfig.of(
            new EventGridTopicConfig("sent", Azure.https(hub, "sent"))
                .withCredential(EventGridCredential.key(key::get)),
            new EventGridTopicConfig("signing", Azure.http(hub, "signing"))
                .withCredential(EventGridCredential.signingKey(key::get)));
    try (EventGridClient client =
        EventGridClient.builder()
            .config(config)
            .sslContext(HubProcess.trusting(folder.resolve("data")))
            .build()) {
      for (String topic : List.of("sent", "signing")) {
        key.set("b2xk");
        assertThatThrownBy(() -> client.emitEvent(topic, "t", "s", null))
            .isInstanceOfSatisfying(
                EventGridHttpException.class,
                refused -> assertThat(refused.status()).isEqualTo(401));
        key.set(Azure.KEY);
        assertThat(client.emitEvent(topic, "t", "s", null).guarantee()).isEqualTo(Guarantee.STORED);
      }
    }
  }

  @Test
  void nothingIsSentWithoutTheKeyThatASupplierOwes() {
    Supplier<String> closed =
        () -> {
          throw new IllegalStateException("the vault is closed");
        };
    EventGridConfig config =
        EventGridConfig.of(
            new EventGridTopicConfig("owed", Azure.http(hub, "owed"))
                .withCredential(EventGridCredential.sas(closed)),
            new EventGridTopicConfig("blank", Azure.https(hub, "blank"))
                .withCredential(EventGridCredential.key(() -> "")));
    try (EventGridClient client = EventGridClient.builder().config(config).build()) {
      Map.of("owed", "the vault is closed", "blank", "the aeg-sas-key is blank")
          .forEach(
              (topic, reason) ->
                  assertThatThrownBy(() -> client.emitEvent(topic, "t", "s", null))
                      .hasMessageContaining(reason)
                      .isInstanceOfSatisfying(
                          EventException.class,
                          failure -> assertThat(failure.mayHaveArrived()).isFalse()));
    }
  }

  @Test
  void takesAnyNameThatAnApplicationGivesATopic() {
    String endpoint = Azure.http(hub, "named");
    EventGridTopicConfig named =
        new EventGridTopicConfig("user events, größte?", endpoint)
            .withSchema(EventGridSchema.CLOUD_EVENTS)
            .withCredential(EventGridCredential.sas(Azure.sas(endpoint, 3600)));
    try (EventGridClient client =
        EventGridClient.builder().config(EventGridConfig.of(named)).build()) {
      Receipt receipt = client.emitEvent("user events, größte?", "t", "s", null);
      assertThat(stored(receipt.eventId()).get("source").asText())
          .isEqualTo("/user%20events,%20gr%C3%B6%C3%9Fte%3F");
    }
  }

  @Test
  void gathersSingleEventsIntoBatchesWhereTold() {
    try (EventGridClient client =
        EventGridClient.builder()
            .config(EventGridConfig.of(topic("gathered")))
            .coalescing(new CoalescingPolicy(100, 1 << 20, Duration.ofMillis(20)))
            .build()) {
      List<CompletableFuture<Receipt>> sent = new ArrayList<>();
      for (int i = 0; i < 950; i++) {
        sent.add(client.emitEventAsync("gathered", "t", "s/" + i, i));
      }
      for (CompletableFuture<Receipt> receipt : sent) {
        assertThat(receipt.join().guarantee()).isEqualTo(Guarantee.STORED);
      }
      List<String> ids = sent.stream().map(receipt -> receipt.join().eventId()).toList();
      assertThat(Stored.ids(hub)).containsAll(ids);
    }
  }

  @Test
  void refusesEverythingOnceClosed() {
    EventGridClient client = client("closing");
    CompletableFuture<Receipt> accepted = client.emitEventAsync("closing", "t", "s", null);
    client.close();
    client.close();
    assertThat(accepted).isCompleted();
    assertThatThrownBy(() -> client.emitEvent("closing", "t", "s", null))
        .isInstanceOf(SinkClosedException.class);
    assertThatThrownBy(() -> client.addTopic(topic("late"))).isInstanceOf(EventException.class);
  }

  @Test
  void readsItsTopicsFromTheEnvironment() {
    EventGridConfig config =
        EventGridConfig.create(
            Map.of(
                "EVENTGRID_TOPICS", "user-events, orders,, nowhere",
                "EVENTGRID_USER_EVENTS_ENDPOINT", "https://a.example/api/events",
                "EVENTGRID_USER_EVENTS_KEY", "c2VjcmV0",
                "EVENTGRID_ORDERS_ENDPOINT", "https://b.example/api/events"));
    assertThat(config.topics())
        .extracting(EventGridTopicConfig::name)
        .containsExactly("user-events", "orders");
    assertThat(config.topics().get(0).credential()).isNotNull();
    assertThat(config.topics().get(1).credential()).isNull();
    assertThat(config.toString()).doesNotContain("c2VjcmV0");
    assertThat(EventGridConfig.create(Map.of()).topics()).isEmpty();
  }

  @Test
  void readsVariablesThatSpellATopicAsItIs() {
    Map<String, String> environment = new HashMap<>();
    environment.put("EVENTGRID_TOPICS", "user-events");
    environment.put("EVENTGRID_USER-EVENTS_ENDPOINT", "https://a.example/api/events");
    environment.put("EVENTGRID_USER-EVENTS_KEY", "c2VjcmV0");
    EventGridTopicConfig topic = EventGridConfig.create(environment).topics().get(0);
    assertThat(topic.endpoint()).isEqualTo("https://a.example/api/events");
    assertThat(topic.credential()).isNotNull();
    environment.put("EVENTGRID_USER_EVENTS_ENDPOINT", "https://b.example/api/events");
    assertThat(EventGridConfig.create(environment).topics())
        .extracting(EventGridTopicConfig::endpoint)
        .containsExactly("https://b.example/api/events");
  }

  @Test
  void refusesTopicsThatCannotBe() {
    assertThatThrownBy(() -> EventGridConfig.of(topic("twice"), topic("twice")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new EventGridTopicConfig("x", "ftp://x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new EventGridTopicConfig("x", "https://u:secret@x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
  }
}
