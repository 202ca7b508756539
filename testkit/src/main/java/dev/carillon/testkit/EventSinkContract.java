package dev.carillon.testkit;

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
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
public abstract class EventSinkContract {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Events to send. */
  protected final SampleEvents samples = new SampleEvents();

  private @Nullable SinkPeer openPeer;
  private @Nullable EventSink openSink;

  /** Makes the other end, up and empty. Called once for each test; the kit closes it. */
  protected abstract SinkPeer openPeer() throws Exception;

  /** How long anything may take until it counts as never; default 20 s. */
  protected Duration patience() {
    return Duration.ofSeconds(20);
  }

  /** How many sends may be under way before the sink must refuse more; default 20,000. */
  protected int mostOutstanding() {
    return 20_000;
  }

  /** Opens the peer and a sink to it. */
  @BeforeEach
  void open() throws Exception {
    openPeer = openPeer();
    openSink = openPeer.openSink();
  }

  /** Closes both. */
  @AfterEach
  void close() {
    if (openSink != null) {
      openSink.close();
    }
    if (openPeer != null) {
      openPeer.close();
    }
  }

  /** This test's peer. */
  protected final SinkPeer peer() {
    return Objects.requireNonNull(openPeer);
  }

  /** This test's sink. */
  protected final EventSink sink() {
    return Objects.requireNonNull(openSink);
  }

  final Arrivals arrivals() {
    return new Arrivals(patience());
  }

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
    for (CloudEvent event : events) {
      assertThat(peer().arrived())
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
  void manySendersAtOnceAllGetThroughEachInOrderWherePromised() {
    int senders = 8;
    int each = 100;
    ExecutorService threads = Executors.newFixedThreadPool(senders);
    List<CompletableFuture<Void>> done =
        IntStream.range(0, senders)
            .mapToObj(
                sender ->
                    CompletableFuture.runAsync(() -> sendAbout("sender-" + sender, each), threads))
            .toList();
    try {
      done.forEach(arrivals()::value);
    } finally {
      threads.shutdownNow();
    }
    for (int sender = 0; sender < senders; sender++) {
      String subject = "sender-" + sender;
      List<Long> numbers = numbersAbout(subject);
      assertThat(numbers).as("events of " + subject).hasSize(each).doesNotHaveDuplicates();
      if (sink().capabilities().ordered()) {
        assertThat(numbers).as("events of " + subject).isSorted();
      }
    }
  }

  private void sendAbout(String subject, int count) {
    List<CloudEvent> events = new ArrayList<>();
    List<CompletableFuture<Receipt>> sent = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(samples.about(subject));
      sent.add(sink().send(events.get(i)));
    }
    sent.forEach(arrivals()::receipt);
    arrivals().awaitAll(Arrivals.ids(events), peer()::arrived);
  }

  private List<Long> numbersAbout(String subject) {
    List<Long> numbers = new ArrayList<>();
    for (CloudEvent event : peer().arrived()) {
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
    assertThat(arrivals().failure(sink().send(null)).isRetryable()).isFalse();
    assertThat(arrivals().failure(sink().sendAll(null)).isRetryable()).isFalse();
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
    CompletableFuture<Void> closing = CompletableFuture.runAsync(sink()::close);
    arrivals().value(closing);
    assertThat(sent).as("sends after closing").allMatch(CompletableFuture::isDone);
  }

  @Test
  void aThousandSinksLeaveNoThreadBehind() {
    arrivals().receipt(sink().send(samples.next()));
    int before = Thread.getAllStackTraces().size();
    for (int i = 0; i < 1000; i++) {
      try (EventSink one = peer().openSink()) {
        arrivals().receipt(one.send(samples.next()));
      }
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
}
