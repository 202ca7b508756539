package dev.carillon.hub.server;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the command line says about conversation analytics. */
final class AnalyticsOptions {

  @Option(
      names = "--analytics-event-names",
      paramLabel = "NAME",
      split = ",",
      description =
          "Names that analytics events may have, * for any"
              + " (CARILLON_ANALYTICS_EVENT_NAMES; default: "
              + AnalyticsConfig.EVENT_NAMES
              + ").")
  private List<String> eventNames = List.of(AnalyticsConfig.EVENT_NAMES.split(","));

  @Option(
      names = "--analytics-retention-days",
      paramLabel = "DAYS",
      description =
          "Days after which analytics events are removed, at most 36500, 0 to keep all"
              + " (CARILLON_ANALYTICS_RETENTION_DAYS; default: all, or what ClickHouse has been told"
              + " before).")
  private @Nullable Integer retentionDays;

  @Mixin private PipelineOptions pipeline = new PipelineOptions();

  /** Throws IllegalArgumentException, with a text fit for a person. */
  AnalyticsConfig config() {
    Duration retention = retentionDays == null ? null : Duration.ofDays(retentionDays);
    return new AnalyticsConfig(eventNames, retention, pipeline.pipeline());
  }
}
