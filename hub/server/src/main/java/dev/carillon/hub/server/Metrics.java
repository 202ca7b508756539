package dev.carillon.hub.server;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.carillon.hub.amqp.AmqpIntake;
import dev.carillon.hub.bus.BusStatistics;
import dev.carillon.hub.bus.EventBusProxy;
import dev.carillon.hub.eventgrid.SubscriptionStatistics;
import dev.carillon.hub.eventgrid.Subscriptions;
import dev.carillon.hub.store.EventLog;
import dev.carillon.hub.store.LogStats;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;

/** The hub's figures, in the text format of Prometheus. Thread-safe. */
final class Metrics implements AutoCloseable {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final RequestMetrics requests = new RequestMetrics(registry);
  private final AtomicInteger streams = new AtomicInteger();
  private final Counter received;
  private final DistributionSummary batches;
  private final AnalyticsMetrics analytics;
  private final JvmGcMetrics collections = new JvmGcMetrics();

  Metrics(Stores stores) {
    received =
        Counter.builder("carillon.events.received")
            .description("Events acknowledged, duplicates included")
            .register(registry);
    batches =
        DistributionSummary.builder("carillon.ingest.batch.size")
            .description("Events handed to the log together")
            .serviceLevelObjectives(1, 10, 100, 1000, 10_000)
            .register(registry);
    Gauge.builder("carillon.streams.open", streams, AtomicInteger::get)
        .description("Live streams that are open")
        .register(registry);
    if (stores.events() != null) {
      log(stores.events().log());
    }
    Gauge.builder("carillon.ready", stores, all -> all.areReady() ? 1 : 0)
        .description("1 when events can be stored and read")
        .register(registry);
    analytics = new AnalyticsMetrics(registry, stores.analytics());
    collections.bindTo(registry);
    List.of(
            new JvmMemoryMetrics(),
            new UptimeMetrics(),
            new ProcessorMetrics(),
            new FileDescriptorMetrics())
        .forEach(figures -> figures.bindTo(registry));
  }

  private void log(EventLog events) {
    counter(
        events,
        "carillon.events.duplicate",
        "Events that were stored already",
        stats -> stats.duplicates());
    counter(
        events,
        "carillon.events.dead",
        "Events set aside as dead letters",
        stats -> stats.deadLetters());
    counter(
        events,
        "carillon.events.expired",
        "Events removed because of their age",
        stats -> stats.expired());
    counter(
        events, "carillon.store.fills", "Batches brought into the store", stats -> stats.fills());
    counter(
        events, "carillon.store.events", "Events brought into the store", stats -> stats.filled());
    gauge(
        events,
        "carillon.ingest.pending.events",
        "Accepted events not yet in the store",
        stats -> stats.pending());
    gauge(
        events,
        "carillon.ingest.pending.bytes",
        "Bytes of accepted events not yet in the store",
        stats -> stats.pendingBytes());
    gauge(
        events,
        "carillon.store.size.bytes",
        "Size of the store on disk",
        stats -> stats.sizeBytes());
    FunctionTimer.builder(
            "carillon.journal.sync",
            events,
            log -> log.stats().syncs(),
            log -> log.stats().syncNanos(),
            NANOSECONDS)
        .description("Syncs of the journal, each for all that was waiting")
        .register(registry);
  }

  void bus(EventBusProxy bus, BusArchive archive) {
    counter(bus, "carillon.bus.messages", "Events that came over the bus", BusStatistics::messages);
    counter(bus, "carillon.bus.bytes", "Their size", BusStatistics::bytes);
    counter(
        bus,
        "carillon.bus.overflows",
        "Times that a subscriber's queue was found full",
        BusStatistics::overflows);
    counter(
        bus,
        "carillon.bus.unrecorded",
        "Events not stored for want of room",
        BusStatistics::unrecorded);
    counter(bus, "carillon.bus.malformed", "Messages that are no events", BusStatistics::malformed);
    counter(
        bus,
        "carillon.bus.refused.subscriptions",
        "Subscriptions that had no effect, for want of room",
        BusStatistics::refusedSubscriptions);
    Gauge.builder(
            "carillon.bus.subscriptions", bus, proxy -> proxy.statistics().subscriptions().size())
        .description("Topics that somebody has subscribed to")
        .register(registry);
    FunctionCounter.builder("carillon.bus.unreadable", archive, BusArchive::malformed)
        .description("Events of the bus not stored because they are no JSON object with a type")
        .register(registry);
    Gauge.builder("carillon.bus.pending", archive, BusArchive::waiting)
        .description("Events of the bus that wait to be stored")
        .register(registry);
  }

