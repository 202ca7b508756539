package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.core.EventSink;
import dev.carillon.core.Outcome;
import dev.carillon.core.SinkClosedException;
import dev.carillon.dataservices.EventClient;
import dev.carillon.resilience.Resilience;
import dev.carillon.resilience.ResilientSink;
import dev.carillon.resilience.RetryPolicy;
import dev.carillon.testkit.SampleEvents;
import io.cloudevents.CloudEvent;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Publishers that go on until closed, some event by event and some in batches. What fails is sent
 * again under the same id, and every tenth event is sent again though it was acknowledged, as by a
 * client that never got the answer.
 */
final class Load implements AutoCloseable {

  private static final int BATCH = 20;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final SampleEvents samples = new SampleEvents();
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final EventSink sink;
  private volatile boolean stopping;

  private Load(URI hub) {
    EventSink client =
        EventClient.builder()
            .url(hub.toString())
            .requestTimeout(Duration.ofSeconds(5))
            .closeTimeout(Duration.ofSeconds(1))
            .build();
    RetryPolicy stubborn =
        RetryPolicy.builder()
            .maxAttempts(10_000)
            .delay(Duration.ofMillis(20), Duration.ofMillis(100))
            .deadline(PATIENCE)
            .build();
    sink = new ResilientSink(client, Resilience.builder().retry(stubborn).build());
  }

  /** Starts so many publishers of either kind. */
  static Load on(URI hub, int singles, int batches) {
    Load load = new Load(hub);
    for (int i = 0; i < singles; i++) {
      load.threads.execute(() -> load.publish(1));
    }
    for (int i = 0; i < batches; i++) {
      load.threads.execute(() -> load.publish(BATCH));
    }
    return load;
  }

  private void publish(int size) {
    try {
      for (int round = 1; !stopping; round++) {
        List<CloudEvent> events = samples.take(size);
        send(events);
        if (round % 10 == 0) {
          send(events);
        }
      }
    } catch (Exception e) {
      if (!stopping) {
        failures.add(e);
      }
    }
  }

  private void send(List<CloudEvent> events) throws Exception {
    if (events.size() == 1) {
      acknowledged.add(
          sink.send(events.get(0)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS).eventId());
      return;
    }
    for (Outcome outcome : sink.sendAll(events).get(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      if (outcome instanceof Outcome.Accepted accepted) {
        acknowledged.add(accepted.eventId());
      } else if (outcome instanceof Outcome.Failed failed
          && !(failed.error() instanceof SinkClosedException)) {
        failures.add(failed.error());
      }
    }
  }

  /** The ids of what has been acknowledged up to now. */
  Set<String> acknowledged() {
    return Set.copyOf(acknowledged);
  }

  /** Waits until so many more are acknowledged. */
  void awaitMore(int count) {
    int target = acknowledged.size() + count;
    await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> acknowledged.size() >= target || !failures.isEmpty());
    assertNoFailures();
  }

  /** Checks that nothing failed but what trying again has mended. */
  void assertNoFailures() {
    assertThat(failures).as("failures that trying again did not mend").isEmpty();
  }

  @Override
  public void close() {
    stopping = true;
    sink.close();
    threads.shutdownNow();
  }
}
