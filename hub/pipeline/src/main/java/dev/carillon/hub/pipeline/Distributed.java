package dev.carillon.hub.pipeline;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.DSYNC;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.carillon.hub.pipeline.Pipeline.Role;
import dev.carillon.hub.store.Analytics;
import dev.carillon.hub.store.AnalyticsStore;
import dev.carillon.hub.store.AnalyticsWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.UUID;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Puts together what is not all in one process. */
final class Distributed {

  /** Little waiting, so that events can be read soon; large batches when much has gathered. */
  private static final AnalyticsWriter.Settings WRITING =
      new AnalyticsWriter.Settings(50_000, 2, 32L << 20, Duration.ofMillis(300));

  private Distributed() {}

  /** Operations through Kafka into a store, which belongs to what is returned. */
  static Analytics open(KafkaSettings settings, Role role, AnalyticsStore store)
      throws IOException {
    try {
      return start(new Kafka(settings), role, store);
    } catch (KafkaException e) {
      store.close();
      throw new IOException("Kafka cannot be used: " + reason(e), e);
    }
  }

  /** What somebody should know of a failure, without the names of exceptions. */
  static String reason(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause == null ? String.valueOf(failure.getMessage()) : reason(cause);
  }

  private static Analytics start(Kafka kafka, Role role, AnalyticsStore store) {
    try {
      KafkaOperationLog log = kafka.log();
      KafkaOperationSource source = role == Role.API ? null : kafka.source(store::position);
      kafka.start();
      if (source == null) {
        return new Analytics(log, store, null, kafka);
      }
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
    } catch (KafkaException e) {
      kafka.close();
      throw e;
    }
  }

  /** Operations through a journal of this machine into ClickHouse, which must be there. */
  static Analytics journaled(Path folder, ClickHouseUrl url, @Nullable Duration retention)
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
  static String origin(Path folder) throws IOException {
    Path file = folder.resolve("origin");
    if (!Files.exists(file)) {
      Files.createDirectories(folder);
      Path made = folder.resolve("origin.new");
      byte[] id = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
      Files.write(made, id, CREATE, TRUNCATE_EXISTING, WRITE, DSYNC);
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
    }
    String origin = Files.readString(file).strip();
    if (origin.isEmpty()) {
      throw new IOException(file + " is empty");
    }
    return origin;
  }
}
