package dev.carillon.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OutcomeTest {

  private final EventException invalid = new EventValidationException("data", "is missing");

  /** What became of events 1, 2 and 3, of which 2 is unfit, when the others got these answers. */
  private List<Outcome> ofThree(List<Outcome> answers) {
    return Outcome.ofEach(
            List.of("1", "2", "3"),
            this::fit,
            id -> id,
            sent -> {
              assertThat(sent).containsExactly(event("1"), event("3"));
              return CompletableFuture.completedFuture(answers);
            })
        .join();
  }

  private CloudEvent fit(String id) {
    if (id.equals("2")) {
      throw invalid;
    }
    return event(id);
  }

  @Test
  void isWhatASendCameTo() {
    assertThat(Outcome.of("1", receipt("1"), null)).isEqualTo(Outcome.accepted(receipt("1")));
    assertThat(Outcome.of("1", null, new CompletionException(invalid)))
        .isEqualTo(Outcome.failed("1", invalid));
    assertThat(Outcome.of("1", null, null))
        .isInstanceOfSatisfying(
            Outcome.Failed.class, failed -> assertThat(failed.error().mayHaveArrived()).isTrue());
  }

  @Test
  void putsWhatWasAnsweredInThePlacesLeftOpen() {
    List<Outcome> answers = List.of(Outcome.accepted(receipt("1")), Outcome.failed("3", invalid));
    assertThat(ofThree(answers))
        .containsExactly(answers.get(0), Outcome.failed("2", invalid), answers.get(1));
  }

  @Test
  void sendsNothingOfWhatIsUnfitAndAnEmptyBatchAsItIs() {
    CompletableFuture<List<Outcome>> closed =
        CompletableFuture.failedFuture(new IllegalStateException("closed"));
    assertThat(Outcome.ofEach(List.of("2"), this::fit, id -> id, sent -> closed).join())
        .containsExactly(Outcome.failed("2", invalid));
    assertThat(Outcome.ofEach(List.<String>of(), this::fit, id -> id, sent -> closed))
        .isCompletedExceptionally();
  }

  @Test
  void namesNoEventByAnEmptyId() {
    assertThat(Outcome.idOf(null)).isEmpty();
    assertThat(Outcome.idOf(event("1"))).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void believesNoAnswerWhenThereIsNotOneForEachEvent(int count) {
    List<Outcome> answers =
        List.of("1", "3", "5").stream()
            .limit(count)
            .map(id -> Outcome.accepted(receipt(id)))
            .toList();
    List<Outcome> outcomes = ofThree(answers);
    assertThat(outcomes).extracting(Outcome::eventId).containsExactly("1", "2", "3");
    assertThat(outcomes.get(1)).isEqualTo(Outcome.failed("2", invalid));
    assertThat(List.of(outcomes.get(0), outcomes.get(2)))
        .allSatisfy(
            outcome ->
                assertThat(outcome)
                    .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> {
                          assertThat(failed.error()).hasMessage(count + " outcomes for 2 events");
                          assertThat(failed.error().mayHaveArrived()).isTrue();
                        }));
  }

  private static Receipt receipt(String id) {
    return new Receipt(id, Guarantee.STORED, Instant.EPOCH);
  }

  private static CloudEvent event(String id) {
    return CloudEventBuilder.v1().withId(id).withSource(URI.create("/s")).withType("t").build();
  }
}
