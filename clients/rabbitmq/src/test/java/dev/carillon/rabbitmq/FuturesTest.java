package dev.carillon.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What hangs on a future may wait for other events. */
@Timeout(120)
final class FuturesTest {

  private static final Map<String, Object> DATA = Map.of("number", 1);

  private final BoundQueue queue = new BoundQueue(Brokers.shared().url());
  private final EventPublisher publisher =
      EventPublisher.of(
          EventPublisherConfig.builder()
              .rabbitmqUrl(Brokers.shared().url())
              .exchangeName(queue.exchange())
              .organizationId(() -> "gym-1")
              .channels(1)
              .build());

  @AfterEach
  void close() {
    publisher.close();
    queue.delete();
  }

  /** Hangs something on the futures of so many events, all on one channel. */
  private List<CompletableFuture<Boolean>> chains(int events, Function<Receipt, Boolean> then) {
    List<CompletableFuture<Boolean>> chains = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      chains.add(publisher.publishAsync("workout.moved", DATA).thenApply(then));
    }
    return chains;
  }

  @Test
  void aCallbackMayCloseThePublisher() {
    EventPublisher closing =
        EventPublisher.of(
            RabbitPeer.settings(Brokers.shared().url(), queue.exchange())
                .closeTimeout(Duration.ofMinutes(1))
                .build());
    List<CompletableFuture<Receipt>> sent = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      sent.add(closing.publishAsync("workout.moved", DATA));
    }
    assertThat(sent.get(0).thenRun(closing::close)).succeedsWithin(Duration.ofSeconds(30));
    assertThat(sent).allMatch(CompletableFuture::isDone);
    assertThat(sent).noneMatch(CompletableFuture::isCompletedExceptionally);
  }

  private static void assertAllTrue(List<CompletableFuture<Boolean>> chains) {
    assertThat(chains)
        .allSatisfy(
            chain -> assertThat(chain).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(true));
  }

  @Test
  void forAnEventThatItPublishes() {
    assertAllTrue(chains(600, receipt -> publisher.publish("workout.moved", DATA)));
    assertThat(queue.messages()).hasSize(1_200);
  }

  @Test
  void forABatchThatItPublishes() {
    List<OutgoingEvent> two =
        List.of(OutgoingEvent.of("workout.moved", DATA), OutgoingEvent.of("workout.moved", DATA));
    assertAllTrue(
        chains(50, receipt -> publisher.publishBatch(two).stream().allMatch(Outcome::isAccepted)));
  }

  @Test
  void forTheEventAfterIt() {
    CompletableFuture<Receipt> before = publisher.publishAsync("workout.moved", DATA);
    List<CompletableFuture<Boolean>> chains = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      CompletableFuture<Receipt> next = publisher.publishAsync("workout.moved", DATA);
      chains.add(before.thenApply(receipt -> next.join() != null));
      before = next;
    }
    assertAllTrue(chains);
  }
}
