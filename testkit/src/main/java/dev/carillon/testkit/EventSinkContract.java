package dev.carillon.testkit;

import static java.util.concurrent.CompletableFuture.runAsync;
import static java.util.concurrent.CompletableFuture.supplyAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.core.EventException;
import dev.carillon.core.EventSink;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import dev.carillon.core.SinkClosedException;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/**
 * What every {@link EventSink} must keep, whatever its transport.
 *
 * <p>Extend it in the transport's tests and give it the transport's other end:
 *
 * <pre>{@code
 * class MemorySinkTest extends EventSinkContract {
 *   @Override
 *   protected SinkPeer openPeer() {
 *     return new MemoryPeer();
 *   }
 * }
 * }</pre>
 *
 * <p>Each test gets a peer and a sink of its own. What the sink promises is read from its {@link
 * EventSink#capabilities}: order is checked where it is promised, receipts may never claim more
 * than the strongest guarantee. Override {@link #patience} and {@link #mostOutstanding} where the
 * transport needs other bounds.
 */
public abstract class EventSinkContract extends SinkFixture {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void everythingSentArrivesOnce() {
    List<CloudEvent> events = samples.take(300);
    for (CloudEvent event : events) {
      Receipt receipt = arrivals().receipt(sink().send(event));
      assertThat(receipt.eventId()).isEqualTo(event.getId());
      assertThat(sink().capabilities().guarantee().isAtLeast(receipt.guarantee())).isTrue();
    }
    arrivals().awaitAll(Arrivals.ids(events), peer()::arrived);
    assertThat(Arrivals.ids(peer().arrived()))
        .containsExactlyInAnyOrderElementsOf(Arrivals.ids(events));
  }

  @Test
  void waitingForTheReceiptWorksToo() {
    CloudEvent event = samples.next();
    assertThat(sink().sendAndAwait(event, patience()).eventId()).isEqualTo(event.getId());
    arrivals().awaitAll(List.of(event.getId()), peer()::arrived);
  }

  @Test
  void eventsArriveWhole() {
    List<CloudEvent> events = samples.take(6);
    events.forEach(event -> arrivals().receipt(sink().send(event)));
    arrivals().awaitAll(Arrivals.ids(events), peer()::arrived);
    List<CloudEvent> all = peer().arrived();
    for (CloudEvent event : events) {
      assertThat(all)
          .filteredOn(CloudEvent::getId, event.getId())
          .first()
          .satisfies(arrived -> assertArrivedWhole(event, arrived));
    }
  }

  /** Checks that an event arrived as it was sent: type, subject and JSON data. */
  protected void assertArrivedWhole(CloudEvent sent, CloudEvent arrived) throws Exception {
    assertThat(arrived.getType()).isEqualTo(sent.getType());
    assertThat(arrived.getSubject()).isEqualTo(sent.getSubject());
    assertThat(JSON.readTree(bytes(arrived))).isEqualTo(JSON.readTree(bytes(sent)));
  }

  private static byte[] bytes(CloudEvent event) {
    CloudEventData data = event.getData();
    return data == null ? new byte[0] : data.toBytes();
  }

  @Test
  void theSameEventTwiceArrivesAsOftenAsThePeerDeclares() {
    CloudEvent event = samples.next();
    arrivals().receipt(sink().send(event));
    arrivals().receipt(sink().send(event));
    CloudEvent last = samples.next();
    arrivals().receipt(sink().send(last));
    arrivals().awaitAll(List.of(event.getId(), last.getId()), peer()::arrived);
    int times = peer().keepsEachIdOnce() ? 1 : 2;
    await()
        .atMost(patience())
        .untilAsserted(
            () ->
                assertThat(Arrivals.ids(peer().arrived()))
                    .filteredOn(event.getId()::equals)
                    .hasSize(times));
  }

