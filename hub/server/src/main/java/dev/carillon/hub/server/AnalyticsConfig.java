package dev.carillon.hub.server;

import dev.carillon.hub.pipeline.Pipeline;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a hub keeps conversation analytics.
 *
 * @param eventNames the names that events may have; {@code *} allows any of 1 to 128 characters
 * @param retention how old an event may get before it is removed, at most 36,500 days; zero keeps
 *     all; null leaves that in ClickHouse as it is, and in DuckDB keeps all
 * @param pipeline what they are made of
 */
record AnalyticsConfig(List<String> eventNames, @Nullable Duration retention, Pipeline pipeline) {

  /** With commas between them. */
  static final String EVENT_NAMES = "event_a,event_b,event_c";

  /** Copies the names. */
  public AnalyticsConfig {
    eventNames = List.copyOf(eventNames);
  }

  /** Throws, with a text fit for a person, if a hub must not run like this. */
  void check() {
    if (eventNames.isEmpty() || eventNames.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("the names of analytics events are missing or blank");
    }
    if (retention != null) {
      HubConfig.requireRetention("analytics events", retention);
    }
    pipeline.check();
  }
}
