package dev.carillon.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.core.EventException;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Enrichment, templates and routing by aggregate type. */
class PatternsTest {

  private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

  private final RecordingSink inside = new RecordingSink();

  private String data() {
    CloudEvent event = inside.events.get(inside.events.size() - 1);
    return new String(Objects.requireNonNull(event.getData()).toBytes(), StandardCharsets.UTF_8);
  }

  private static CloudEvent event(String data) {
    return CloudEventBuilder.v1()
        .withId("e")
        .withSource(URI.create("/s"))
        .withType("t")
        .withData("application/json", data.getBytes(StandardCharsets.UTF_8))
        .build();
  }

  @Test
  void enrichesTheDataAndKeepsWhatIsThere() {
    Enrichment enrichment =
        Enrichment.builder()
            .correlationId(() -> "request-123")
            .sourceService("user-service")
            .schemaVersion("1.0")
            .clock(() -> NOON)
            .build();
    EnrichingSink sink = new EnrichingSink(inside, enrichment);
    sink.send(event("{\"user_id\":789,\"amount\":0.10,\"schema_version\":\"own\"}")).join();
    assertThat(data())
        .isEqualTo(
            "{\"user_id\":789,\"amount\":0.10,\"schema_version\":\"own\",\"event_id\":\"e\","
                + "\"correlation_id\":\"request-123\",\"source_service\":\"user-service\","
                + "\"published_at\":\"2026-11-01T12:00:00Z\"}");
    assertThat(inside.events.get(0).getId()).isEqualTo("e");
  }

  @Test
  void anEventOfNoRequestHasACorrelationIdOfItsOwn() {
    Enrichment enrichment = Enrichment.builder().correlationId(() -> null).build();
    new EnrichingSink(inside, enrichment).send(event("{}")).join();
    assertThat(data()).containsPattern("\"correlation_id\":\"[0-9a-f-]{36}\"");
  }

  @Test
  void anEventThatCannotBeEnrichedFailsAlone() {
    EnrichingSink sink = new EnrichingSink(inside, Enrichment.builder().build());
    List<Outcome> outcomes =
        sink.sendAll(List.of(event("{}"), event("[1]"), event("{\"n\":1}"))).join();
    assertThat(outcomes).extracting(Outcome::isAccepted).containsExactly(true, false, true);
    assertThat(inside.events).hasSize(2);
    assertThatThrownBy(() -> sink.send(event("nonsense")).join())
        .hasCauseInstanceOf(EventValidationException.class);
    sink.close();
    assertThat(inside.closed).isTrue();
  }

  @Test
  void whatTheSinkDoesNotAnswerMayHaveArrived() {
    EnrichingSink sink = new EnrichingSink(inside, Enrichment.builder().build());
    inside.answered = 0;
    List<Outcome> outcomes = sink.sendAll(List.of(event("[1]"), event("{}"))).join();
    assertThat(outcomes)
        .extracting(outcome -> ((Outcome.Failed) outcome).error().mayHaveArrived())
        .containsExactly(false, true);
  }

  @Test
  void nothingHasArrivedOfAnEventWhoseChangeFails() {
    EnrichingSink sink =
        new EnrichingSink(
            inside,
            event -> {
              throw new IllegalStateException("no correlation id");
            });
    assertThatThrownBy(() -> sink.send(event("{}")).join())
        .hasRootCauseInstanceOf(IllegalStateException.class)
        .extracting(failure -> EventException.of(failure).mayHaveArrived())
        .isEqualTo(false);
    assertThat(sink.sendAll(List.of(event("{}"))).join())
        .extracting(outcome -> ((Outcome.Failed) outcome).error().mayHaveArrived())
        .containsExactly(false);
  }

  @Test
  void refusesDataThatWouldNotAllBeSent() {
    EnrichingSink sink = new EnrichingSink(inside, Enrichment.builder().build());
    assertThatThrownBy(() -> sink.send(event("{\"a\":1} {\"b\":2}")).join())
        .hasCauseInstanceOf(EventValidationException.class);
    assertThat(inside.events).isEmpty();
  }

  @Test
  void refusesNumbersThatJsonDoesNotHave() {
    TemplatePublisher scores = new TemplatePublisher(inside, EventTemplate.of("/s", "t", "s"));
    for (Object number : List.of(Double.NaN, Double.NEGATIVE_INFINITY, Float.NaN)) {
      Map<String, Object> data = Map.of("deep", List.of(1, Map.of("score", number)));
      assertThatThrownBy(() -> scores.publish(Map.of(), data).join())
          .hasCauseInstanceOf(EventValidationException.class)
          .hasMessageContaining("data.deep[1].score: is ");
    }
    assertThat(inside.events).isEmpty();
    scores.publish(Map.of(), Map.of("big", new BigDecimal("1e400"))).join();
    assertThat(data()).contains("\"big\":1E+400");
  }

