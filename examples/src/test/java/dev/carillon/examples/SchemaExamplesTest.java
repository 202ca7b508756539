package dev.carillon.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Outcome;
import dev.carillon.examples.OwnSchemas.LockerRented;
import dev.carillon.formats.EventFormats;
import dev.carillon.memory.MemoryBus;
import dev.carillon.schemas.SchemaRegistry;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class SchemaExamplesTest {

  @TempDir Path folder;

  private static CloudEvent event(String type, String json) {
    return CloudEventBuilder.v1()
        .withId("1")
        .withSource(URI.create("/gym"))
        .withType(type)
        .withData("application/json", json.getBytes(UTF_8))
        .build();
  }

  @Test
  void theSinkLetsOnlyValidEventsThrough() {
    try (var bus = MemoryBus.ofDefaults();
        var sink = GymEvents.checked(bus.sink())) {
      List<Outcome> outcomes =
          sink.sendAll(List.of(GymEvents.workoutCreated(), event("workout.created", "{}"))).join();
      assertThat(outcomes).extracting(Outcome::isAccepted).containsExactly(true, false);
    }
  }

  @Test
  void violationsAreWhatTheGuideSays() {
    assertThat(GymEvents.violations())
        .extracting(Object::toString)
        .containsExactlyInAnyOrder(
            "data.title: is required",
            "data.duration_minutes: string found, [integer, null] expected");
  }

  @Test
  void recordsAreReadByTheirType() {
    String json =
        "{\"booking_id\":\"b\",\"user_id\":\"u\",\"class_id\":\"c\",\"class_name\":\"Spin\","
            + "\"scheduled_time\":\"2026-11-02 09:00\"}";
    assertThat(GymEvents.describe(event("booking.confirmed", json)))
        .isEqualTo("Spin at 2026-11-02T09:00Z");
  }

  @Test
  void ownTypesAreRegistered() throws Exception {
    Path file = Files.writeString(folder.resolve("towel.json"), "{\"required\":[\"colour\"]}");
    SchemaRegistry registry = OwnSchemas.register(file);
    LockerRented rented =
        new LockerRented("7", BigDecimal.TEN, OffsetDateTime.parse("2026-11-02T09:00:00Z"), null);
    assertThat(registry.validate("locker.rented", SchemaRegistry.toData(rented))).isEmpty();
    assertThat(
            OwnSchemas.describe(event("locker.rented", SchemaRegistry.toData(rented).toString())))
        .isEqualTo("7 for 10");
    assertThat(registry.validate("locker.freed", "{}".getBytes(UTF_8))).hasSize(1);
    assertThat(registry.validate("towel.lost", "{}".getBytes(UTF_8))).hasSize(1);
  }

  @Test
  void subscribersSeeTheLatestVersion() {
    List<CloudEvent> handled = new CopyOnWriteArrayList<>();
    try (var bus = MemoryBus.ofDefaults();
        var source = bus.source();
        var sink = bus.sink();
        var subscription = OwnSchemas.subscribe(source, OwnSchemas.versions(), handled::add)) {
      sink.sendAndAwait(
          event("member.moved", "{\"address\":\"Hill 1, Ulm\"}"), Duration.ofSeconds(10));
      Awaitility.await().until(() -> !handled.isEmpty());
      assertThat(subscription).isNotNull();
    }
    var data = handled.get(0).getData();
    assertThat(data).isNotNull();
    assertThat(new String(data == null ? new byte[0] : data.toBytes(), UTF_8))
        .isEqualTo("{\"street\":\"Hill 1\",\"city\":\"Ulm\",\"country\":\"DE\"}");
  }

  @Test
  void wholeEventsComeBack() {
    CloudEvent event = GymEvents.workoutCreated();
    byte[] body = WholeEvents.write(event);
    assertThat(WholeEvents.read(EventFormats.MESSAGE_PACK, body)).hasValue(event);
    assertThat(WholeEvents.read("text/plain", body)).isEmpty();
  }
}
