package dev.carillon.hub.pipeline;

import dev.carillon.hub.store.Batch;
import dev.carillon.hub.store.EventFields;
import dev.carillon.hub.store.EventVersion;
import dev.carillon.hub.store.Operation;
import dev.carillon.hub.store.Operation.Kind;
import dev.carillon.hub.store.StateMachine;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Operations on few events, so that they meet in every way; the same for the same seed. */
final class RandomOperations {

  private static final String[] NAMES = {"event_a", "event_b", "event_c", "ümlaut'; DROP TABLE x"};
  private static final Instant START = Instant.parse("2026-10-25T22:00:00.007Z");

  /** A clock of their time: a store drops updates that wait too long for their create. */
  static final Clock CLOCK = Clock.fixed(START, ZoneOffset.UTC);

  private final Random random;
  private final int events;
  private Instant clock = START;

  RandomOperations(long seed, int events) {
    this.random = new Random(seed);
    this.events = events;
  }

  static String name(int which) {
    return NAMES[which % NAMES.length];
  }

  List<Operation> take(int count) {
    List<Operation> operations = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      operations.add(next());
    }
    return operations;
  }

  /** Carries an operation out on the events that there are, as every store must. */
  static void carryOut(Map<UUID, EventVersion> state, Operation operation) {
    UUID id = operation.eventId();
    state.put(id, StateMachine.apply(state.get(id), operation).version());
  }

  /** An event's fields as a text that is the same for the same fields. */
  static String text(EventVersion version) {
    return new String(EventFields.of(version.fields().json()).json(), StandardCharsets.UTF_8);
  }

  /** The create of an event of its own at a position from 1, by no chance. */
  static Batch.Placed create(int which, EventFields fields) {
    UUID id = new UUID(0x7000L, 0x8000_0000_0000_0000L + which);
    return new Batch.Placed(which + 1, new Operation(Kind.CREATE, id, START, fields));
  }

  /** Operations at the positions from 1. */
  List<Batch.Placed> placed(int count) {
    List<Batch.Placed> placed = new ArrayList<>(count);
    for (Operation operation : take(count)) {
      placed.add(new Batch.Placed(placed.size() + 1, operation));
    }
    return placed;
  }

  private Operation next() {
    clock = clock.plusMillis(random.nextInt(3_600_000));
    UUID id = new UUID(0x7000L, 0x8000_0000_0000_0000L + random.nextInt(events));
    int kind = random.nextInt(10);
    if (kind < 6) {
      return new Operation(Kind.CREATE, id, clock, created().build());
    }
    return kind < 9
        ? new Operation(Kind.UPDATE, id, clock, updated().build())
        : new Operation(Kind.DELETE, id, clock, EventFields.NONE);
  }

  private EventFields.Builder created() {
    return EventFields.builder()
        .conversationId(conversation())
        .conversationMetadata("{\"user\":\"\\u00fc\\n\"}")
        .eventName(name(random.nextInt(NAMES.length)))
        .error(error())
        .latency(latency())
        .input("a \"question\"\twith\\everything\nin it " + random.nextInt())
        .inputEmbeddings(new double[] {random.nextDouble(), -0.0, 1e-300, random.nextInt()})
        .output("😀")
        .outputEmbeddings(new double[0]);
  }

  private EventFields.Builder updated() {
    EventFields.Builder fields = EventFields.builder();
    switch (random.nextInt(5)) {
      case 0 -> fields.error(error());
      case 1 -> fields.latency(latency()).output("updated");
      case 2 -> fields.eventName(name(random.nextInt(NAMES.length)));
      case 3 -> fields.conversationId(conversation());
      default -> fields.inputEmbeddings(new double[] {1, 2, 3}).input("");
    }
    return fields;
  }

  private String conversation() {
    return "conversation " + random.nextInt(12);
  }

  private String error() {
    return random.nextInt(3) == 0 ? "timeout" : "";
  }

  /** Quarters, which every sum and interpolation of two stores agrees on. */
  private double latency() {
    return random.nextInt(100_000) / 4.0;
  }
}
