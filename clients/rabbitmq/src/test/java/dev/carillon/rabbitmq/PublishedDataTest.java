package dev.carillon.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializable;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import dev.carillon.core.EventException;
import dev.carillon.core.EventValidationException;
import dev.carillon.schemas.SchemaRegistry;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Data that JSON cannot hold is refused by name; what it can hold arrives as it was. */
@Timeout(120)
final class PublishedDataTest {

  private final SchemaRegistry schemas = SchemaRegistry.ofDefaults();
  private final BoundQueue queue = new BoundQueue(Brokers.shared().url());
  private final EventPublisher publisher =
      EventPublisher.of(
          RabbitPeer.settings(Brokers.shared().url(), queue.exchange())
              .schemas(schemas)
              .maxEventBytes(16 << 20)
              .build());

  @AfterEach
  void close() {
    publisher.close();
    queue.delete();
  }

  private void refuses(Object data, String field) {
    assertThat(publisher.publish("some.type", data)).isFalse();
    EventException why = publisher.lastFailure().orElseThrow();
    assertThat(why).isInstanceOf(EventValidationException.class);
    assertThat(((EventValidationException) why).violations().get(0).field()).isEqualTo(field);
  }

  private JsonNode arrives(Object data) throws Exception {
    return new ObjectMapper().readTree(bodyOf(data)).get("data");
  }

  private String bodyOf(Object data) throws Exception {
    assertThat(publisher.publish("some.type", data))
        .as("%s", publisher.lastFailure().map(EventException::getMessage))
        .isTrue();
    List<com.rabbitmq.client.GetResponse> messages = queue.messages();
    return new String(messages.get(messages.size() - 1).getBody(), UTF_8);
  }

  @Test
  void numbersThatJsonDoesNotKnow() {
    refuses(Map.of("a", Map.of("b", List.of(1, Double.NaN))), "data.a.b[1]");
    refuses(Map.of("a", Float.POSITIVE_INFINITY), "data.a");
    refuses(Map.of("a", new double[] {1, Double.NEGATIVE_INFINITY}), "data.a");
  }

  @Test
  void whatHoldsItselfOrIsTooDeep() {
    Map<String, Object> cyclic = new HashMap<>();
    cyclic.put("self", cyclic);
    refuses(cyclic, "data");
    refuses(nested(1_000), "data");
    refuses(Map.of("thread", new Object()), "data.thread");
  }

  private static Map<String, Object> nested(int levels) {
    Map<String, Object> data = Map.of("bottom", true);
    for (int i = 1; i < levels; i++) {
      data = Map.of("level", data);
    }
    return data;
  }

  @Test
  void whatIsTooLargeOrNoObject() {
    refuses(Map.of("a", "x".repeat(16 << 20)), "data");
    refuses("text", "data");
    refuses(List.of(1, 2), "data");
    assertThat(publisher.publish("x".repeat(256), Map.of())).isFalse();
    assertThat(publisher.publish(" ", Map.of())).isFalse();
    assertThat(publisher.lastFailure()).containsInstanceOf(EventValidationException.class);
  }

  @Test
  void nullsDatesAndEveryScriptArriveAsTheyWere() throws Exception {
    Map<String, Object> data = new HashMap<>();
    data.put("nothing", null);
    data.put("instant", Instant.parse("2026-11-01T12:00:00Z"));
    data.put("day", LocalDate.of(2026, 11, 1));
    data.put("date", Date.from(Instant.EPOCH));
    data.put("id", new UUID(1, 2));
    data.put("text", "Spinning für Anfänger 🚴 \u0000 \"\\");
    JsonNode arrived = arrives(data);
    assertThat(arrived.get("nothing").isNull()).isTrue();
    assertThat(arrived.get("instant").textValue()).isEqualTo("2026-11-01T12:00:00Z");
    assertThat(arrived.get("day").textValue()).isEqualTo("2026-11-01");
    assertThat(arrived.get("date").textValue()).startsWith("1970-01-01T00:00:00");
    assertThat(arrived.get("text").textValue()).isEqualTo(data.get("text"));
    assertThat(arrives(nested(490)).isObject()).isTrue();
  }

  @Test
  void aRecordArrivesAsItsSchemaHasIt() throws Exception {
    schemas.register("some.type", 1, Rented.class);
    Rented rented =
        new Rented("7", Optional.empty(), null, OffsetDateTime.parse("2026-11-01T12:00Z"));
    assertThat(arrives(rented))
        .isEqualTo(
            new ObjectMapper()
                .readTree("{\"locker_id\": \"7\", \"until_when\": \"2026-11-01T12:00:00Z\"}"));
    refuses(new Rated(Double.NaN), "data.stars");
  }

