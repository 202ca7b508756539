package dev.carillon.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.core.EventException;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.Outcome;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonCloudEventData;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ValidatingSinkTest {

  private static final Duration SHORT = Duration.ofSeconds(10);
  private static final String GOOD = "{\"workout_id\":\"w1\",\"title\":\"Yoga\"}";

  private final RecordingSink behind = new RecordingSink();
  private final SchemaRegistry registry = SchemaRegistry.ofDefaults();
  private final ValidatingSink sink = ValidatingSink.around(behind, registry);

  @Test
  void sendsWhatIsValidAsItIs() {
    CloudEvent event = event("1", "workout.created", GOOD);
    assertThat(sink.sendAndAwait(event, SHORT).eventId()).isEqualTo("1");
    assertThat(behind.events).containsExactly(event);
  }

  @Test
  void saysAllThatIsWrongAndSendsNothing() {
    CloudEvent event = event("1", "workout.created", "{\"workout_id\":\"\",\"title\":1}");
    assertThatThrownBy(() -> sink.sendAndAwait(event, SHORT))
        .isInstanceOfSatisfying(
            EventValidationException.class,
            e -> {
              assertThat(e.violations())
                  .extracting(EventValidationException.Violation::field)
                  .containsExactlyInAnyOrder("data.workout_id", "data.title");
              assertThat(e.isRetryable()).isFalse();
            });
    assertThat(behind.events).isEmpty();
  }

  @Test
  void sendsTheValidOnesOfABatchAndAnswersInOrder() {
    List<Outcome> outcomes =
        sink.sendAll(
                List.of(
                    event("1", "workout.created", "{}"),
                    event("2", "workout.created", GOOD),
                    event("3", "workout.created", "nonsense"),
                    event("4", "unknown", "{}")))
            .join();
    assertThat(outcomes).extracting(Outcome::eventId).containsExactly("1", "2", "3", "4");
    assertThat(outcomes).extracting(Outcome::isAccepted).containsExactly(false, true, false, true);
    assertThat(behind.events).extracting(CloudEvent::getId).containsExactly("2", "4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/xml", "application/msgpack", "json"})
  void refusesDataThatItsSchemaIsNotFor(String contentType) {
    CloudEvent event =
        CloudEventBuilder.v1(event("1", "workout.created", GOOD))
            .withDataContentType(contentType)
            .build();
    assertThatThrownBy(() -> sink.sendAndAwait(event, SHORT)).hasMessageContaining(contentType);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json; charset=utf-8", "text/json", "application/a+JSON"})
  void takesEveryKindOfJson(String contentType) {
    CloudEvent event =
        CloudEventBuilder.v1(event("1", "workout.created", GOOD))
            .withDataContentType(contentType)
            .build();
    assertThat(sink.sendAndAwait(event, SHORT).eventId()).isEqualTo("1");
  }

  @Test
  void refusesAnEventWithoutDataButTakesJsonThatIsParsedAlready() {
    CloudEvent empty =
        CloudEventBuilder.v1()
            .withId("1")
            .withSource(URI.create("/test"))
            .withType("workout.created")
            .build();
    assertThatThrownBy(() -> sink.sendAndAwait(empty, SHORT)).hasMessage("data: is required");
    CloudEvent parsed =
        CloudEventBuilder.v1(empty)
            .withData(
                JsonCloudEventData.wrap(
                    WorkoutEvent.Created.builder("w1", "Yoga").build().toData()))
            .build();
    assertThat(sink.sendAndAwait(parsed, SHORT).eventId()).isEqualTo("1");
  }

  @Test
  void namesTheVersionThatItCheckedAgainstUnlessItIsTheFirst() {
    registry.register("workout.created", 2, "{\"required\":[\"id\"]}");
    sink.sendAndAwait(event("1", "workout.created", "{\"id\":1}"), SHORT);
    CloudEvent old =
        CloudEventBuilder.v1(event("2", "workout.created", GOOD))
            .withExtension("schemaversion", 1)
            .build();
    sink.sendAndAwait(old, SHORT);
    assertThat(behind.events)
        .extracting(event -> String.valueOf(event.getExtension("schemaversion")))
        .containsExactly("2", "1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "0", "x", "99999999999"})
  void refusesAVersionThatIsNone(String version) {
    CloudEvent event =
        CloudEventBuilder.v1(event("1", "workout.created", GOOD))
            .withExtension("schemaversion", version)
            .build();
    assertThatThrownBy(() -> sink.sendAndAwait(event, SHORT)).hasMessageContaining("schemaversion");
  }

  @Test
  void namesNoOtherVersionThanItCheckedAgainstThoughOneIsRegisteredMeanwhile() {
    String[] fields = {"even", "odd"};
    CompletableFuture<Void> registering =
        CompletableFuture.runAsync(
            () -> {
              for (int version = 1; version <= 300; version++) {
                String field = fields[version % 2];
                registry.register("growing", version, "{\"required\": [\"" + field + "\"]}");
              }
            });
    while (!registering.isDone()) {
      sink.sendAll(List.of(event("1", "growing", "{\"even\": 1}"))).join();
    }
    assertThat(registering).succeedsWithin(SHORT);
    assertThat(behind.events)
        .filteredOn(
            event -> registry.knows("growing") && event.getExtension("schemaversion") != null)
        .allMatch(
            event -> Integer.parseInt(event.getExtension("schemaversion").toString()) % 2 == 0);
  }

  @Test
  @SuppressWarnings("NullAway") // what must not be null is
  void whatIsNullFailsThroughTheFutureToo() {
    assertThat(sink.send(null))
        .failsWithin(SHORT)
        .withThrowableThat()
        .withMessageContaining("event");
    assertThat(sink.sendAll(null))
        .failsWithin(SHORT)
        .withThrowableThat()
        .withMessageContaining("events");
    List<Outcome> outcomes =
        sink.sendAll(Arrays.asList(null, event("2", "workout.created", GOOD))).join();
    assertThat(outcomes).extracting(Outcome::isAccepted).containsExactly(false, true);
  }

  @Test
  void whatCannotBeCheckedFailsThroughTheFutureAndAlone() {
    CloudEvent unreadable =
        CloudEventBuilder.v1(event("1", "workout.created", GOOD))
            .withData(
                () -> {
                  throw new IllegalStateException("no bytes");
                })
            .build();
    assertThat(sink.send(unreadable))
        .failsWithin(SHORT)
        .withThrowableThat()
        .havingCause()
        .isInstanceOfSatisfying(EventException.class, ValidatingSinkTest::assertUnsent);
    List<Outcome> outcomes =
        sink.sendAll(List.of(unreadable, event("2", "workout.created", GOOD))).join();
    assertThat(outcomes).extracting(Outcome::eventId).containsExactly("1", "2");
    assertThat(outcomes.get(0))
        .isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertUnsent(failed.error()));
    assertThat(outcomes.get(1).isAccepted()).isTrue();
  }

  private static void assertUnsent(EventException error) {
    assertThat(error).hasMessageContaining("no bytes");
    assertThat(error.mayHaveArrived()).isFalse();
    assertThat(error.isRetryable()).isFalse();
  }

  @Test
  void checksNothingWhenValidationIsOff() {
    SchemaRegistry off = SchemaRegistry.builder().validation(false).build();
    ValidatingSink unchecked = ValidatingSink.around(behind, off);
    assertThat(unchecked.sendAndAwait(event("1", "workout.created", "{}"), SHORT)).isNotNull();
  }

  @Test
  void closesTheSinkBehindIt() {
    sink.close();
    assertThat(behind.closed).isTrue();
    assertThat(sink.capabilities()).isEqualTo(behind.capabilities());
  }

  private static CloudEvent event(String id, String type, String json) {
    return CloudEventBuilder.v1()
        .withId(id)
        .withSource(URI.create("/test"))
        .withType(type)
        .withData("application/json", json.getBytes(StandardCharsets.UTF_8))
        .build();
  }
}
