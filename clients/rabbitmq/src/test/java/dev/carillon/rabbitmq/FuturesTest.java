package dev.carillon.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

  @Test
  void callbacksThatAreHeldUpKeepNobodyFromTimingOut() throws Exception {
    int threads = Math.max(2, Math.min(4, Runtime.getRuntime().availableProcessors()));
    CountDownLatch held = new CountDownLatch(threads);
    CountDownLatch free = new CountDownLatch(1);
    EventPublisher quick =
        EventPublisher.of(
            RabbitPeer.settings(Brokers.shared().url(), queue.exchange())
                .publishTimeout(Duration.ofSeconds(1))
                .build());
    try {
      for (int i = 0; i < threads; i++) {
        Thread own = // it may be answered before something hangs on it
            new Thread(
                () -> {
                  CompletableFuture<Void> unused =
                      quick
                          .publishAsync("workout.moved", DATA)
                          .thenRun(
                              () -> {
                                held.countDown();
                                hold(free);
                              });
                });
        own.setDaemon(true);
        own.start();
      }
      assertThat(held.await(30, TimeUnit.SECONDS)).isTrue();
      Brokers.shared().stall();
      assertThat(CompletableFuture.supplyAsync(() -> quick.publish("workout.moved", DATA)))
          .succeedsWithin(Duration.ofSeconds(30))
          .isEqualTo(false);
    } finally {
      Brokers.shared().resume();
      free.countDown();
      quick.close();
    }
  }

  private static void hold(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
