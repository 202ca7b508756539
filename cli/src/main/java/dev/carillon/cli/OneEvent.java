package dev.carillon.cli;

import dev.carillon.dataservices.EventMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** One event described by flags. */
final class OneEvent {

  @Option(
      names = "--topic",
      required = true,
      paramLabel = "TOPIC",
      description = "The event's category, like sample.processing.completed.")
  private String topic = "";

  @Option(
      names = "--subject",
      paramLabel = "ID",
      description = "What the event is about; may be repeated.")
  private List<String> subjects = List.of();

  @Option(
      names = "--data",
      required = true,
      paramLabel = "JSON",
      description = "What happened, a JSON object.")
  private String data = "";

  @Option(names = "--tag", paramLabel = "TAG", description = "A tag; may be repeated.")
  private List<String> tags = List.of();

  @Option(
      names = "--trace-id",
      paramLabel = "ID",
      description = "What events that belong together share; may be repeated.")
  private List<String> traceIds = List.of();

  @Option(names = "--organization-id", paramLabel = "ID", description = "The organization.")
  private @Nullable String organizationId;

  @Option(names = "--user-id", paramLabel = "ID", description = "Who did it.")
  private @Nullable String userId;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "The event's id; publishing it again adds no second event.")
  private @Nullable String id;

  OneEvent() {}

  EventMessage message() throws BadMessageException {
    return EventMessage.builder()
        .topic(topic)
        .subjects(subjects)
        .data(MessageLineReader.data("--data", data))
        .tags(tags)
        .sourceTraceIds(traceIds)
        .organizationId(organizationId)
        .userId(userId)
        .id(id)
        .build();
  }
}
