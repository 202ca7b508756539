package dev.carillon.hub.pipeline;

import dev.carillon.hub.pipeline.Pipeline.Role;
import dev.carillon.hub.store.Analytics;
import dev.carillon.hub.store.AnalyticsStore;
import dev.carillon.hub.store.AnalyticsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Puts together what is not all in one process. */
final class Distributed {

  /** Little waiting, so that events can be read soon; large batches when much has gathered. */
  private static final AnalyticsWriter.Settings WRITING =
      new AnalyticsWriter.Settings(50_000, 2, 32L << 20, Duration.ofMillis(400));

  private Distributed() {}

  /** Operations through Kafka into a store, which belongs to what is returned. */
  static Analytics open(KafkaSettings settings, Role role, AnalyticsStore store) {
    Kafka kafka = new Kafka(settings);
    kafka.start();
    KafkaOperationLog log = kafka.log();
    if (role == Role.API) {
      return new Analytics(log, store, null, kafka);
    }
    KafkaOperationSource source = kafka.source(store::position);
    AnalyticsWriter writer = new AnalyticsWriter(source, store, source, WRITING);
    writer.start();
    return new Analytics(
        log,
        store,
        writer,
        () -> {
          source.close();
          kafka.close();
        });
  }

  /** Operations through a journal of this machine into ClickHouse, which must be there. */
  static Analytics journaled(Path folder, ClickHouseUrl url, Duration retention)
      throws IOException {
    ClickHouseStore store = store(url, retention, origin(folder));
    return Analytics.journaled(folder, store, store);
  }

  static ClickHouseStore store(ClickHouseUrl url, @Nullable Duration retention, String origin) {
    Integer days = retention == null ? null : Math.toIntExact(retention.toDays());
    ClickHouseStore store = new ClickHouseStore(url, days, origin);
    store.start();
    return store;
  }

  /** What tells a folder's journal from others that lead to the same ClickHouse. */
  private static String origin(Path folder) throws IOException {
    Path file = folder.resolve("origin");
    if (!Files.exists(file)) {
      Files.createDirectories(folder);
      Files.writeString(file, UUID.randomUUID().toString());
    }
    return Files.readString(file).strip();
  }
}
