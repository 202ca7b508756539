package dev.carillon.hub.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carillon.hub.store.LogUnavailableException;
import dev.carillon.testkit.engines.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
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
