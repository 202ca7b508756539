package dev.carillon.hub.server;

import dev.carillon.hub.store.Analytics;
import java.io.IOException;
import java.time.Clock;
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
      EventStores events = config.isStateless() ? null : EventStores.open(config.data());
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

  /** Whether all can be written and read now. */
  boolean areReady() {
    return (events == null || events.log().isReady()) && analytics.isReady();
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
