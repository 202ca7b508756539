package dev.carillon.hub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carillon.hub.store.Operation.Kind;
import dev.carillon.hub.store.StateMachine.Effect;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Events that together have twice the memory of the database, and more. */
@Timeout(120)
class LargeEventsTest {

  private static final Instant MORNING = Instant.parse("2026-03-02T08:00:00Z");
  private static final String MEMORY = "64MB";
  private static final int EVENTS = 100;
  private static final int LARGE = 1_000_000;

  @TempDir Path folder;
  private final Random random = new Random(7);

  @Test
  void areReadFromTheLogAsTheyCame() throws Exception {
    List<LogEntry> sent = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      sent.add(event("large", "l" + i, LARGE));
      sent.add(event("small", "s" + i, 100)); // but from a source with a long name
      sent.add(event("other", "o" + i, 8000 + i)); // about as much as a row holds
    }
    try (EmbeddedEventLog log = openLog()) {
      for (LogEntry entry : sent) {
        log.append(List.of(entry)).get();
      }
      assertThat(all(log, "*")).containsExactlyElementsOf(texts(sent));
      log.append(sent.subList(0, 9)).get(); // once more
    }
    try (EmbeddedEventLog log = openLog()) {
      log.append(sent.subList(6, 18)).get();
      assertThat(all(log, "*")).containsExactlyElementsOf(texts(sent));
      assertThat(all(log, "large")).hasSize(EVENTS).contains(text(sent.get(3)));
      assertThat(all(log, "other")).hasSize(EVENTS).contains(text(sent.get(5)));
      assertThat(log.find("l77").get().orElseThrow().json()).isEqualTo(sent.get(231).json());
      assertThat(log.stats().deadLetters()).isZero();
    }
  }

  private EmbeddedEventLog openLog() throws IOException {
    return EmbeddedEventLog.open(
        folder,
        new EmbeddedEventLog.Settings(
            10_000,
            96 << 20,
            8,
            1,
            64 << 20,
            10,
            1000,
            MEMORY,
            Duration.ZERO,
            Duration.ofMinutes(1)),
        Clock.systemUTC());
  }

  private LogEntry event(String type, String id, int size) {
    byte[] data = ('"' + noise(size) + '"').getBytes(StandardCharsets.UTF_8);
    String source = type.equals("small") ? "/" + "%E4".repeat(3000) : "/here";
    return LogEntry.builder(id, source, type).time(MORNING).data(data).build();
  }

  private String noise(int size) {
    byte[] bytes = new byte[size / 4 * 3];
    random.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static List<String> all(EmbeddedEventLog log, String type) throws Exception {
    List<String> found = new ArrayList<>();
    long after = 0;
    Page page;
    do {
      page = log.read(LogQuery.builder().type(type).after(after).maxBytes(16 << 20).build()).get();
      page.events().forEach(event -> found.add(text(event.json())));
      after = page.next();
    } while (page.full());
    return found;
  }

  private static List<String> texts(List<LogEntry> entries) {
    return entries.stream().map(LargeEventsTest::text).toList();
  }

  private static String text(LogEntry entry) {
    return text(entry.json());
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }

  @Test
  void areUpdatedAndLeaveNothingBehind() throws Exception {
    List<UUID> ids = new ArrayList<>();
    List<String> inputs = new ArrayList<>();
    try (Analytics analytics = openAnalytics()) {
      for (int i = 0; i < EVENTS; i++) {
        ids.add(UUID.randomUUID());
        inputs.add(noise(LARGE));
        append(analytics, List.of(operation(Kind.CREATE, ids.get(i), create(i, inputs.get(i)))));
      }
      assertThat(find(analytics, ids.get(0)).fields().latency()).isZero();
      append(analytics, operations(Kind.UPDATE, ids, EventFields.builder().latency(9.0).build()));
      for (int i = 0; i < EVENTS; i += 10) {
        EventFields.Values values = find(analytics, ids.get(i)).fields().values();
        assertThat(values.latency()).isEqualTo(9);
        assertThat(values.input()).isEqualTo(inputs.get(i));
      }
      assertThat(analytics.store().events(AnalyticsQuery.all(100).in("c3")).get())
          .extracting(version -> version.fields().values().input())
          .containsExactlyInAnyOrderElementsOf(
              List.of(inputs.get(3), inputs.get(13), inputs.get(23)));
      List<UUID> same = Collections.nCopies(300, ids.get(0));
      append(analytics, operations(Kind.UPDATE, same, EventFields.builder().latency(7.0).build()));
      assertThat(find(analytics, ids.get(0)).fields().latency()).isEqualTo(7);
      append(analytics, operations(Kind.DELETE, ids.subList(1, EVENTS), EventFields.NONE));
      analytics.operations().readable().get();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> analytics.store().stats().compacted() >= 2 * EVENTS);
      assertThat(analytics.store().stats().compacted())
          .as("versions: one for each event and batch")
          .isEqualTo(2 * EVENTS);
      assertThat(find(analytics, ids.get(0)).fields().values().input()).isEqualTo(inputs.get(0));
      assertThat(analytics.writerStats().setAside()).isZero();
    }
    try (Connection database =
            DriverManager.getConnection("jdbc:duckdb:" + folder.resolve("analytics.duckdb"));
        Statement select = database.createStatement();
        ResultSet owners = select.executeQuery("SELECT count(DISTINCT owner) FROM chunks")) {
      owners.next();
      assertThat(owners.getInt(1)).as("newest versions").isEqualTo(EVENTS);
    }
  }

  @Test
  void areChangedTogetherWithWhatIsNew() throws Exception {
    UUID old = UUID.randomUUID();
    UUID fresh = UUID.randomUUID();
    UUID gone = UUID.randomUUID();
    String input = noise(LARGE);
    String output = noise(LARGE);
    EventFields update = EventFields.builder().output(output).latency(9.0).build();
    try (Analytics analytics = openAnalytics()) {
      append(analytics, List.of(operation(Kind.CREATE, old, create(1, input))));
      find(analytics, old);
      append(
          analytics,
          List.of(
              operation(Kind.CREATE, gone, create(2, input)),
              operation(Kind.CREATE, fresh, create(3, noise(100))),
              operation(Kind.UPDATE, old, update),
              operation(Kind.DELETE, gone, EventFields.NONE),
              operation(Kind.UPDATE, fresh, update),
              operation(Kind.CREATE, old, create(4, "again")),
              operation(Kind.UPDATE, gone, update)));
      EventFields.Values changed = find(analytics, old).fields().values();
      assertThat(changed.input()).isEqualTo(input);
      assertThat(changed.output()).isEqualTo(output);
      assertThat(changed.conversationId()).isEqualTo("c1");
      assertThat(find(analytics, fresh).fields().values().output()).isEqualTo(output);
      assertThat(analytics.store().find(gone).get()).isEmpty();
      assertThat(analytics.writerStats().effects())
          .containsOnly(
              Map.entry(Effect.CREATED, 3L),
              Map.entry(Effect.UPDATED, 2L),
              Map.entry(Effect.DELETED, 1L),
              Map.entry(Effect.DUPLICATE, 1L),
              Map.entry(Effect.IGNORED, 1L));
    }
  }

  @Test
  void areNotBlamedForAWantOfMemory() throws Exception {
    EmbeddedAnalyticsStore.Settings narrow =
        new EmbeddedAnalyticsStore.Settings(Duration.ZERO, Duration.ofHours(1), 1, 256, "4MB");
    List<Batch.Placed> operations = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      operations.add(
          new Batch.Placed(
              i + 1, operation(Kind.CREATE, UUID.randomUUID(), create(i, noise(LARGE)))));
    }
    try (EmbeddedAnalyticsStore store =
        EmbeddedAnalyticsStore.open(folder, narrow, Clock.fixed(MORNING, ZoneOffset.UTC))) {
      assertThatThrownBy(() -> store.write(new Batch("a", operations, EVENTS)))
          .isInstanceOf(StoreBusyException.class);
      assertThat(store.isWritable()).isTrue();
    }
  }

  private Analytics openAnalytics() throws IOException {
    return Analytics.embedded(
        folder,
        new EmbeddedAnalyticsStore.Settings(Duration.ZERO, Duration.ofMillis(20), 2, 256, MEMORY),
        Clock.fixed(MORNING, ZoneOffset.UTC));
  }

  private static void append(Analytics analytics, List<Operation> operations) throws Exception {
    analytics.operations().append(operations).get();
  }

  private static EventVersion find(Analytics analytics, UUID id) throws Exception {
    analytics.operations().readable().get();
    return analytics.store().find(id).get().orElseThrow();
  }

  private static List<Operation> operations(Kind kind, List<UUID> ids, EventFields fields) {
    return ids.stream().map(id -> operation(kind, id, fields)).toList();
  }

  private static Operation operation(Kind kind, UUID id, EventFields fields) {
    return new Operation(kind, id, MORNING, fields);
  }

  private static EventFields create(int i, String input) {
    return EventFields.builder()
        .conversationId("c" + (i < 30 ? i % 10 : i))
        .eventName("event_a")
        .input(input)
        .build();
  }
}