  void certificate(ServedCertificate certificate) {
    Gauge.builder(
            "carillon.certificate.expiry.seconds", certificate, shown -> shown.left().toSeconds())
        .description("For how long the certificate of the Event Grid port is good yet")
        .register(registry);
  }

  void subscriptions(Subscriptions subscriptions) {
    gauge(
        subscriptions,
        "carillon.eventgrid.waiting",
        "Deliveries that failed and are tried again",
        SubscriptionStatistics::waiting);
    gauge(subscriptions, "carillon.eventgrid.dead", "Dead letters", SubscriptionStatistics::dead);
    gauge(
        subscriptions,
        "carillon.eventgrid.stalled.subscriptions",
        "Subscriptions that read no further, since too much is waiting or dead",
        SubscriptionStatistics::stalled);
    counter(
        subscriptions,
        "carillon.eventgrid.delivered",
        "Events that arrived at a webhook",
        SubscriptionStatistics::delivered);
    counter(
        subscriptions,
        "carillon.eventgrid.failed",
        "Attempts to deliver an event that failed",
        SubscriptionStatistics::failed);
  }

  private void gauge(
      Subscriptions subscriptions,
      String name,
      String description,
      ToDoubleFunction<SubscriptionStatistics> figure) {
    Gauge.builder(name, subscriptions, all -> figure.applyAsDouble(all.statistics()))
        .description(description)
        .register(registry);
  }

  private void counter(
      Subscriptions subscriptions,
      String name,
      String description,
      ToDoubleFunction<SubscriptionStatistics> figure) {
    FunctionCounter.builder(name, subscriptions, all -> figure.applyAsDouble(all.statistics()))
        .description(description)
        .register(registry);
  }

  void amqp(List<AmqpIntake> intakes) {
    FunctionCounter.builder(
            "carillon.amqp.malformed",
            intakes,
            all -> all.stream().mapToLong(AmqpIntake::malformed).sum())
        .description("AMQP messages set aside as dead letters")
        .register(registry);
    Gauge.builder(
            "carillon.amqp.connected",
            intakes,
            all -> all.stream().filter(AmqpIntake::isConsuming).count())
        .description("Brokers that events come from now")
        .register(registry);
  }

  private void counter(
      EventBusProxy bus, String name, String description, ToDoubleFunction<BusStatistics> figure) {
    FunctionCounter.builder(name, bus, proxy -> figure.applyAsDouble(proxy.statistics()))
        .description(description)
        .register(registry);
  }

  private void counter(
      EventLog events, String name, String description, ToDoubleFunction<LogStats> figure) {
    FunctionCounter.builder(name, events, log -> figure.applyAsDouble(log.stats()))
        .description(description)
        .register(registry);
  }

  private void gauge(
      EventLog events, String name, String description, ToDoubleFunction<LogStats> figure) {
    Gauge.builder(name, events, log -> figure.applyAsDouble(log.stats()))
        .description(description)
        .register(registry);
  }

  RequestMetrics requests() {
    return requests;
  }

  void received(int events) {
    received.increment(events);
    batches.record(events);
  }

  AnalyticsMetrics analytics() {
    return analytics;
  }

  /** How many live streams are open. */
  int streams() {
    return streams.get();
  }

  void streamOpened() {
    streams.incrementAndGet();
  }

  void streamClosed() {
    streams.decrementAndGet();
  }

  String text() {
    return registry.scrape();
  }

  /** Listens to the garbage collector no more. */
  @Override
  public void close() {
    collections.close();
  }
}
