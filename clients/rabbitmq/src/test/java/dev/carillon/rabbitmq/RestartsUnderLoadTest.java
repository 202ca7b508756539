package dev.carillon.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.GetResponse;
import dev.carillon.testkit.engines.RabbitBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker is killed again and again while eight threads publish. More of it: {@code
 * -Dcarillon.rabbitmq.events=100000 -Dcarillon.rabbitmq.restarts=10}.
 */
@Timeout(1800)
final class RestartsUnderLoadTest {

  private static final Logger log = LoggerFactory.getLogger(RestartsUnderLoadTest.class);
  private static final int EVENTS = Integer.getInteger("carillon.rabbitmq.events", 8_000);
  private static final int RESTARTS = Integer.getInteger("carillon.rabbitmq.restarts", 2);
  private static final int THREADS = 8;

  private final RabbitBroker broker = Brokers.shared();
  private final BoundQueue queue = new BoundQueue(broker.url());
  private final Set<String> confirmed = ConcurrentHashMap.newKeySet();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private final AtomicInteger next = new AtomicInteger();

  @Test
  void everyTrueIsOnTheQueueAndEveryDuplicateHasTheSameId() throws Exception {
    EventPublisherConfig config =
        RabbitPeer.settings(broker.url(), queue.exchange())
            .retryAttempts(5)
            .retryDelay(Duration.ofMillis(200))
            .maxRetryDelay(Duration.ofSeconds(1))
            .publishTimeout(Duration.ofSeconds(60))
            .socketTimeout(Duration.ofSeconds(10))
            .build();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (EventPublisher publisher = EventPublisher.of(config)) {
      List<CompletableFuture<Void>> publishing = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        publishing.add(CompletableFuture.runAsync(() -> publish(publisher), threads));
      }
      for (int i = 1; i <= RESTARTS; i++) {
        int due = i * EVENTS / (RESTARTS + 1);
        org.awaitility.Awaitility.await()
            .atMost(Duration.ofMinutes(5))
            .pollInterval(Duration.ofMillis(10))
            .until(() -> next.get() >= due);
        broker.kill();
        broker.restart();
      }
      CompletableFuture.allOf(publishing.toArray(CompletableFuture[]::new))
          .get(10, TimeUnit.MINUTES);
      log.info("published through {} restarts: {}", RESTARTS, publisher.stats());
    } finally {
      threads.shutdownNow();
    }
    assertThat(confirmed.size() + refused.size()).isEqualTo(EVENTS);
    Map<String, Set<String>> idsOf = new HashMap<>();
    int duplicates = 0;
    for (GetResponse message : queue.messages()) {
      Set<String> ids = idsOf.computeIfAbsent(number(message), key -> new HashSet<>());
      duplicates += ids.isEmpty() ? 0 : 1;
      ids.add(message.getProps().getMessageId());
    }
    log.info("{} true, {} false, {} duplicates", confirmed.size(), refused.size(), duplicates);
    assertThat(idsOf.keySet()).as("arrived").containsAll(confirmed);
    assertThat(idsOf.values()).as("ids of each event").allMatch(ids -> ids.size() == 1);
    queue.delete();
  }

  private void publish(EventPublisher publisher) {
    for (int number = next.getAndIncrement(); number < EVENTS; number = next.getAndIncrement()) {
      String text = Integer.toString(number);
      boolean success =
          publisher.publish("workout.created", Map.of("workout_id", text, "title", "t"));
      (success ? confirmed : refused).add(text);
    }
  }

  private static String number(GetResponse message) {
    try {
      return new com.fasterxml.jackson.databind.ObjectMapper()
          .readTree(message.getBody())
          .at("/data/workout_id")
          .textValue();
    } catch (java.io.IOException e) {
      throw new AssertionError("not JSON", e);
    }
  }
}
