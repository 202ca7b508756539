package dev.carillon.cli;

import dev.carillon.analytics.AnalyticsQuery;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which events a question is about, by name and time. */
final class EventRange {

  @Option(names = "--event-name", paramLabel = "NAME", description = "Only events of this name.")
  private @Nullable String eventName;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      converter = Times.OfTime.class,
      description = "Only from this time on, like 2026-11-01T00:00:00Z or 2026-11-01.")
  private @Nullable Instant from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      converter = Times.OfTime.class,
      description = "Only before this time.")
  private @Nullable Instant to;

  EventRange() {}

  AnalyticsQuery query(
      @Nullable Integer days,
      @Nullable String conversation,
      @Nullable Integer limit,
      @Nullable String after) {
    return new AnalyticsQuery(from, to, days, eventName, conversation, limit, after);
  }
}
