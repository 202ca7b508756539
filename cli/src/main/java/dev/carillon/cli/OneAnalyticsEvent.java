package dev.carillon.cli;

import dev.carillon.analytics.TrackedEvent;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** One event of a conversation, described by flags. */
final class OneAnalyticsEvent {

  @Option(
      names = "--conversation",
      required = true,
      paramLabel = "ID",
      description = "The conversation or session.")
  private String conversation = "";

  @Option(
      names = "--event-name",
      required = true,
      paramLabel = "NAME",
      description = "What happened: event_a, event_b or event_c unless configured otherwise.")
  private String eventName = "";

  @Option(names = "--input", paramLabel = "TEXT", description = "What went in.")
  private String input = "";

  @Option(names = "--output", paramLabel = "TEXT", description = "What came out.")
  private String output = "";

  @Option(names = "--error", paramLabel = "TEXT", description = "What went wrong.")
  private String error = "";

  @Option(names = "--latency", paramLabel = "MS", description = "How long it took.")
  private double latency;

  @Option(
      names = "--metadata",
      paramLabel = "JSON",
      description = "What there is to say about the conversation.")
  private String metadata = "";

  @Option(
      names = "--id",
      paramLabel = "UUID",
      description = "The event's id; publishing it again adds no second event.")
  private @Nullable String id;

  OneAnalyticsEvent() {}

  AnalyticsOperation operation() {
    TrackedEvent.Builder builder =
        TrackedEvent.builder(conversation, eventName)
            .input(input)
            .output(output)
            .error(error)
            .latency(latency)
            .conversationMetadata(metadata);
    if (id != null) {
      builder.id(id);
    }
    return new AnalyticsOperation.Create(builder.build());
  }
}
