package dev.carillon.hub.server;

import dev.carillon.hub.store.Analytics;
import dev.carillon.hub.store.Operation;
import dev.carillon.hub.store.Operation.Kind;
import dev.carillon.hub.store.StateMachine.Effect;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** The figures of conversation analytics. Thread-safe. */
final class AnalyticsMetrics {

  private final MeterRegistry registry;
  private final Analytics analytics;
  private final Map<Kind, Counter> received = new EnumMap<>(Kind.class);

  AnalyticsMetrics(MeterRegistry registry, Analytics analytics) {
    this.registry = registry;
    this.analytics = analytics;
    for (Kind kind : Kind.values()) {
      received.put(
          kind,
          Counter.builder("carillon.analytics.operations.received")
              .description("Operations acknowledged, by kind")
              .tag("kind", kind.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    for (Effect effect : Effect.values()) {
      FunctionCounter.builder(
              "carillon.analytics.operations.written",
              analytics,
              all -> all.writerStats().effects().getOrDefault(effect, 0L))
          .description("Operations carried out, by what they did")
          .tag("effect", effect.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    counters();
    gauges();
    FunctionTimer.builder(
            "carillon.analytics.log.sync",
            analytics,
            all -> all.operations().stats().syncs(),
            all -> all.operations().stats().syncNanos(),
            TimeUnit.NANOSECONDS)
        .description("Times the log became durable, each for all that was waiting")
        .register(registry);
  }

  private void counters() {
    counter(
        "carillon.analytics.batches",
        "Batches brought into the store",
        all -> all.writerStats().batches());
    counter(
        "carillon.analytics.dead",
        "Operations, and messages that are none, set aside as dead letters",
        all -> all.writerStats().setAside());
    counter(
        "carillon.analytics.compacted",
        "Superseded versions removed",
        all -> all.store().stats().compacted());
    counter(
        "carillon.analytics.expired",
        "Events removed because they were too old",
        all -> all.store().stats().expired());
  }

  private void gauges() {
    gauge(
        "carillon.analytics.pending.operations",
        "Operations not yet in the store, or through Kafka not yet acknowledged",
        all -> all.operations().stats().pending());
    gauge(
        "carillon.analytics.pending.bytes",
        "Bytes of operations not yet in the store, or through Kafka not yet acknowledged",
        all -> all.operations().stats().pendingBytes());
    gauge(
        "carillon.analytics.lag.operations",
        "Durable operations, in the journal or in Kafka, that this process has yet to store",
        all -> {
          OptionalLong lag = all.lag();
          return lag.isPresent() ? lag.getAsLong() : Double.NaN;
        });
    gauge(
        "carillon.analytics.retired",
        "Superseded versions that are still there",
        all -> all.store().stats().retired());
    gauge(
        "carillon.analytics.rollup.lag",
        "Versions that the prepared statistics do not have yet",
        all -> all.store().stats().rollUpLag());
    gauge(
        "carillon.analytics.size.bytes",
        "Size of the store on disk",
        all -> all.store().stats().sizeBytes());
    gauge(
        "carillon.analytics.ready",
        "1 when analytics events can be stored and read",
        all -> all.isReady() ? 1 : 0);
  }

  private void counter(String name, String description, ToDoubleFunction<Analytics> figure) {
    FunctionCounter.builder(name, analytics, figure).description(description).register(registry);
  }

  private void gauge(String name, String description, ToDoubleFunction<Analytics> figure) {
    Gauge.builder(name, analytics, figure).description(description).register(registry);
  }

  void received(List<Operation> operations) {
    for (Operation operation : operations) {
      Counter counter = received.get(operation.kind());
      if (counter != null) {
        counter.increment();
      }
    }
  }
}