  @Test
  void objectsOfClassesAreInSnakeCaseWhereverTheyStandAndKeysOfMapsAsTheyWereGiven()
      throws Exception {
    Rented rented = new Rented("7", Optional.of("x"), null, OffsetDateTime.MAX);
    JsonNode inside = SchemaRegistry.toData(rented);
    assertThat(inside.fieldNames()).toIterable().containsExactly("locker_id", "note", "until_when");
    assertThat(arrives(rented)).isEqualTo(inside);
    JsonNode arrived =
        arrives(
            Map.of(
                "lastItem", rented,
                "allItems", List.of(rented, Map.of("in", rented)),
                "bean", new Locker(),
                "present", Optional.of(rented),
                "absent", Optional.empty()));
    assertThat(arrived.get("lastItem")).isEqualTo(inside);
    assertThat(arrived.get("allItems").get(0)).isEqualTo(inside);
    assertThat(arrived.at("/allItems/1/in")).isEqualTo(inside);
    assertThat(arrived.get("present")).isEqualTo(inside);
    assertThat(arrived.get("absent").isNull()).isTrue();
    JsonNode bean =
        new ObjectMapper().readTree("{\"locker_id\": \"8\", \"byHand\": {\"keyOf\": null}}");
    assertThat(arrived.get("bean")).isEqualTo(bean);
    assertThat(arrives(new Locker())).isEqualTo(bean);
    assertThat(arrived.size()).isEqualTo(5);
  }

  @Test
  void whatIsCheckedIsWhatIsWritten() throws Exception {
    schemas.register(
        "some.type",
        1,
        """
        {"required": ["items"], "properties": {"items": {"items": {
          "required": ["locker_id"], "properties": {"locker_id": {"pattern": "^[0-9]$"}}}}}}
        """);
    assertThat(arrives(Map.of("items", List.of(new Locker()))).at("/items/0/locker_id").asText())
        .isEqualTo("8");
    Rented wrong = new Rented("seven", Optional.empty(), null, OffsetDateTime.MAX);
    refuses(Map.of("items", List.of(new Locker(), wrong)), "data.items[1].locker_id");
  }

  /** Data as older Java and Kotlin have it. */
  public static final class Locker {
    public String getLockerId() {
      return "8";
    }

    @JsonProperty("byHand")
    public Map<String, @Nullable Object> getNamedOtherwise() {
      Map<String, @Nullable Object> byHand = new HashMap<>();
      byHand.put("keyOf", null);
      return byHand;
    }

    public @Nullable String getNothingYet() {
      return null;
    }
  }

  /** Data of a type of one's own. */
  public record Rented(
      String lockerId, Optional<String> note, @Nullable Integer size, OffsetDateTime untilWhen) {}

  /** Data with a number. */
  public record Rated(double stars) {}

  @Test
  void aLargeEventArrives() throws Exception {
    String text = "x".repeat(15 << 20);
    assertThat(arrives(Map.of("a", text)).get("a").textValue()).isEqualTo(text);
  }

  @Test
  void aBadEventLeavesThePublisherWell() throws Exception {
    refuses(Map.of("a", Double.NaN), "data.a");
    assertThat(arrives(Map.of("a", 1)).get("a").intValue()).isEqualTo(1);
    refuses(new Unfinished(), "data");
    assertThat(arrives(Map.of("a", 2)).get("a").intValue()).isEqualTo(2);
    assertThat(bodyOf(Map.of("b", new Pretty()))).contains("\"a\" : 1");
    assertThat(bodyOf(Map.of("a", 3))).endsWith(",\"data\":{\"a\":3}}");
  }

  /** Writes itself, but not to the end. */
  private static class Unfinished extends JsonSerializable.Base {
    @Override
    public void serialize(JsonGenerator json, SerializerProvider provider) throws IOException {
      json.writeStartObject();
      json.writeNumberField("a", 1);
    }

    @Override
    public void serializeWithType(
        JsonGenerator json, SerializerProvider provider, TypeSerializer type) throws IOException {
      serialize(json, provider);
    }
  }

  /** Changes for good how its generator writes. */
  private static final class Pretty extends Unfinished {
    @Override
    public void serialize(JsonGenerator json, SerializerProvider provider) throws IOException {
      json.useDefaultPrettyPrinter();
      super.serialize(json, provider);
      json.writeEndObject();
    }
  }
}
