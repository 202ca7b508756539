package dev.carillon.hub.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.hub.store.AnalyticsStore.ErrorDay;
import dev.carillon.hub.store.AnalyticsStore.SessionErrors;
import dev.carillon.hub.store.AnalyticsStore.SessionLatency;
import dev.carillon.hub.store.Operation.Kind;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Answers stay exact while versions are removed and statistics are prepared beneath them. */
@Timeout(120)
class AnalyticsHousekeepingTest {

  private static final Instant NOW = Instant.parse("2026-03-02T08:00:00Z");
  private static final int EVENTS = 400;
  private static final int ERRORS = 100;
  private static final int ROUNDS = 150;

  @TempDir Path folder;
  private final Random random = new Random(11);
  private final List<UUID> wrong = new ArrayList<>();
  private final List<UUID> right = new ArrayList<>();
  private Analytics analytics;

  @BeforeEach
  void open() throws Exception {
    EmbeddedAnalyticsStore.Settings settings =
        new EmbeddedAnalyticsStore.Settings(
            Duration.ofDays(10), Duration.ofMillis(1), 2, 256, "256MB");
    analytics = Analytics.embedded(folder, settings, Clock.fixed(NOW, ZoneOffset.UTC));
  }

  @AfterEach
  void close() {
    analytics.close();
  }

  @Test
  void everyAnswerIsThatOfOneMoment() throws Exception {
    fill();
    CountDownLatch done = new CountDownLatch(1);
    CompletableFuture<Integer> reads =
        CompletableFuture.supplyAsync(
            () -> {
              int count = 0;
              while (done.getCount() > 0) {
                assertExact();
                count++;
              }
              return count;
            });
    for (int round = 0; round < ROUNDS && !reads.isDone(); round++) {
      analytics.operations().append(exchange()).get();
      if (round % 10 == 0) {
        analytics.operations().readable().join(); // or all might become one batch
      }
    }
    done.countDown();

    assertThat(reads.get()).isPositive();
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                analytics.store().stats().retired() == 0
                    && analytics.store().stats().rollUpLag() == 0);
    assertThat(analytics.store().stats().compacted()).isPositive();
    assertExact();
  }

  private void fill() throws Exception {
    List<Operation> operations = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      UUID id = new UUID(random.nextLong(), random.nextLong());
      (i < ERRORS ? wrong : right).add(id);
      operations.add(create(id, i < ERRORS ? "e" : ""));
    }
    analytics.operations().append(operations).get();
  }

  private Operation create(UUID id, String error) {
    EventFields fields =
        EventFields.builder()
            .conversationId("c" + random.nextInt(10))
            .eventName("event_" + (char) ('a' + random.nextInt(3)))
            .error(error)
            .latency(5.0)
            .build();
    return new Operation(Kind.CREATE, id, NOW.minusSeconds(random.nextInt(500_000)), fields);
  }

  /** Operations that together leave the number of events and of errors as it is. */
  private List<Operation> exchange() {
    List<Operation> operations = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      UUID mended = wrong.remove(random.nextInt(wrong.size()));
      UUID broken = right.remove(random.nextInt(right.size()));
      wrong.add(broken);
      right.add(mended);
      operations.add(update(mended, ""));
      operations.add(update(broken, "e"));
    }
    UUID deleted = right.remove(random.nextInt(right.size()));
    UUID created = new UUID(random.nextLong(), random.nextLong());
    right.add(created);
    operations.add(new Operation(Kind.DELETE, deleted, NOW, EventFields.NONE));
    operations.add(create(created, ""));
    return operations;
  }

  private Operation update(UUID id, String error) {
    EventFields.Builder fields = EventFields.builder().error(error);
    if (random.nextInt(3) == 0) {
      fields.conversationId("c" + random.nextInt(10));
    }
    return new Operation(Kind.UPDATE, id, NOW, fields.build());
  }

  private void assertExact() {
    analytics.operations().readable().join();
    AnalyticsStore store = analytics.store();
    AnalyticsQuery all = AnalyticsQuery.all(1000);
    List<SessionErrors> sessions = store.topErrors(all).join();
    assertThat(sessions.stream().mapToLong(SessionErrors::totalEvents).sum()).isEqualTo(EVENTS);
    assertThat(sessions.stream().mapToLong(SessionErrors::errorEvents).sum()).isEqualTo(ERRORS);
    List<SessionLatency> latencies = store.latency(all).join();
    assertThat(latencies.stream().mapToLong(SessionLatency::eventCount).sum()).isEqualTo(EVENTS);
    assertThat(latencies).allMatch(session -> session.p95Latency() == 5.0);
    List<ErrorDay> days = store.errors(all).join();
    assertThat(days.stream().mapToLong(ErrorDay::totalCount).sum()).isEqualTo(EVENTS);
    assertThat(days.stream().mapToLong(ErrorDay::errorCount).sum()).isEqualTo(ERRORS);
    assertThat(store.totals(all).join().errors()).isEqualTo(ERRORS);
    assertThat(store.events(all).join()).hasSize(EVENTS);
  }
}