  @Test
  void writesNumbersOfSinglePrecisionAsTheyAre() {
    TemplatePublisher scores = new TemplatePublisher(inside, EventTemplate.of("/s", "t", "s"));
    scores.publish(Map.of(), Map.of("price", 9.99f, "vector", List.of(0.1f))).join();
    assertThat(data()).contains("\"price\":9.99").contains("\"vector\":[0.1]");
  }

  @Test
  void fillsTemplates() {
    EventTemplate template =
        new EventTemplate(URI.create("/users"), "user.{action}", "users/{user_id}", () -> NOON);
    TemplatePublisher users = new TemplatePublisher(inside, template);
    users
        .publish(Map.of("action", "created", "user_id", 123), Map.of("email", "user@example.com"))
        .join();
    CloudEvent event = inside.events.get(0);
    assertThat(event.getType()).isEqualTo("user.created");
    assertThat(event.getSubject()).isEqualTo("users/123");
    assertThat(event.getTime()).hasToString("2026-11-01T12:00Z");
    assertThat(data()).contains("\"email\":\"user@example.com\"").contains("\"user_id\":123");
    assertThatThrownBy(() -> users.publish(Map.of("action", "created"), Map.of()).join())
        .hasCauseInstanceOf(EventValidationException.class)
        .hasMessageContaining("{user_id}");
  }

  @Test
  void writesTimesAsTextAndOptionalValues() {
    TemplatePublisher notes = new TemplatePublisher(inside, EventTemplate.of("/s", "t", "s"));
    notes.publish(Map.of(), Map.of("at", NOON)).join();
    assertThat(data()).isEqualTo("{\"at\":\"2026-11-01T12:00:00Z\"}");
    notes.publish(Map.of(), Map.of("by", Optional.of("me"))).join();
    assertThat(data()).isEqualTo("{\"by\":\"me\"}");
  }

  @Test
  void routesDomainEventsByAggregateType() {
    RecordingSink orders = new RecordingSink();
    DomainPublisher publisher =
        new DomainPublisher(
            URI.create("/shop"), Map.of("User", inside, "Order", orders), "1.0", () -> NOON);
    publisher.publish("User", "123", "registered", Map.of("plan", "premium")).join();
    publisher.publish("Order", "456", "completed", Map.of("total_amount", 199.99)).join();
    CloudEvent user = inside.events.get(0);
    assertThat(user.getType()).isEqualTo("user.registered");
    assertThat(user.getSubject()).isEqualTo("users/123");
    assertThat(data())
        .isEqualTo(
            "{\"plan\":\"premium\",\"aggregate_id\":\"123\",\"aggregate_type\":\"User\","
                + "\"event_version\":\"1.0\",\"occurred_at\":\"2026-11-01T12:00:00Z\"}");
    assertThat(orders.events).extracting(CloudEvent::getType).containsExactly("order.completed");
    assertThatThrownBy(() -> publisher.publish("Product", "1", "made", Map.of()).join())
        .hasMessageContaining("Product")
        .hasMessageContaining("[Order, User]");
  }

  @Test
  @SuppressWarnings("NullAway") // what must not be null is
  void whatIsMissingFailsThroughTheFuture() {
    DomainPublisher domain = new DomainPublisher(URI.create("/shop"), Map.of("User", inside));
    TemplatePublisher template = new TemplatePublisher(inside, EventTemplate.of("/s", "t", "s"));
    assertMissing(domain.publish(null, "1", "made", Map.of()), "aggregateType");
    assertMissing(domain.publish("User", null, "made", Map.of()), "aggregateId");
    assertMissing(domain.publish("User", "1", null, Map.of()), "eventType");
    assertMissing(domain.publish("User", "1", "made", null), "data");
    assertMissing(template.publish(null, Map.of()), "values");
    assertMissing(template.publish(Map.of(), null), "data");
    assertThat(inside.events).isEmpty();
  }

  private static void assertMissing(CompletableFuture<Receipt> sent, String field) {
    assertThatThrownBy(sent::join)
        .hasCauseInstanceOf(EventValidationException.class)
        .hasMessageContaining(field);
  }
}
