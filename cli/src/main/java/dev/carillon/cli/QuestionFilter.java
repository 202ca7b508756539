package dev.carillon.cli;

import dev.carillon.analytics.AnalyticsQuery;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which events a question about many conversations is about. */
final class QuestionFilter {

  @Mixin private EventRange range = new EventRange();

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

  QuestionFilter() {}

  AnalyticsQuery query() {
    return query(new LineLimit());
  }

  AnalyticsQuery query(LineLimit limit) {
    return range.query(days, conversation, limit.lines(), null);
  }
}
