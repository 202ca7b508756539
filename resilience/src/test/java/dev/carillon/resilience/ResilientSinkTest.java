package dev.carillon.resilience;

import static dev.carillon.resilience.RetryTest.failure;
import static dev.carillon.resilience.ScriptedSink.accepted;
import static dev.carillon.resilience.ScriptedSink.events;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventException;
import dev.carillon.core.EventRejectedException;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import dev.carillon.core.SinkClosedException;
import io.cloudevents.CloudEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ResilientSinkTest {

  private final EventException refused = new EventConnectionException("refused", false, null);
  private final EventException busy = new EventRejectedException("busy", true, null);
  private final EventException unknown = new EventRejectedException("unknown topic", false, null);
  private static final RetryPolicy QUICK =
      RetryPolicy.builder()
          .maxAttempts(3)
          .delay(Duration.ofMillis(1), Duration.ofMillis(5))
          .build();

  private final ScriptedSink peer = new ScriptedSink();

  @Test
  void sendsAgainUnderTheSameId() {
    peer.thenFail(refused).thenFail(busy);
    try (ResilientSink sink = retrying()) {
      assertThat(sink.send(events("a").get(0)))
          .succeedsWithin(Duration.ofSeconds(5))
          .extracting(Receipt::eventId)
          .isEqualTo("a");
      assertThat(peer.attempts()).hasSize(3).containsOnly(List.of("a"));
    }
  }

  @Test
  void sendsOnlyThoseAgainThatFailedRetryablyAndKeepsTheOrder() {
    peer.then(
            sent ->
                completedFuture(
                    List.of(
                        Outcome.failed("a", busy),
                        accepted(sent.get(1)),
                        Outcome.failed("c", unknown),
                        Outcome.failed("d", busy))))
        .then(sent -> completedFuture(List.of(accepted(sent.get(0)), Outcome.failed("d", busy))));
    try (ResilientSink sink = retrying()) {
      List<Outcome> outcomes = sink.sendAll(events("a", "b", "c", "d")).join();
      assertThat(peer.attempts())
          .containsExactly(List.of("a", "b", "c", "d"), List.of("a", "d"), List.of("d"));
      assertThat(outcomes).extracting(Outcome::eventId).containsExactly("a", "b", "c", "d");
      assertThat(outcomes).extracting(Outcome::isAccepted).containsExactly(true, true, false, true);
      assertThat(outcomes.get(2)).isEqualTo(Outcome.failed("c", unknown));
    }
  }

  @Test
  void sendsThoseAgainThatStandBesideNoEvent() {
    Outcome missing = Outcome.failed("", unknown);
    peer.then(
        sent ->
            completedFuture(List.of(Outcome.failed("a", busy), missing, accepted(sent.get(2)))));
    List<CloudEvent> events = new ArrayList<>(events("a", "b", "c"));
    events.set(1, null);
    try (ResilientSink sink = retrying()) {
      assertThat(sink.sendAll(events).join())
          .extracting(Outcome::isAccepted)
          .containsExactly(true, false, true);
    }
    assertThat(peer.attempts()).containsExactly(List.of("a", "", "c"), List.of("a"));
  }

  @Test
  void givesEachEventItsOwnFailureWhenAttemptsAreUsedUp() {
    for (int i = 0; i < 3; i++) {
      peer.then(
          sent ->
              completedFuture(
                  sent.stream()
                      .map(e -> e.getId().equals("a") ? Outcome.failed("a", busy) : accepted(e))
                      .toList()));
    }
    try (ResilientSink sink = retrying()) {
      List<Outcome> outcomes = sink.sendAll(events("a", "b")).join();
      assertThat(outcomes.get(0)).isEqualTo(Outcome.failed("a", busy));
      assertThat(outcomes.get(1).isAccepted()).isTrue();
    }
  }

  @Test
  void remembersOfEachEventThatAnEarlierBatchMayHaveArrived() {
    peer.thenHang()
        .then(sent -> completedFuture(List.of(accepted(sent.get(0)), Outcome.failed("b", refused))))
        .then(sent -> completedFuture(List.of(Outcome.failed("b", refused))));
    Resilience.Builder builder =
        Resilience.builder().retry(QUICK).timeout(TimeoutPolicy.of(Duration.ofMillis(30)));
    try (ResilientSink sink = new ResilientSink(peer, builder.build())) {
      List<Outcome> outcomes = sink.sendAll(events("a", "b")).join();
      assertThat(outcomes.get(0).isAccepted()).isTrue();
      EventException error = ((Outcome.Failed) outcomes.get(1)).error();
      assertThat(error.mayHaveArrived()).isTrue();
      assertThat(error).hasCause(refused);
    }
  }

  @Test
  void failsEachEventOfABatchThatGetsNoAnswer() {
    peer.thenHang();
    Resilience.Builder builder =
        Resilience.builder().timeout(TimeoutPolicy.of(Duration.ofMillis(30)));
    try (ResilientSink sink = new ResilientSink(peer, builder.build())) {
      assertThat(sink.sendAll(events("a", "b")).join())
          .hasSize(2)
          .allSatisfy(
              outcome ->
                  assertThat(((Outcome.Failed) outcome).error())
                      .isInstanceOf(EventTimeoutException.class));
    }
  }

  @Test
  void countsABatchAgainstThePeerOnlyWithoutASignOfLife() {
    CircuitBreakerPolicy breaker = CircuitBreakerPolicy.builder().minimumCalls(2).build();
    Resilience.Builder builder = Resilience.builder().circuitBreaker(breaker);
    try (ResilientSink sink = new ResilientSink(peer, builder.build())) {
      for (int i = 0; i < 5; i++) {
        peer.then(
            sent -> completedFuture(List.of(Outcome.failed("a", busy), accepted(sent.get(1)))));
        sink.sendAll(events("a", "b")).join();
      }
      for (int i = 0; i < 5; i++) {
        peer.then(
            sent -> completedFuture(List.of(Outcome.failed("a", busy), Outcome.failed("b", busy))));
        sink.sendAll(events("a", "b")).join();
      }
      assertThat(sink.sendAll(events("a", "b")).join())
          .allSatisfy(
              outcome ->
                  assertThat(((Outcome.Failed) outcome).error())
                      .isInstanceOf(CircuitOpenException.class));
    }
  }

  @Test
  void closingFailsWhatWaitsAndWhatIsUnderWayAndClosesTheSinkInside() {
    EventException broken = new EventConnectionException("broken", true, null);
    peer.thenFail(refused).thenFail(broken).thenHang();
    RetryPolicy patient =
        RetryPolicy.builder().delay(Duration.ofSeconds(9), Duration.ofSeconds(9)).build();
    ResilientSink sink = new ResilientSink(peer, Resilience.builder().retry(patient).build());
    CompletableFuture<Receipt> certain = sink.send(events("a").get(0));
    CompletableFuture<Receipt> uncertain = sink.send(events("b").get(0));
    CompletableFuture<List<Outcome>> underWay = sink.sendAll(events("c"));
    sink.close();
    sink.close();
    assertThat(failure(certain)).isInstanceOf(SinkClosedException.class);
    assertThat(failure(certain).mayHaveArrived()).isFalse();
    assertThat(failure(uncertain)).isInstanceOf(SinkClosedException.class);
    assertThat(failure(uncertain).mayHaveArrived()).isTrue();
    EventException error = ((Outcome.Failed) underWay.join().get(0)).error();
    assertThat(error).isInstanceOf(SinkClosedException.class);
    assertThat(error.mayHaveArrived()).isTrue();
    assertThat(peer.isClosed()).isTrue();
    assertThat(failure(sink.send(events("d").get(0)))).isInstanceOf(SinkClosedException.class);
    assertThat(peer.attempts()).hasSize(3);
    await().until(() -> RetryTest.threadsNamed("carillon-resilience-timer") == 0);
  }

  @Test
  void promisesOrderOnlyWhenNothingIsWaitedFor() {
    try (ResilientSink plain = new ResilientSink(peer, Resilience.builder().build());
        ResilientSink retrying = retrying()) {
      assertThat(plain.capabilities()).isEqualTo(peer.capabilities());
      assertThat(retrying.capabilities().ordered()).isFalse();
    }
  }

  private ResilientSink retrying() {
    return new ResilientSink(peer, Resilience.builder().retry(QUICK).build());
  }
}
