package dev.carillon.hub.pipeline;

import dev.carillon.hub.store.Analytics;
import dev.carillon.hub.store.EmbeddedAnalyticsStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What conversation analytics are made of in this process. Nothing of Kafka or ClickHouse is loaded
 * unless it is asked for.
 *
 * @param kafka the Kafka that operations go through; null for a journal in this process' folder
 * @param clickHouse the ClickHouse that holds the events; null for DuckDB in that folder
 * @param role what this process does
 */
public record Pipeline(
    @Nullable KafkaSettings kafka, @Nullable ClickHouseUrl clickHouse, Role role) {

  /** What a process does. */
  public enum Role {
    /** Takes operations, answers queries, and brings the one to the other. */
    ALL,
    /** Takes operations and answers queries; keeps nothing, so there may be any number. */
    API,
    /** Brings operations from Kafka into ClickHouse; keeps nothing, and several share the work. */
    WRITER
  }

  /** A journal and DuckDB, all in one process. */
  public static final Pipeline EMBEDDED = new Pipeline(null, null, Role.ALL);

  /** Whether the process needs no folder. */
  public boolean isStateless() {
    return role != Role.ALL;
  }

  /** Throws, with a text fit for a person, if the parts do not go together. */
  public void check() {
    if (isStateless() && (kafka == null || clickHouse == null)) {
      throw new IllegalArgumentException(
          "a process of one role alone (--role) needs --ingest kafka and --store clickhouse");
    }
  }

  /**
   * Starts what it is made of. Kafka need not be there yet, and ClickHouse only where a journal
   * leads to it, or led to a store before operations went through Kafka: what that journal still
   * holds is stored first.
   *
   * @param folder what it may keep goes there; not touched by a process that needs none
   * @param retention how old an event may get before it is removed, in whole days; zero keeps all;
   *     null leaves that in ClickHouse as it is, and in DuckDB keeps all
   * @param clock tells how old events are
   * @throws IOException with a text fit for a person, if the folder or ClickHouse cannot be used
   */
  public Analytics open(Path folder, @Nullable Duration retention, Clock clock) throws IOException {
    check();
    EmbeddedAnalyticsStore.Settings embedded =
        EmbeddedAnalyticsStore.Settings.ofDefaults()
            .withRetention(retention == null ? Duration.ZERO : retention);
    if (kafka != null) {
      if (!isStateless() && Analytics.holdsOperations(folder)) {
        drain(folder, embedded, clock);
      }
      return Distributed.open(
          kafka,
          role,
          clickHouse == null
              ? EmbeddedAnalyticsStore.open(folder, embedded, clock)
              : Distributed.store(clickHouse, role == Role.API ? null : retention, ""));
    }
    return clickHouse == null
        ? Analytics.embedded(folder, embedded, clock)
        : Distributed.journaled(folder, clickHouse, retention);
  }

  /** What an earlier process acknowledged by its journal comes before what Kafka has. */
  private void drain(Path folder, EmbeddedAnalyticsStore.Settings settings, Clock clock)
      throws IOException {
    if (clickHouse == null) {
      try (EmbeddedAnalyticsStore store = EmbeddedAnalyticsStore.open(folder, settings, clock)) {
        Analytics.drain(folder, store, store);
      }
    } else {
      try (ClickHouseStore store =
          Distributed.store(clickHouse, null, Distributed.origin(folder))) {
        Analytics.drain(folder, store, store);
      }
    }
  }
}
