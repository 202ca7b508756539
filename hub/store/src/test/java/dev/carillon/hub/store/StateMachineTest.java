package dev.carillon.hub.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.hub.store.EventVersion.State;
import dev.carillon.hub.store.Operation.Kind;
import dev.carillon.hub.store.StateMachine.Effect;
import dev.carillon.hub.store.StateMachine.Step;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateMachineTest {

  private static final UUID ID = UUID.fromString("018f0000-0000-7000-8000-000000000001");
  private static final Instant T1 = Instant.parse("2026-03-02T08:00:00Z");
  private static final Instant T2 = T1.plusSeconds(1);

  @ParameterizedTest
  @CsvSource({
    "NOTHING, CREATE, CREATED, LIVE",
    "NOTHING, UPDATE, ORPHANED, PENDING",
    "NOTHING, DELETE, DELETED, DELETED",
    "LIVE, CREATE, DUPLICATE, LIVE",
    "LIVE, UPDATE, UPDATED, LIVE",
    "LIVE, DELETE, DELETED, DELETED",
    "PENDING, CREATE, CREATED, LIVE",
    "PENDING, UPDATE, ORPHANED, PENDING",
    "PENDING, DELETE, DELETED, DELETED",
    "DELETED, CREATE, IGNORED, DELETED",
    "DELETED, UPDATE, IGNORED, DELETED",
    "DELETED, DELETE, IGNORED, DELETED"
  })
  void goesFromEveryStateByEveryOperation(String from, Kind kind, Effect effect, State to) {
    EventVersion base =
        from.equals("NOTHING")
            ? null
            : new EventVersion(ID, 7, State.valueOf(from), fields("base", 1.0), T1, T1);

    Step step = StateMachine.apply(base, operation(kind, fields("new", 2.0)));

    assertThat(step.effect()).isEqualTo(effect);
    assertThat(step.version().state()).isEqualTo(to);
    boolean unchanged = effect == Effect.DUPLICATE || effect == Effect.IGNORED;
    if (unchanged) {
      assertThat(step.version()).isSameAs(base);
    } else {
      assertThat(step.version().version()).isEqualTo(base == null ? 1 : 8);
      assertThat(step.version().updatedAt()).isEqualTo(T2);
    }
  }

  @Test
  void anUpdateChangesOnlyWhatIsGivenAndLeavesTheTimeOfCreation() {
    EventVersion created =
        StateMachine.apply(null, operation(Kind.CREATE, fields("in", 5.0))).version();
    Operation update =
        new Operation(
            Kind.UPDATE,
            ID,
            T2.plusSeconds(5),
            EventFields.builder().error("").latency(9.0).build());

    EventVersion updated = StateMachine.apply(created, update).version();

    assertThat(updated.fields().values().input()).isEqualTo("in");
    assertThat(updated.fields().values().conversationId()).isEqualTo("c");
    assertThat(updated.fields().latency()).isEqualTo(9.0);
    assertThat(updated.fields().failed()).isFalse();
    assertThat(updated.createdAt()).isEqualTo(T2);
    assertThat(updated.updatedAt()).isEqualTo(T2.plusSeconds(5));
  }

  @Test
  void updatesThatCameEarlyLieOverTheCreate() {
    Operation early =
        new Operation(Kind.UPDATE, ID, T1, EventFields.builder().latency(9.0).build());
    EventVersion pending = StateMachine.apply(null, early).version();

    EventVersion live =
        StateMachine.apply(pending, operation(Kind.CREATE, fields("in", 5.0))).version();

    assertThat(live.fields().latency()).isEqualTo(9.0);
    assertThat(live.fields().values().input()).isEqualTo("in");
    assertThat(live.createdAt()).isEqualTo(T2);
  }

  @Test
  void anOperationComesBackFromItsJson() {
    double[] embeddings = {0.1, -1e-300, 3, 1.7976931348623157e308, 1 / 3.0};
    Operation create =
        new Operation(
            Kind.CREATE,
            ID,
            T1,
            EventFields.builder()
                .conversationId("c'; DROP TABLE versions; --")
                .conversationMetadata("{\"k\":\"µ 🎉\"}")
                .eventName("event_a")
                .error("e\n")
                .latency(142.5)
                .input("in")
                .inputEmbeddings(embeddings)
                .output("out")
                .outputEmbeddings(new double[0])
                .build());

    Operation read = Operation.of(create.toJson());

    assertThat(read.toJson()).isEqualTo(create.toJson());
    assertThat(read.fields().values().inputEmbeddings()).isEqualTo(embeddings);
    assertThat(Operation.of(operation(Kind.DELETE, EventFields.NONE).toJson()).kind())
        .isEqualTo(Kind.DELETE);
  }

  private static Operation operation(Kind kind, @Nullable EventFields fields) {
    return new Operation(
        kind, ID, T2, kind == Kind.DELETE || fields == null ? EventFields.NONE : fields);
  }

  private static EventFields fields(String input, double latency) {
    return EventFields.builder()
        .conversationId("c")
        .eventName("event_a")
        .input(input)
        .latency(latency)
        .build();
  }
}