  @Test
  void manySendersAtOnceAllGetThroughEachInOrderWherePromised() {
    int senders = 8;
    int each = 100;
    ExecutorService threads = Executors.newFixedThreadPool(senders);
    try {
      List<CompletableFuture<List<String>>> sending =
          IntStream.range(0, senders)
              .mapToObj(i -> supplyAsync(() -> sendAbout("sender-" + i, each), threads))
              .toList();
      List<String> ids = sending.stream().map(arrivals()::value).flatMap(List::stream).toList();
      arrivals().awaitAll(ids, peer()::arrived);
    } finally {
      threads.shutdownNow();
    }
    List<CloudEvent> arrived = peer().arrived();
    for (int i = 0; i < senders; i++) {
      String subject = "sender-" + i;
      List<Long> numbers = numbersAbout(subject, arrived);
      assertThat(numbers).as("events of " + subject).hasSize(each).doesNotHaveDuplicates();
      if (sink().capabilities().ordered()) {
        assertThat(numbers).as("events of " + subject).isSorted();
      }
    }
  }

  private List<String> sendAbout(String subject, int count) {
    List<CompletableFuture<Receipt>> sent = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sent.add(sink().send(samples.about(subject)));
    }
    return sent.stream().map(future -> arrivals().receipt(future).eventId()).toList();
  }

  private List<Long> numbersAbout(String subject, List<CloudEvent> arrived) {
    List<Long> numbers = new ArrayList<>();
    for (CloudEvent event : arrived) {
      if (subject.equals(event.getSubject())) {
        try {
          numbers.add(JSON.readTree(bytes(event)).path("number").asLong());
        } catch (IOException e) {
          throw new AssertionError("data is not JSON", e);
        }
      }
    }
    return numbers;
  }

  @Test
  void outcomesOfABatchMatchItsEvents() {
    List<CloudEvent> events = samples.take(250);
    List<Outcome> outcomes = arrivals().value(sink().sendAll(events));
    assertThat(outcomes)
        .extracting(Outcome::eventId)
        .containsExactlyElementsOf(Arrivals.ids(events));
    assertThat(outcomes).allMatch(Outcome::isAccepted);
    arrivals().awaitAll(Arrivals.ids(events), peer()::arrived);
    assertThat(arrivals().value(sink().sendAll(List.of()))).isEmpty();
  }

  @Test
  void aBadEventNeverSinksItsNeighbours() {
    CloudEvent bad =
        peer()
            .badEvent()
            .orElseGet(() -> samples.largerThan(sink().capabilities().maxEventBytes()));
    List<CloudEvent> batch = List.of(samples.next(), bad, samples.next());
    List<Outcome> outcomes = arrivals().value(sink().sendAll(batch));
    assertThat(outcomes)
        .extracting(Outcome::eventId)
        .containsExactlyElementsOf(Arrivals.ids(batch));
    assertThat(outcomes).extracting(Outcome::isAccepted).containsExactly(true, false, true);
    assertThat(Arrivals.failure(outcomes.get(1)).isRetryable()).isFalse();
    assertThat(arrivals().failure(sink().send(bad)).isRetryable()).isFalse();
    arrivals().awaitAll(List.of(batch.get(0).getId(), batch.get(2).getId()), peer()::arrived);
    assertThat(Arrivals.ids(peer().arrived())).doesNotContain(bad.getId());
  }

  @Test
  @NullUnmarked // null on purpose: what callers without a null checker send
  void argumentErrorsComeThroughTheFuture() {
    for (CompletableFuture<?> sent : List.of(sink().send(null), sink().sendAll(null))) {
      assertUnsent(arrivals().failure(sent));
    }
  }

  private static void assertUnsent(EventException error) {
    assertThat(error.isRetryable()).isFalse();
    assertThat(error.mayHaveArrived()).isFalse();
  }

  @Test
  void dataWhoseCodeThrowsIsUnsentAndNeverSinksItsNeighbours() {
    List<CloudEventData> broken =
        List.of(
            () -> {
              throw new IllegalStateException("data without bytes");
            },
            () -> {
              throw new LinkageError("data without code");
            });
    for (CloudEventData data : broken) {
      CloudEvent bad = CloudEventBuilder.v1(samples.next()).withData(data).build();
      assertUnsent(arrivals().failure(sink().send(bad)));
      List<CloudEvent> batch = List.of(samples.next(), bad, samples.next());
      List<Outcome> outcomes = arrivals().value(sink().sendAll(batch));
      assertThat(outcomes).extracting(Outcome::isAccepted).containsExactly(true, false, true);
      assertUnsent(Arrivals.failure(outcomes.get(1)));
    }
  }

  @Test
  void closingFlushesWhatWasAcceptedAndRefusesTheRest() {
    List<CloudEvent> events = samples.take(200);
    List<CompletableFuture<Receipt>> sent = events.stream().map(sink()::send).toList();
    sink().close();
    sink().close();
    List<String> accepted = new ArrayList<>();
    for (CompletableFuture<Receipt> future : sent) {
      EventException error = arrivals().outcome(future);
      if (error == null) {
        accepted.add(future.join().eventId());
      } else {
        assertThat(error).isInstanceOf(SinkClosedException.class);
      }
    }
    arrivals().awaitAll(accepted, peer()::arrived);
    assertThat(arrivals().failure(sink().send(samples.next())))
        .isInstanceOf(SinkClosedException.class);
    assertThat(arrivals().value(sink().sendAll(samples.take(2))))
        .hasSize(2)
        .allSatisfy(
            outcome ->
                assertThat(Arrivals.failure(outcome)).isInstanceOf(SinkClosedException.class));
  }

  @Test
  void aStalledPeerMeetsABoundThatTheSenderCanSee() {
    peer().stall();
    List<CompletableFuture<Receipt>> sent = new ArrayList<>();
    boolean refused = false;
    while (!refused && sent.size() <= 2 * mostOutstanding()) {
      CompletableFuture<Receipt> future = sink().send(samples.next());
      sent.add(future);
      refused = future.isCompletedExceptionally();
      if (sent.size() % 100 == 0) {
        assertThat(sent.stream().filter(send -> !send.isDone()).count())
            .as("sends under way")
            .isLessThanOrEqualTo(mostOutstanding());
      }
    }
    assertThat(refused).as("whether the sink refused an event before " + sent.size()).isTrue();
    assertThat(arrivals().failure(sent.get(sent.size() - 1)).isRetryable()).isTrue();
    peer().resume();
    List<String> accepted = new ArrayList<>();
    for (CompletableFuture<Receipt> future : sent) {
      if (arrivals().outcome(future) == null) {
        accepted.add(future.join().eventId());
      }
    }
    arrivals().awaitAll(accepted, peer()::arrived);
  }

  @Test
  void everyFutureCompletesThoughThePeerSaysNothing() {
    peer().stall();
    List<CompletableFuture<Receipt>> sent = samples.take(20).stream().map(sink()::send).toList();
    sent.forEach(arrivals()::outcome);
    CompletableFuture<List<Outcome>> batch = sink().sendAll(samples.take(20));
    assertThat(arrivals().value(batch)).hasSize(20);
  }

  @Test
  void closingIsBoundedThoughThePeerSaysNothing() {
    peer().stall();
    List<CompletableFuture<Receipt>> sent = samples.take(20).stream().map(sink()::send).toList();
    CompletableFuture<Void> closing = runAsync(sink()::close);
    arrivals().value(closing);
    assertThat(sent).as("sends after closing").allMatch(CompletableFuture::isDone);
  }

  @Test
  void aThousandSinksLeaveNoThreadBehind() {
    arrivals().receipt(sink().send(samples.next()));
    int before = Thread.getAllStackTraces().size();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<CompletableFuture<Void>> uses =
          IntStream.range(0, 1000).mapToObj(i -> runAsync(this::useSink, threads)).toList();
      uses.forEach(CompletableFuture::join);
    } finally {
      threads.shutdownNow();
    }
    await()
        .atMost(patience())
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().size())
                    .as("threads")
                    .isLessThan(before + 20));
    assertThatCode(() -> arrivals().receipt(sink().send(samples.next())))
        .as("a send after all that")
        .doesNotThrowAnyException();
  }

  private void useSink() {
    try (EventSink one = peer().openSink()) {
      arrivals().receipt(one.send(samples.next()));
    }
  }
}
