package dev.carillon.hub.server;

import dev.carillon.hub.store.Analytics;
import dev.carillon.hub.store.EmbeddedAnalyticsStore;
import dev.carillon.hub.store.EmbeddedEventLog;
import dev.carillon.hub.store.EventLog;
import java.io.IOException;
import java.time.Clock;

/**
 * What the hub keeps, by whatever way it came in.
 *
 * @param events the event log
 * @param analytics the events of conversation analytics, which change
 * @param schemas the schemas of event types
 */
record Stores(EventLog events, Analytics analytics, SchemaStore schemas) implements AutoCloseable {

  /** Opens all of them in the hub's folder, or none. */
  static Stores open(HubConfig config) throws HubStartException {
    try {
      EventLog events =
          EmbeddedEventLog.open(config.data(), EmbeddedEventLog.Settings.ofDefaults());
      try {
        SchemaStore schemas = SchemaStore.open(config.data().resolve("schemas"));
        return new Stores(events, analytics(config), schemas);
      } catch (IOException | RuntimeException e) {
        events.close();
        throw e;
      }
    } catch (IOException e) {
      throw new HubStartException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Analytics analytics(HubConfig config) throws IOException {
    return Analytics.embedded(
        config.data().resolve("analytics"),
        EmbeddedAnalyticsStore.Settings.ofDefaults().withRetention(config.analytics().retention()),
        Clock.systemUTC());
  }

  /** Makes readable what was acknowledged, and lets go of the folder. */
  @Override
  public void close() {
    analytics.close();
    events.close();
  }
}
