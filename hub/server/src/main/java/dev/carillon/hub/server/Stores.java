package dev.carillon.hub.server;

import dev.carillon.hub.store.Analytics;
import dev.carillon.hub.store.AnalyticsWriter;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the hub keeps, by whatever way it came in.
 *
 * @param events events that never change; null in a process of one role alone, which keeps nothing
 * @param analytics the events of conversation analytics, which change
 */
record Stores(@Nullable EventStores events, Analytics analytics) implements AutoCloseable {

  /** Opens all of them in the hub's folder, or none. */
  static Stores open(HubConfig config) throws HubStartException {
    try {
      EventStores events =
          config.isStateless() ? null : EventStores.open(config.data(), config.eventRetention());
      try {
        return new Stores(events, analytics(config));
      } catch (IOException | RuntimeException | Error e) {
        if (events != null) {
          events.close();
        }
        throw e;
      }
    } catch (IOException e) {
      throw new HubStartException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Analytics analytics(HubConfig config) throws IOException {
    AnalyticsConfig analytics = config.analytics();
    return analytics
        .pipeline()
        .open(config.data().resolve("analytics"), analytics.retention(), Clock.systemUTC());
  }

  /**
   * What can be ready while the others are not, by its name: what needs Kafka or ClickHouse, and
   * what does not.
   */
  Map<String, BooleanSupplier> parts() {
    Map<String, BooleanSupplier> parts = new LinkedHashMap<>();
    if (events != null) {
      parts.put("events", events.log()::isReady);
    }
    parts.put("analytics-ingest", analytics.operations()::isReady);
    parts.put("analytics-query", analytics.store()::isReady);
    AnalyticsWriter writer = analytics.writer();
    if (writer != null) {
      parts.put("analytics-writer", writer::isHealthy);
    }
    return parts;
  }

  /** Whether all can be written and read now. */
  boolean areReady() {
    return parts().values().stream().allMatch(BooleanSupplier::getAsBoolean);
  }

  /** Makes readable what was acknowledged, and lets go of the folder. */
  @Override
  public void close() {
    analytics.close();
    if (events != null) {
      events.close();
    }
  }
}
