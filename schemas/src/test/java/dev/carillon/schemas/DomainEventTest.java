package dev.carillon.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.core.EventValidationException;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DomainEventTest {

  private static final OffsetDateTime NINE = OffsetDateTime.parse("2026-11-02T09:00:00+01:00");
  private static final LocalDate FIRST = LocalDate.parse("2026-11-01");
  private static final BigDecimal PRICE = new BigDecimal("49.90");

  /** All fourteen, those with optional fields once with and once without. */
  static final List<DomainEvent> EVENTS =
      List.of(
          WorkoutEvent.Created.builder("w1", "Yoga").build(),
          WorkoutEvent.Created.builder("w1", "Yoga")
              .description("")
              .durationMinutes(45)
              .createdBy("u1")
              .build(),
          WorkoutEvent.Updated.builder("w1").build(),
          WorkoutEvent.Updated.builder("w1")
              .title("Yoga 2")
              .description("slow")
              .durationMinutes(60)
              .updatedBy("u1")
              .build(),
          new WorkoutEvent.Deleted("w1"),
          new WorkoutEvent.Deleted("w1", "u1"),
          new BookingEvent.Created("b1", "u1", "c1", "Spin"),
          new BookingEvent.Created("b1", "u1", "c1", "Spin", "Hall 1"),
          new BookingEvent.Confirmed("b1", "u1", "c1", "Spin", NINE),
          new BookingEvent.Confirmed("b1", "u1", "c1", "Spin", NINE, "Hall 1"),
          new BookingEvent.Cancelled("b1", "u1", "c1", "Spin"),
          new BookingEvent.Cancelled("b1", "u1", "c1", "Spin", "ill"),
          new MembershipEvent.Created("m1", "u1", "Gold", FIRST, FIRST.plusYears(1), PRICE),
          new MembershipEvent.Expired("m1", "u1", "Gold", FIRST),
          new PaymentEvent.Completed("p1", "u1", PRICE, "card", "membership", "m1"),
          new PaymentEvent.Completed("p1", "u1", BigDecimal.ZERO, "card", "booking", "b1", "EUR"),
          new PaymentEvent.Failed("p1", "u1", PRICE, "no money", "membership", "m1"),
          new PaymentEvent.Failed("p1", "u1", PRICE, "no money", "membership", "m1", "EUR"),
          new ClassEvent.Scheduled("c1", "Spin", "t1", "Tom", NINE, 45, "Hall 1", 20),
          ClassEvent.Created.builder("c1", "Spin", "t1", "u1").build(),
          ClassEvent.Created.builder("c1", "Spin", "t1", "u1")
              .maxSlots(20)
              .price(PRICE)
              .occurrenceCount(10)
              .build(),
          new ClassEvent.Updated("c1", "Spin", "u1"),
          new ClassEvent.Updated("c1", "Spin", "u1", Collections.singletonMap("location", null)),
          new ClassEvent.Updated("c1", "Spin", "u1", Map.of("capacity", 5)),
          new ClassEvent.Cancelled("c1", "Spin", NINE, "storm"),
          new ClassEvent.Cancelled("c1", "Spin", NINE, "storm", List.of("u1", "u2")));

  private static final SchemaRegistry REGISTRY = SchemaRegistry.ofDefaults();

  @ParameterizedTest
  @FieldSource("EVENTS")
  void fitsItsSchemaAndComesBackAsItWas(DomainEvent event) throws Exception {
    byte[] json = event.toData().toString().getBytes(StandardCharsets.UTF_8);
    assertThat(REGISTRY.knows(event.type())).isTrue();
    assertThat(REGISTRY.validate(event.type(), json)).isEmpty();
    assertThat(DomainEvent.fromData(event.type(), DataJson.KEEPING.readTree(json)))
        .isEqualTo(event);
  }

  @ParameterizedTest
  @FieldSource("EVENTS")
  void requiresExactlyWhatItsSchemaRequires(DomainEvent event) throws Exception {
    JsonNode schema = DataJson.CHECKING.readTree(REGISTRY.schema(event.type(), 1).orElseThrow());
    for (JsonNode required : schema.path("required")) {
      ObjectNode without = event.toData().without(required.asText());
      assertThat(REGISTRY.validate(event.type(), without))
          .containsExactly(
              new EventValidationException.Violation("data." + required.asText(), "is required"));
      assertThatThrownBy(() -> DomainEvent.fromData(event.type(), without))
          .isInstanceOf(EventValidationException.class)
          .hasMessageContaining("data." + required.asText());
    }
  }

  @Test
  void coversEveryTypeThatHasASchema() {
    assertThat(EVENTS).extracting(DomainEvent::type).containsAll(REGISTRY.types());
  }

  @Test
  void isWrittenInTheWordsOfTheWire() {
    assertThat(
            new PaymentEvent.Completed("p1", "u1", PRICE, "card", "membership", "m1")
                .toData()
                .toString())
        .isEqualTo(
            "{\"payment_id\":\"p1\",\"user_id\":\"u1\",\"amount\":49.90,"
                + "\"payment_method\":\"card\",\"reference_type\":\"membership\","
                + "\"reference_id\":\"m1\",\"currency\":\"USD\"}");
    assertThat(new BookingEvent.Confirmed("b1", "u1", "c1", "Spin", NINE).toData().toString())
        .contains("\"scheduled_time\":\"2026-11-02T09:00:00+01:00\"")
        .doesNotContain("location");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-02T09:00:00+01:00, 2026-11-02T09:00:00+01:00",
    "2026-11-02T09:00:00+0100, 2026-11-02T09:00:00+01:00",
    "2026-11-02T09:00:00+01, 2026-11-02T09:00:00+01:00",
    "2026-11-02T09:00:00Z, 2026-11-02T09:00:00Z",
    "2026-11-02t09:00:00z, 2026-11-02T09:00:00Z",
    "2026-11-02T09:00:00.123456, 2026-11-02T09:00:00.123456Z",
    "2026-11-02 09:00, 2026-11-02T09:00:00Z",
    "2026-11-02, 2026-11-02T00:00:00Z"
  })
  void takesTimesAsOtherLanguagesWriteThem(String text, OffsetDateTime time) {
    ObjectNode data = new BookingEvent.Confirmed("b1", "u1", "c1", "Spin", NINE).toData();
    data.put("scheduled_time", text);
    assertThat(REGISTRY.validate("booking.confirmed", data)).isEmpty();
    assertThat(DomainEvent.fromData("booking.confirmed", data))
        .isEqualTo(new BookingEvent.Confirmed("b1", "u1", "c1", "Spin", time));
  }

  @Test
  void takesATimeWhereADateIsExpected() {
    ObjectNode data = new MembershipEvent.Expired("m1", "u1", "Gold", FIRST).toData();
    data.put("expired_date", "2026-11-01T23:59:59+02:00");
    assertThat(REGISTRY.validate("membership.expired", data)).isEmpty();
    assertThat(DomainEvent.fromData("membership.expired", data))
        .isEqualTo(new MembershipEvent.Expired("m1", "u1", "Gold", FIRST));
  }

  /** What Python's pydantic models let pass and its json module writes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "workout.created | {'workout_id':'1','title':'','description':null,'created_by':null}",
        "workout.created | {'workout_id':'1','title':'x','duration_minutes':30.0,'more':[1]}",
        "payment.completed | {'payment_id':'1','user_id':'1','amount':50,'payment_method':'',"
            + "'reference_type':'','reference_id':'1'}",
        "payment.completed | {'payment_id':'1','user_id':'1','amount':1e2,'payment_method':'',"
            + "'reference_type':'','reference_id':'1','currency':'usd'}",
        "class.created | {'class_id':'1','class_name':'','trainer_id':'1','created_by':'1',"
            + "'max_slots':null,'price':null,'occurrence_count':null}",
        "class.updated | {'class_id':'1','class_name':'','updated_by':'1','changes':null}",
        "class.cancelled | {'class_id':'1','class_name':'','scheduled_time':'2026-01-01',"
            + "'cancellation_reason':'','affected_users':[1,'2']}"
      })
  void takesWhatDeployedPublishersSend(String type, String json) throws Exception {
    JsonNode data = DataJson.KEEPING.readTree(json.replace('\'', '"'));
    assertThat(REGISTRY.validate(type, data)).isEmpty();
    assertThat(DomainEvent.fromData(type, data).type()).isEqualTo(type);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "workout.created | workout_id | ''",
        "workout.created | workout_id | 7",
        "workout.created | duration_minutes | 0",
        "workout.created | duration_minutes | 1.5",
        "payment.completed | amount | -0.01",
        "payment.completed | amount | 'free'",
        "payment.completed | currency | null",
        "membership.created | start_date | 'soon'",
        "class.scheduled | capacity | -1",
        "class.updated | changes | 'all'",
        "class.cancelled | affected_users | 'u1'"
      })
  void namesAValueOfTheWrongKind(String type, String field, String value) throws Exception {
    DomainEvent event =
        EVENTS.stream().filter(one -> one.type().equals(type)).findFirst().orElseThrow();
    ObjectNode data = event.toData();
    data.set(field, DataJson.KEEPING.readTree(value.replace('\'', '"')));
    assertThat(REGISTRY.validate(type, data))
        .extracting(EventValidationException.Violation::field)
        .containsExactly("data." + field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tomorrow", "2026-13-01", "2026-02-30T10:00", ""})
  void saysWhichTimeIsNone(String time) {
    ObjectNode data = new BookingEvent.Confirmed("b1", "u1", "c1", "Spin", NINE).toData();
    data.put("scheduled_time", time);
    assertThatThrownBy(() -> DomainEvent.fromData("booking.confirmed", data))
        .isInstanceOf(EventValidationException.class)
        .hasMessageStartingWith("data.scheduled_time: ");
  }

  private static CloudEventBuilder cloudEvent(String type) {
    return CloudEventBuilder.v1().withId("1").withSource(URI.create("/gym")).withType(type);
  }

  @ParameterizedTest
  @FieldSource("EVENTS")
  void comesBackFromACloudEvent(DomainEvent event) {
    byte[] json = event.toData().toString().getBytes(StandardCharsets.UTF_8);
    assertThat(
            DomainEvent.from(cloudEvent(event.type()).withData("application/json", json).build()))
        .isEqualTo(event);
  }

  @Test
  void aCloudEventThatIsNoneOfTheDomainsIsNotValid() {
    byte[] json = "{\"workout_id\": 7.5, \"title\": null}".getBytes(StandardCharsets.UTF_8);
    Map<CloudEvent, String> wrong =
        Map.of(
            cloudEvent("other").build(), "type: is none",
            cloudEvent("workout.created").build(), "data: is required",
            cloudEvent("workout.created").withData("text/plain", json).build(),
                "data: is text/plain",
            cloudEvent("workout.created").withData("application/json", json).build(), "data.title");
    wrong.forEach(
        (event, message) ->
            assertThatThrownBy(() -> DomainEvent.from(event))
                .isInstanceOf(EventValidationException.class)
                .hasMessageStartingWith(message));
  }

  @Test
  void hasNoRecordForOtherTypes() {
    ObjectNode data = DataJson.KEEPING.createObjectNode();
    assertThatThrownBy(() -> DomainEvent.fromData("other", data))
        .isInstanceOf(EventValidationException.class)
        .hasMessage("type: is none that has a record: other");
    assertThatThrownBy(() -> DomainEvent.fromData("workout.deleted", data.nullNode()))
        .isInstanceOf(EventValidationException.class);
  }
}
