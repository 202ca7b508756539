package dev.carillon.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.EventValidationException.Violation;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RecordSchemaTest {

  enum Size {
    SMALL,
    LARGE
  }

  record Item(String articleName, BigDecimal price, @Nullable Item gift) {}

  record Order(
      UUID orderId,
      Size size,
      List<Item> items,
      Map<String, Integer> counts,
      Instant placedAt,
      OffsetDateTime shippedAt,
      LocalDate dueDate,
      LocalDateTime localTime,
      LocalTime opensAt,
      Duration takes,
      URI link,
      Optional<String> couponCode,
      @Nullable String note,
      @JsonProperty("isGift") boolean gift,
      double weight) {}

  private static final Order ORDER =
      new Order(
          UUID.fromString("c0a80101-0000-4000-8000-000000000001"),
          Size.LARGE,
          List.of(new Item("Mat", new BigDecimal("19.90"), null)),
          Map.of("mats", 1),
          Instant.parse("2026-11-01T10:00:00.123456Z"),
          OffsetDateTime.parse("2026-11-01T10:00:00+01:00"),
          LocalDate.parse("2026-11-02"),
          LocalDateTime.parse("2026-11-01T10:00:00"),
          LocalTime.parse("08:30"),
          Duration.ofMinutes(90),
          URI.create("https://example.com/orders/1"),
          Optional.empty(),
          null,
          true,
          1.5);

  private final SchemaRegistry registry =
      SchemaRegistry.empty().register("order.placed", 1, Order.class);

  @Test
  void fitsWhatTheRecordIsWrittenAs() {
    ObjectNode data = SchemaRegistry.toData(ORDER);
    assertThat(data.fieldNames())
        .toIterable()
        .contains("order_id", "placed_at", "isGift")
        .doesNotContain("note", "coupon_code");
    assertThat(registry.validate("order.placed", data)).isEmpty();
  }

  private static CloudEvent placed(ObjectNode data) {
    return CloudEventBuilder.v1()
        .withId("1")
        .withSource(URI.create("/shop"))
        .withType("order.placed")
        .withData("application/json", data.toString().getBytes(StandardCharsets.UTF_8))
        .build();
  }

  @Test
  void comesBackAsItWas() {
    Order order = SchemaRegistry.read(placed(SchemaRegistry.toData(ORDER)), Order.class);
    assertThat(order).isEqualTo(ORDER);
    assertThat(order.items().get(0).price()).hasToString("19.90");
  }

  /** As other libraries have it: not for components of records. */
  private static final class Elsewhere {
    @Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER})
    @Retention(RetentionPolicy.RUNTIME)
    @interface Nullable {}
  }

  record Loose(String name, @Elsewhere.Nullable String nick, @JsonIgnore String secret) {}

  @Test
  void comesBackWithoutWhatMayBeAbsentOrIsNotWritten() {
    ObjectNode data = SchemaRegistry.toData(new Loose("Ada", null, "hidden"));
    assertThat(data).hasToString("{\"name\":\"Ada\"}");
    Loose loose = SchemaRegistry.read(placed(data), Loose.class);
    assertThat(loose.name()).isEqualTo("Ada");
    assertThat(loose).extracting(Loose::nick, Loose::secret).containsOnlyNulls();
  }

  @Test
  void isNotReadFromDataThatLacksWhatIsRequiredOrHasItOtherwise() {
    ObjectNode without = SchemaRegistry.toData(ORDER).without("placed_at");
    assertUnfit(placed(without), "data.placed_at");
    assertUnfit(placed(SchemaRegistry.toData(ORDER).putNull("link")), "data.link");
    assertUnfit(placed(SchemaRegistry.toData(ORDER).without("weight")), "data.weight");
    assertUnfit(placed(SchemaRegistry.toData(ORDER).put("due_date", "soon")), "data.due_date");
    ObjectNode nested = SchemaRegistry.toData(ORDER);
    nested.withArray("items").addObject().put("price", 1);
    assertUnfit(placed(nested), "data.items[1].article_name");
    assertUnfit(CloudEventBuilder.v1(placed(without)).withoutData().build(), "data");
  }

  private static void assertUnfit(CloudEvent event, String field) {
    assertThatThrownBy(() -> SchemaRegistry.read(event, Order.class))
        .isInstanceOfSatisfying(
            EventValidationException.class,
            e -> assertThat(e.violations()).extracting(Violation::field).containsExactly(field));
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Card(
      YearMonth expires, MonthDay billedOn, Currency currency, Locale locale, byte[] picture) {}

  @Test
  void knowsWhatIsWrittenAsText() {
    SchemaRegistry cards = SchemaRegistry.empty().register("card", 1, Card.class);
    Card card =
        new Card(
            YearMonth.of(2027, 3),
            MonthDay.of(3, 1),
            Currency.getInstance("EUR"),
            Locale.GERMANY,
            new byte[] {1, 2});
    ObjectNode data = SchemaRegistry.toData(card);
    assertThat(cards.validate("card", data)).isEmpty();
    assertThat(cards.validate("card", data.put("expires", 2027))).hasSize(1);
  }

  @Test
  void requiresWhatTheRecordRequires() {
    assertThat(registry.validate("order.placed", SchemaRegistry.toData(ORDER).objectNode()))
        .extracting(Violation::field)
        .containsExactlyInAnyOrder(
            "data.order_id",
            "data.size",
            "data.items",
            "data.counts",
            "data.placed_at",
            "data.shipped_at",
            "data.due_date",
            "data.local_time",
            "data.opens_at",
            "data.takes",
            "data.link",
            "data.isGift",
            "data.weight");
  }

  @Test
  void findsValuesOfAnotherKind() {
    ObjectNode data = SchemaRegistry.toData(ORDER);
    data.put("order_id", "no id").put("size", "HUGE").put("placed_at", "yesterday");
    data.withArray("items").addObject().put("price", "free");
    data.withObject("/counts").put("mats", "many");
    assertThat(registry.validate("order.placed", data))
        .extracting(Violation::field)
        .contains(
            "data.order_id",
            "data.size",
            "data.placed_at",
            "data.items[1].article_name",
            "data.items[1].price",
            "data.counts.mats");
  }
}
