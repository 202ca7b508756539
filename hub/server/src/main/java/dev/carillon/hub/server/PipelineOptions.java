package dev.carillon.hub.server;

import dev.carillon.hub.pipeline.ClickHouseUrl;
import dev.carillon.hub.pipeline.KafkaSettings;
import dev.carillon.hub.pipeline.Pipeline;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the command line says about conversation analytics over several machines. */
final class PipelineOptions {

  /** Where operations become durable. */
  enum Ingest {
    journal,
    kafka
  }

  /** Where events are. */
  enum Store {
    duckdb,
    clickhouse
  }

  /** What a process does. */
  enum Role {
    all,
    api,
    writer
  }

  @Option(
      names = "--ingest",
      paramLabel = "journal|kafka",
      description =
          "Where analytics operations become durable (CARILLON_INGEST; default: journal).")
  private Ingest ingest = Ingest.journal;

  @Option(
      names = "--kafka-brokers",
      paramLabel = "HOST:PORT,…",
      description = "Kafka to begin with, for --ingest kafka (CARILLON_KAFKA_BROKERS).")
  private @Nullable String kafkaBrokers;

  @Option(
      names = "--kafka-topic",
      paramLabel = "TOPIC",
      description = "Topic of the operations (CARILLON_KAFKA_TOPIC; default: events).")
  private String kafkaTopic = "events";

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description =
          "Properties file with what else Kafka's clients need, such as TLS and SASL"
              + " (CARILLON_KAFKA_CONFIG).")
  private @Nullable Path kafkaConfig;

  @Option(
      names = "--store",
      paramLabel = "duckdb|clickhouse",
      description = "Where analytics events are (CARILLON_STORE; default: duckdb).")
  private Store store = Store.duckdb;

  @Option(
      names = "--clickhouse-url",
      paramLabel = "URL",
      description =
          "http[s]://[user:password@]host[:port][/database], for --store clickhouse"
              + " (CARILLON_CLICKHOUSE_URL, which keeps the password from the process list).")
  private @Nullable String clickHouseUrl;

  @Option(
      names = "--role",
      paramLabel = "all|api|writer",
      description =
          "What this process does; api and writer keep nothing, and need Kafka and ClickHouse"
              + " (CARILLON_ROLE; default: all).")
  private Role role = Role.all;

  /** Throws IllegalArgumentException, with a text fit for a person. */
  Pipeline pipeline() {
    if (ingest == Ingest.journal && store == Store.duckdb && role == Role.all) {
      return Pipeline.EMBEDDED;
    }
    return new Pipeline(
        kafka(), clickHouse(), Pipeline.Role.valueOf(role.name().toUpperCase(Locale.ROOT)));
  }

  private @Nullable KafkaSettings kafka() {
    if (ingest == Ingest.journal) {
      return null;
    }
    if (kafkaBrokers == null) {
      throw new IllegalArgumentException("--ingest kafka needs --kafka-brokers");
    }
    return new KafkaSettings(kafkaBrokers, kafkaTopic, properties());
  }

  private Map<String, String> properties() {
    Properties properties = new Properties();
    if (kafkaConfig != null) {
      try (Reader file = Files.newBufferedReader(kafkaConfig, StandardCharsets.UTF_8)) {
        properties.load(file);
      } catch (IOException | IllegalArgumentException e) {
        throw new IllegalArgumentException("--kafka-config cannot be read: " + kafkaConfig, e);
      }
    }
    Map<String, String> all = new HashMap<>();
    properties.stringPropertyNames().forEach(name -> all.put(name, properties.getProperty(name)));
    return all;
  }

  private @Nullable ClickHouseUrl clickHouse() {
    if (store == Store.duckdb) {
      return null;
    }
    if (clickHouseUrl == null) {
      throw new IllegalArgumentException("--store clickhouse needs --clickhouse-url");
    }
    return ClickHouseUrl.of(clickHouseUrl);
  }
}
