package dev.carillon.dataservices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import dev.carillon.core.EventValidationException;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class EventMessageTest {

  private static EventMessage.Builder valid() {
    return EventMessage.builder().topic("t").subjects("s").data(Map.of("n", 1));
  }

  private static List<String> fieldsRefused(Runnable action) {
    var refused = catchThrowableOfType(EventValidationException.class, action::run);
    return refused.violations().stream().map(EventValidationException.Violation::field).toList();
  }

  @Test
  void namesEveryFieldThatIsMissing() {
    assertThat(fieldsRefused(() -> EventMessage.builder().build()))
        .containsExactly("topic", "subjects", "data");
  }

  @Test
  void namesEveryFieldThatIsWrong() {
    assertThat(
            fieldsRefused(
                () ->
                    EventMessage.builder()
                        .topic(" ")
                        .subjects(Arrays.asList("ok", null, "n\0l"))
                        .data(Map.of())
                        .tags("\0")
                        .sourceTraceIds("\0")
                        .createdDateUtc(Instant.MAX)
                        .organizationId("\0")
                        .userId("\0")
                        .id("x".repeat(257))
                        .source("not a uri")
                        .attributes(Map.of("Bad", List.of()))
                        .build()))
        .containsExactly(
            "topic",
            "subjects[1]",
            "subjects[2]",
            "tags[0]",
            "createdDateUtc",
            "sourceTraceIds[0]",
            "organizationId",
            "userId",
            "id",
            "source",
            "attributes.Bad",
            "attributes.Bad");
  }

  @Test
  void takesTheYearsFromOneToNineThousandNineHundredNinetyNine() {
    valid().createdDateUtc(Instant.parse("0001-01-01T00:00:00Z")).build();
    valid().createdDateUtc(Instant.parse("9999-12-31T23:59:59.999999999Z")).build();
    assertThat(
            fieldsRefused(
                () -> valid().createdDateUtc(Instant.parse("0000-12-31T23:59:59Z")).build()))
        .containsExactly("createdDateUtc");
  }

  @Test
  void sendsNothingThatCannotOrMustNotBeWritten() throws Exception {
    Map<String, Object> cyclic = new HashMap<>();
    cyclic.put("self", cyclic);
    try (var server = ScriptedServer.confirming();
        var client = EventClient.builder().url(server.url()).maxEventBytes(100_000).build()) {
      for (Map<String, ?> data :
          List.<Map<String, ?>>of(
              Map.of("deep", Map.of("a\0b", 1)),
              Map.of("deep", List.of("\0")),
              Map.of("no json", new Object()),
              cyclic)) {
        var sent = client.publishAsync(valid().data(data).build());
        assertThat(sent).isCompletedExceptionally();
        assertThatThrownBy(sent::join).hasCauseInstanceOf(EventValidationException.class);
        assertThat(fieldsRefused(() -> client.publishEvent(valid().data(data).build())))
            .containsExactly("data");
      }
      var tooLarge = valid().data(Map.of("text", "x".repeat(100_000))).build();
      assertThat(fieldsRefused(() -> client.publishEvent(tooLarge))).containsExactly("event");
      client.publishEvent(valid().data(Map.of("text", "\\u0000 spelled out")).build());
      assertThat(server.requests()).hasSize(1);
    }
  }

  /** What a serializer of a user's may do. */
  @JsonSerialize(using = Indirect.Writer.class)
  record Indirect(double number) {
    static final class Writer extends JsonSerializer<Indirect> {
      @Override
      public void serialize(Indirect value, JsonGenerator json, SerializerProvider context)
          throws IOException {
        json.writeObject(value.number());
      }
    }
  }

  @Test
  void refusesNumbersThatJsonDoesNotHave() throws Exception {
    try (var server = ScriptedServer.confirming();
        var client = EventClient.of(server.url())) {
      for (Object number :
          List.of(
              Double.NaN,
              Double.POSITIVE_INFINITY,
              Float.NaN,
              new double[] {1, Double.NEGATIVE_INFINITY},
              new float[] {Float.POSITIVE_INFINITY},
              new Indirect(Double.NaN))) {
        EventMessage event = valid().data(Map.of("deep", Map.of("score", number))).build();
        assertThatThrownBy(() -> client.publishEvent(event))
            .isInstanceOf(EventValidationException.class)
            .hasMessageContaining("/data/deep/score");
        assertThatThrownBy(event::toCloudEvent).isInstanceOf(EventValidationException.class);
      }
      assertThat(server.requests()).isEmpty();
      client.publishEvent(valid().data(Map.of("big", new BigDecimal("1e400"))).build());
      client.publishEvent(valid().data(Map.of("list", new double[] {1.5, -0.0})).build());
      assertThat(server.requests()).hasSize(2);
    }
  }

  record Tube(String tubeId, @JsonProperty("volume_ml") BigDecimal volume) {}

  record Processed(String sampleId, Instant at, List<Tube> tubes, @Nullable String note) {}

  @Test
  void takesARecordUnderTheNamesOfItsComponents() {
    Instant noon = Instant.parse("2026-11-01T12:00:00Z");
    Tube tube = new Tube("t1", new BigDecimal("1.10"));
    EventMessage message = valid().data(new Processed("s1", noon, List.of(tube), null)).build();
    assertThat(Objects.requireNonNull(message.toCloudEvent().getData()).toBytes())
        .asString()
        .isEqualTo(
            "{\"sampleId\":\"s1\",\"at\":\"2026-11-01T12:00:00Z\","
                + "\"tubes\":[{\"tubeId\":\"t1\",\"volume_ml\":1.10}],\"note\":null}");
  }

  record Rack(Optional<String> place, Optional<String> owner) {}

  @Test
  void takesARecordOfWhatMayBeThere() {
    EventMessage message =
        EventMessage.builder()
            .topic("t")
            .subjects("s")
            .data(new Rack(Optional.of("A1"), Optional.empty()))
            .build();

    assertThat(message.data()).containsEntry("place", "A1").containsEntry("owner", null);
  }

  record Text(@JsonValue String text) {}

  record Sealed(Object unwritable) {}

  @Test
  void refusesARecordThatIsNoJsonObject() {
    assertThat(fieldsRefused(() -> valid().data(new Text("x")))).containsExactly("data");
    assertThat(fieldsRefused(() -> valid().data(new Sealed(new Object())))).containsExactly("data");
  }

  @Test
  void becomesACloudEvent() {
    var event =
        valid()
            .id("1")
            .source("/lab")
            .subjects("a", "b")
            .tags("x")
            .userId("u")
            .build()
            .toCloudEvent();
    assertThat(event.getType()).isEqualTo("t");
    assertThat(event.getSubject()).isEqualTo("a");
    assertThat(event.getExtension("subjects")).isEqualTo("[\"a\",\"b\"]");
    assertThat(event.getExtension("tags")).isEqualTo("[\"x\"]");
    assertThat(event.getExtension("userid")).isEqualTo("u");
    assertThat(new String(event.getData().toBytes(), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo("{\"n\":1}");
  }

  @Test
  void changesThroughItsBuilder() {
    Instant serverTime = Instant.parse("2026-11-01T00:00:00Z");
    EventMessage event = valid().tags("x").build();
    assertThat(event.toBuilder().build()).isEqualTo(event);
    assertThat(event.toBuilder().createdDateUtc(serverTime).build().createdDateUtc())
        .isEqualTo(serverTime);
  }

  @Test
  void refusesAttributesThatCloudEventsDoNotHave() {
    for (String name :
        List.of("specversion", "id", "source", "type", "subject", "time", "data", "Bad", "")) {
      assertThat(fieldsRefused(() -> valid().attributes(Map.of(name, "x")).build()))
          .containsExactly("attributes." + name);
    }
    for (Object value : List.of(1.5, Float.NaN, 5_000_000_000L, new BigDecimal("1.0"), List.of())) {
      assertThat(fieldsRefused(() -> valid().attributes(Map.of("score", value)).build()))
          .containsExactly("attributes.score");
    }
    assertThat(fieldsRefused(() -> valid().attributes(Map.of("dataschema", "a b")).build()))
        .containsExactly("attributes.dataschema");
    Map<String, Object> good = Map.of("a", "x", "b", true, "c", 5, "d", 5L, "dataschema", "/s");
    assertThat(valid().attributes(good).build().toCloudEvent().getDataSchema()).hasToString("/s");
  }

  @Test
  void refusesIdsThatNoPathCanAskFor() {
    for (String id : List.of(".", "..", "ServerTime")) {
      assertThat(fieldsRefused(() -> valid().id(id).build())).containsExactly("id");
    }
  }

  @Test
  void refusesAnApiKeyThatNoHeaderCarries() {
    assertThatThrownBy(() -> EventClient.builder().apiKey("schl\u00fcssel"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("schl");
  }
}
