package dev.carillon.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.EventException;
import dev.carillon.core.EventSink;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Receipt;
import dev.carillon.resilience.Resilience;
import dev.carillon.resilience.RetryPolicy;
import io.cloudevents.CloudEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a sink must keep besides {@link EventSinkContract} when its other end is another process,
 * which goes down and comes back. The sink itself makes one attempt for each send, so the kit sends
 * again, under the same id, what failed retryably.
 */
public abstract class RemoteSinkContract extends EventSinkContract {

  private static final Logger log = LoggerFactory.getLogger(RemoteSinkContract.class);

  private static final int EVENTS = 10_000;
  private static final int WINDOW = 200;

  @Override
  protected abstract RemotePeer openPeer() throws Exception;

  private RemotePeer remote() {
    return (RemotePeer) peer();
  }

  /** How the kit sends again: until the peer must be back, and more often than a user would. */
  private static Resilience stubborn() {
    RetryPolicy policy =
        RetryPolicy.builder()
            .maxAttempts(10_000)
            .delay(Duration.ofMillis(20), Duration.ofMillis(500))
            .deadline(Duration.ofMinutes(2))
            .build();
    return Resilience.builder().retry(policy).build();
  }

  @Test
  void nothingAcknowledgedIsLostThoughThePeerRestartsTwice() throws Exception {
    List<CompletableFuture<Receipt>> sent = new ArrayList<>();
    Semaphore window = new Semaphore(WINDOW);
    CompletableFuture<Void> restarts = CompletableFuture.completedFuture(null);
    try (Resilience resilience = stubborn()) {
      for (int i = 1; i <= EVENTS; i++) {
        if (i % (EVENTS / 3) == 0 && i < EVENTS * 9 / 10) {
          restarts = restarts.thenRunAsync(this::restart);
        }
        CloudEvent event = samples.next();
        assertThat(window.tryAcquire(3, TimeUnit.MINUTES)).as("room for another send").isTrue();
        sent.add(
            resilience
                .call(() -> sink().send(event))
                .whenComplete((receipt, error) -> window.release()));
      }
      restarts.get(2, TimeUnit.MINUTES);
      assertThat(window.tryAcquire(WINDOW, 3, TimeUnit.MINUTES)).as("all sends are over").isTrue();
    }
    List<String> acknowledged = new ArrayList<>();
    for (CompletableFuture<Receipt> future : sent) {
      if (arrivals().receipt(future).guarantee().isAtLeast(Guarantee.ACKNOWLEDGED)) {
        acknowledged.add(future.join().eventId());
      }
    }
    arrivals().awaitAll(acknowledged, peer()::arrived);
    List<String> arrived = Arrivals.ids(peer().arrived());
    int duplicates = arrived.size() - new HashSet<>(arrived).size();
    log.info("{} duplicates among {} events sent through two restarts", duplicates, EVENTS);
    if (peer().keepsEachIdOnce()) {
      assertThat(duplicates).as("duplicates").isZero();
    }
  }

  private void restart() {
    remote().stop();
    remote().start();
  }

  @Test
  void saysSoWhenThePeerIsAbsentAndWorksOnceItComes() {
    remote().stop();
    try (EventSink early = peer().openSink();
        Resilience resilience = stubborn()) {
      CloudEvent event = samples.next();
      EventException error = arrivals().outcome(early.send(event));
      if (error != null) {
        assertThat(error.isRetryable()).as("whether %s is retryable", error).isTrue();
      } else {
        assertThat(early.capabilities().guarantee())
            .as("guarantee of a sink that takes events for an absent peer")
            .isLessThan(Guarantee.ACKNOWLEDGED);
      }
      CompletableFuture<Receipt> patient = resilience.call(() -> early.send(samples.next()));
      remote().start();
      Receipt receipt = arrivals().receipt(patient);
      if (receipt.guarantee().isAtLeast(Guarantee.ACKNOWLEDGED)) {
        arrivals().awaitAll(List.of(receipt.eventId()), peer()::arrived);
      }
      CompletableFuture<Receipt> later = resilience.call(() -> early.send(event));
      assertThat(arrivals().receipt(later).eventId()).isEqualTo(event.getId());
      arrivals().awaitAll(List.of(event.getId()), peer()::arrived);
    }
  }
}
