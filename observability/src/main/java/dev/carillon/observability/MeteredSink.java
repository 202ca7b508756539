package dev.carillon.observability;

import dev.carillon.core.Capabilities;
import dev.carillon.core.EventException;
import dev.carillon.core.EventRejectedException;
import dev.carillon.core.EventSink;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import io.cloudevents.CloudEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A sink around a sink that counts and times, in any Micrometer registry, all with the tag {@code
 * topic}:
 *
 * <ul>
 *   <li>{@code carillon.events.published}: events that were accepted;
 *   <li>{@code carillon.events.failed}: events that were not, with the tag {@code retryable};
 *   <li>{@code carillon.events.failures}: why they were not, with the tags {@code exception} (the
 *       simple name of the failure's class) and {@code status} (that of the HTTP answer, {@code
 *       none} if there is none), each from its first failure on;
 *   <li>{@code carillon.publish}: how long a call took, alone or a batch, with the tag {@code
 *       outcome} ({@code accepted}, or {@code failed} if one event of it was).
 * </ul>
 *
 * <p>Put it outermost to see what callers see, innermost to see each attempt. It sees what goes
 * through its own {@link #send} and {@link #sendAll}, and not what is published by other methods of
 * the client that it is around. Thread-safe.
 */
public final class MeteredSink implements EventSink {

  private final EventSink sink;
  private final Counter published;
  private final Counter failedForGood;
  private final Counter failedRetryably;
  private final MeterProvider<Counter> failures;
  private final Timer accepted;
  private final Timer failed;

  /**
   * Puts meters around a sink. Closing this sink closes the sink; the registry is the caller's.
   *
   * @param topic the value of the tag {@code topic}: one of few, since each is a series of its own
   */
  public MeteredSink(EventSink sink, MeterRegistry registry, String topic) {
    this.sink = sink;
    published =
        Counter.builder("carillon.events.published")
            .description("Events that were accepted")
            .tag("topic", topic)
            .register(registry);
    failedForGood = failed(registry, topic, "false");
    failedRetryably = failed(registry, topic, "true");
    failures =
        Counter.builder("carillon.events.failures")
            .description("Why events were not accepted")
            .tag("topic", topic)
            .withRegistry(registry);
    accepted = timer(registry, topic, "accepted");
    failed = timer(registry, topic, "failed");
  }

  private static Counter failed(MeterRegistry registry, String topic, String retryable) {
    return Counter.builder("carillon.events.failed")
        .description("Events that were not accepted")
        .tag("topic", topic)
        .tag("retryable", retryable)
        .register(registry);
  }

  private static Timer timer(MeterRegistry registry, String topic, String outcome) {
    return Timer.builder("carillon.publish")
        .description("How long publishing took")
        .tag("topic", topic)
        .tag("outcome", outcome)
        .register(registry);
  }

  @Override
  public CompletableFuture<Receipt> send(CloudEvent event) {
    long began = System.nanoTime();
    CompletableFuture<Receipt> sent = sink.send(event);
    var unused = // whoever gives up cancels what is returned, and that counts too
        sent.whenComplete(
            (receipt, error) -> {
              count(error == null ? null : EventException.of(error));
              time(began, error == null);
            });
    return sent;
  }

  @Override
  public CompletableFuture<List<Outcome>> sendAll(List<CloudEvent> events) {
    long began = System.nanoTime();
    CompletableFuture<List<Outcome>> sent = sink.sendAll(events);
    var unused =
        sent.whenComplete(
            (outcomes, error) -> {
              boolean all = error == null;
              if (error != null) {
                events.forEach(event -> count(EventException.of(error)));
              }
              if (outcomes != null) {
                for (Outcome outcome : outcomes) {
                  count(outcome instanceof Outcome.Failed failure ? failure.error() : null);
                  all &= outcome.isAccepted();
                }
              }
              time(began, all);
            });
    return sent;
  }

  private void count(@Nullable EventException error) {
    if (error == null) {
      published.increment();
      return;
    }
    (error.isRetryable() ? failedRetryably : failedForGood).increment();
    failures
        .withTags("exception", error.getClass().getSimpleName(), "status", status(error))
        .increment();
  }

  /** The status of the last answer, also of one that a policy around the sink speaks of. */
  private static String status(EventException error) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (at instanceof EventRejectedException refused && refused.status() != 0) {
        return String.valueOf(refused.status());
      }
    }
    return "none";
  }

  private void time(long began, boolean well) {
    (well ? accepted : failed).record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
  }

  @Override
  public Capabilities capabilities() {
    return sink.capabilities();
  }

  @Override
  public void close() {
    sink.close();
  }
}
