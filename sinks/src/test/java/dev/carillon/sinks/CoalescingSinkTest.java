package dev.carillon.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carillon.core.EventException;
import dev.carillon.core.EventRejectedException;
import dev.carillon.core.Receipt;
import dev.carillon.core.SinkClosedException;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CoalescingSinkTest {

  private static final Duration LONG = Duration.ofHours(1);

  private final RecordingSink inside = new RecordingSink();

  private static CloudEvent event(int id, String type, int bytes) {
    return CloudEventBuilder.v1()
        .withId("e" + id)
        .withSource(URI.create("/s"))
        .withType(type)
        .withData("text/plain", "x".repeat(bytes).getBytes(StandardCharsets.UTF_8))
        .build();
  }

  private CoalescingSink sink(int events, int bytes, Duration age) {
    return new CoalescingSink(inside, new CoalescingPolicy(events, bytes, age));
  }

  @Test
  void sendsOnWhenThereAreEnoughAndGivesEachItsReceipt() {
    CoalescingSink sink = sink(3, 1000, LONG);
    List<CompletableFuture<Receipt>> sent = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      sent.add(sink.send(event(i, i == 4 ? "bad" : "good", 1)));
    }
    assertThat(inside.batches).extracting(List::size).containsExactly(3, 3);
    assertThat(sent.subList(0, 6)).allMatch(CompletableFuture::isDone);
    assertThat(sent.get(6)).isNotDone();
    assertThat(sent.get(5).join().eventId()).isEqualTo("e5");
    assertThatThrownBy(() -> sent.get(4).join()).hasCauseInstanceOf(EventRejectedException.class);
    sink.close();
    assertThat(sent.get(6).join().eventId()).isEqualTo("e6");
    assertThat(inside.closed).isTrue();
    assertThat(sink.send(event(9, "good", 1))).isCompletedExceptionally();
    assertThatThrownBy(() -> sink.send(event(9, "good", 1)).join())
        .hasCauseInstanceOf(SinkClosedException.class);
  }

  @Test
  void sendsOnWhenTheBytesAreEnough() {
    CoalescingSink sink = sink(100, 1000, LONG);
    var first = sink.send(event(1, "good", 600));
    assertThat(inside.batches).isEmpty();
    var second = sink.send(event(2, "good", 600));
    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
    assertThat(inside.batches).extracting(List::size).containsExactly(2);
    sink.close();
  }

  @Test
  void sendsOnWhenTheFirstHasWaitedLongEnough() {
    CoalescingSink sink = sink(100, 1000, Duration.ofMillis(20));
    CompletableFuture<Receipt> one = sink.send(event(1, "good", 1));
    await().atMost(Duration.ofSeconds(20)).until(one::isDone);
    assertThat(inside.batches).hasSize(1);
    sink.close();
  }

  @Test
  void keepsOrderWhenABatchComesBetween() {
    CoalescingSink sink = sink(100, 1000, LONG);
    var first = sink.send(event(1, "good", 1));
    assertThat(sink.sendAll(List.of(event(2, "good", 1))).join()).hasSize(1);
    assertThat(inside.events).extracting(CloudEvent::getId).containsExactly("e1", "e2");
    assertThat(first).isCompleted();
    sink.close();
  }

  @Test
  void keepsOrderThoughALaterBatchIsFullWhileTheFirstIsHandedOn() throws Exception {
    CoalescingSink sink = sink(1, 1000, LONG);
    Held first = new Held(() -> sink.send(event(1, "good", 1)).join());
    Thread second = thread(() -> sink.send(event(2, "good", 1)).join());
    await().until(() -> waits(second) || !inside.events.isEmpty());
    first.letGo();
    second.join();
    assertThat(inside.events).extracting(CloudEvent::getId).containsExactly("e1", "e2");
    sink.close();
  }

  @Test
  void closesTheSinkInsideOnlyWhenItHasEveryBatch() throws Exception {
    CoalescingSink sink = sink(1, 1000, LONG);
    Held first = new Held(() -> sink.send(event(1, "good", 1)).join());
    Thread closing = thread(sink::close);
    await().until(() -> waits(closing) || inside.closed);
    assertThat(inside.closed).isFalse();
    first.letGo();
    closing.join();
    assertThat(inside.events).hasSize(1);
    assertThat(inside.closed).isTrue();
  }

  @Test
  void dataThatCannotBeReadFailsAlone() {
    CoalescingSink sink = sink(2, 1000, LONG);
    var good = sink.send(event(1, "good", 1));
    assertUnsent(
        sink,
        () -> {
          throw new IllegalStateException("not readable");
        });
    assertUnsent(
        sink,
        () -> {
          throw new LinkageError("without its code");
        });
    sink.close();
    assertThat(good).isCompleted();
    assertThat(inside.events).hasSize(1);
  }

  private static void assertUnsent(CoalescingSink sink, CloudEventData broken) {
    var bad =
        sink.send(CloudEventBuilder.v1(event(2, "good", 1)).withData("text/plain", broken).build());
    assertThatThrownBy(bad::join)
        .hasCauseInstanceOf(EventException.class)
        .extracting(failure -> EventException.of(failure).mayHaveArrived())
        .isEqualTo(false);
  }

  @Test
  void everyReceiptCompletesThoughTheSinkInsideEndsInAnError() {
    CoalescingSink sink = sink(2, 1000, LONG);
    inside.arrival =
        () -> {
          throw new NoClassDefFoundError("of what sends");
        };
    var first = sink.send(event(1, "good", 1));
    var second = sink.send(event(2, "good", 1));
    assertThat(List.of(first, second))
        .allSatisfy(
            receipt ->
                assertThatThrownBy(receipt::join)
                    .hasCauseInstanceOf(EventException.class)
                    .hasRootCauseInstanceOf(NoClassDefFoundError.class));
    sink.close();
  }

  @Test
  void everyReceiptCompletesThoughOutcomesAreMissing() {
    CoalescingSink sink = sink(3, 1000, LONG);
    inside.answered = 1;
    var first = sink.send(event(1, "good", 1));
    var second = sink.send(event(2, "good", 1));
    var third = sink.send(event(3, "good", 1));
    assertThat(first.join().eventId()).isEqualTo("e1");
    assertThat(List.of(second, third))
        .allMatch(CompletableFuture::isDone)
        .allSatisfy(
            receipt ->
                assertThatThrownBy(receipt::join)
                    .hasCauseInstanceOf(EventException.class)
                    .extracting(failure -> EventException.of(failure).mayHaveArrived())
                    .isEqualTo(true));
    sink.close();
  }

  @Test
  void waitsForAsLongAsAPolicyCanSay() {
    CoalescingSink sink = sink(2, 1000, ChronoUnit.FOREVER.getDuration());
    var first = sink.send(event(1, "good", 1));
    assertThat(first).isNotDone();
    sink.close();
    assertThat(first).isCompleted();
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work);
    thread.start();
    return thread;
  }

  private static boolean waits(Thread thread) {
    return thread.getState() == Thread.State.WAITING;
  }

  /** A sender held up where the sink inside takes its batch. */
  private final class Held {
    private final CountDownLatch go = new CountDownLatch(1);
    private final Thread sender;

    Held(Runnable work) throws InterruptedException {
      CountDownLatch arrived = new CountDownLatch(1);
      inside.arrival =
          () -> {
            inside.arrival = () -> {};
            arrived.countDown();
            try {
              go.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          };
      sender = thread(work);
      arrived.await();
    }

    void letGo() throws InterruptedException {
      go.countDown();
      sender.join();
    }
  }

  @Test
  void refusesPoliciesThatMakeNoSense() {
    assertThatThrownBy(() -> new CoalescingPolicy(0, 1, LONG))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new CoalescingPolicy(1, 0, LONG))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new CoalescingPolicy(1, 1, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
