package dev.carillon.cli;

import dev.carillon.analytics.AnalyticsQuery;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which events a question is about. */
final class QuestionFilter {

  @Option(names = "--event-name", paramLabel = "NAME", description = "Only events of this name.")
  private @Nullable String eventName;

  @Option(
      names = "--conversation",
      paramLabel = "ID",
      description = "Only events of this conversation.")
  private @Nullable String conversation;

  @Option(
      names = "--days",
      paramLabel = "N",
      description = "Only the last N days; the service decides if not given.")
  private @Nullable Integer days;

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

  @Option(names = "--limit", paramLabel = "N", description = "So many lines at most.")
  private @Nullable Integer limit;

  QuestionFilter() {}

  AnalyticsQuery query() {
    return new AnalyticsQuery(from, to, days, eventName, conversation, limit);
  }
}
