package dev.carillon.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.core.EventException;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import io.cloudevents.CloudEvent;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the kits wait for, always for a bounded time. */
final class Arrivals {

  private final Duration patience;

  Arrivals(Duration patience) {
    this.patience = patience;
  }

  /** Waits until all of these are there; other events may be there too. */
  void awaitAll(Collection<String> ids, Supplier<List<CloudEvent>> arrived) {
    await()
        .atMost(patience)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(
            () -> {
              Set<String> missing = new HashSet<>(ids);
              ids(arrived.get()).forEach(missing::remove);
              assertThat(missing).as("events that did not arrive").isEmpty();
            });
  }

  static List<String> ids(List<CloudEvent> events) {
    return events.stream().map(CloudEvent::getId).toList();
  }

  /** The receipt of an event that must be accepted. */
  Receipt receipt(CompletableFuture<Receipt> sent) {
    return value(sent);
  }

  /** What a future completes with, which must be in time and no failure. */
  <T> T value(CompletableFuture<T> future) {
    EventException error = outcome(future);
    if (error != null) {
      throw new AssertionError("failed though nothing was wrong", error);
    }
    return future.join();
  }

  /** What a future fails with, which must be in time. */
  EventException failure(CompletableFuture<?> future) {
    EventException error = outcome(future);
    if (error == null) {
      throw new AssertionError("succeeded though it should fail, with " + future.join());
    }
    return error;
  }

  /**
   * Waits for a future; null if it succeeds. Anything but an {@code EventException} is an error.
   */
  @Nullable EventException outcome(CompletableFuture<?> future) {
    try {
      future.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      return null;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof EventException error) {
        return error;
      }
      throw new AssertionError("failed with something else than an EventException", e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("the future did not complete within " + patience, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** What an event of a batch failed with. */
  static EventException failure(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    return ((Outcome.Failed) outcome).error();
  }
}
