package dev.carillon.hub.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carillon.hub.store.Batch;
import dev.carillon.hub.store.EventFields;
import dev.carillon.hub.store.LogUnavailableException;
import dev.carillon.hub.store.Operation;
import dev.carillon.hub.store.OperationsTooLargeException;
import dev.carillon.testkit.engines.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Operations on their way into Kafka. */
@Timeout(180)
final class KafkaOperationLogTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private static Path folder;
  private static KafkaBroker broker;

  @BeforeAll
  static void startBroker() {
    broker = KafkaBroker.start(folder.resolve("kafka"));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void refusesWhileKafkaIsAwayAndTakesAgainWhenItIsBack() throws Exception {
    KafkaSettings settings = KafkaSettings.of(broker.bootstrap(), "away");
    RandomOperations random = new RandomOperations(10, 50);
    try (Kafka kafka = KafkaPipelineTest.started(settings);
        KafkaOperationLog log = kafka.log()) {
      log.append(random.take(10)).get(30, TimeUnit.SECONDS);
      broker.kill();

      CompletableFuture<Void> caught = log.append(random.take(10));
      assertThatThrownBy(() -> caught.get(30, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(LogUnavailableException.class);
      await().atMost(PATIENCE).until(() -> !log.isReady());
      assertThat(log.append(random.take(10))).isCompletedExceptionally();
      assertThat(log.stats().pending()).isZero();

      broker.restart();
      await().atMost(PATIENCE).until(log::isReady);
      log.append(random.take(10)).get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void refusesAloneWhatIsLargerThanTheTopicTakes() throws Exception {
    KafkaSettings settings = KafkaSettings.of(broker.bootstrap(), "small-messages");
    try (Admin admin = Admin.create(settings.client(Map.of()))) {
      NewTopic small = new NewTopic(settings.topic(), Optional.of(1), Optional.empty());
      admin
          .createTopics(List.of(small.configs(Map.of("max.message.bytes", "10000"))))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
    List<Operation> operations = new ArrayList<>(new RandomOperations(13, 500).take(200));
    Operation large = large();
    operations.add(100, large);
    try (Kafka kafka = KafkaPipelineTest.started(settings);
        KafkaOperationLog log = kafka.log()) {
      assertThatThrownBy(() -> log.append(operations).get(30, TimeUnit.SECONDS))
          .cause()
          .isInstanceOfSatisfying(
              OperationsTooLargeException.class,
              refused -> assertThat(refused.operations()).containsExactly(large));
      assertThat(log.stats().appended()).isEqualTo(200);
      assertThat(log.stats().pending()).isZero();
      try (KafkaOperationSource source = kafka.source(part -> 0)) {
        int read = 0;
        while (read < 200) {
          List<Batch> batches = source.poll(PATIENCE);
          assertThat(batches).as("operations after " + read).isNotEmpty();
          read += batches.stream().mapToInt(batch -> batch.operations().size()).sum();
        }
        assertThat(read).isEqualTo(200);
      }
    }
  }

  /** An operation that no compression makes small. */
  private static Operation large() {
    EventFields fields =
        EventFields.builder()
            .conversationId("c")
            .eventName("event_a")
            .input(KafkaPipelineTest.text(50_000))
            .build();
    return RandomOperations.create(1_000, fields).operation();
  }

  @Test
  void completesEveryFutureOnClose() throws Exception {
    KafkaSettings settings = KafkaSettings.of(broker.bootstrap(), "closing");
    RandomOperations random = new RandomOperations(11, 1_000);
    List<CompletableFuture<Void>> taken = new ArrayList<>();
    try (Kafka kafka = KafkaPipelineTest.started(settings)) {
      KafkaOperationLog log = kafka.log();
      for (int i = 0; i < 200; i++) {
        taken.add(log.append(random.take(20)));
      }
      log.close();
      log.close();
      assertThat(taken).allMatch(CompletableFuture::isDone);
      assertThat(log.append(random.take(1))).isCompletedExceptionally();
    }
  }
}
