package dev.carillon.hub.pipeline;

import dev.carillon.hub.store.AnalyticsStore;
import dev.carillon.hub.store.AnalyticsWriter;
import java.time.Duration;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** A writer as a process of the role has it. */
final class KafkaWriter implements AutoCloseable {

  private final Kafka kafka;
  private final AnalyticsStore store;
  private final KafkaOperationSource source;
  private final AnalyticsWriter writer;

  KafkaWriter(KafkaSettings settings, Database database) {
    this(settings, database.store());
  }

  KafkaWriter(KafkaSettings settings, AnalyticsStore store) {
    this.kafka = new Kafka(settings);
    kafka.start();
    this.store = store;
    this.source = kafka.source(store::position);
    this.writer =
        new AnalyticsWriter(
            source,
            store,
            source,
            new AnalyticsWriter.Settings(1_000, 1, 1 << 20, Duration.ofMillis(100)));
    writer.start();
  }

  /** The id of the topic that it knows of. */
  @Nullable Uuid topicId() {
    return kafka.topicId();
  }

  boolean isHealthy() {
    return writer.isHealthy();
  }

  /** How many messages it counts as dead letters. */
  long setAside() {
    return writer.stats().setAside();
  }

  @Override
  public void close() throws Exception {
    writer.close();
    source.close();
    store.close();
    kafka.close();
  }
}
