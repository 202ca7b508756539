package dev.carillon.cli;

import dev.carillon.analytics.AnalyticsClient;
import dev.carillon.analytics.AnalyticsException;
import dev.carillon.analytics.BufferPolicy;
import dev.carillon.analytics.EventBuffer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Publishes events of conversations to an analytics service, the hub among them. */
@Command(
    name = "analytics",
    description = {
      "Publishes events of conversations to an analytics service.",
      "",
      "Events come from a file with one JSON object a line, from standard input, or from flags"
          + " that describe one event. A line has the fields of an event; with \"operation\":"
          + " \"update\" or \"delete\" and an \"id\" it changes or deletes one. Blank lines are"
          + " skipped. A bad line is named on standard error and the others still go.",
      "",
      "A new event whose line has an \"id\", a UUID, is there once however often the line is"
          + " published. Without, each time adds one.",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 all acknowledged, 1 some failed, 2 wrong usage.",
      "",
      "Examples:",
      "  ./carillon publish analytics --file examples/data/conversation-day.ndjson",
      "  ./carillon publish analytics --conversation conv_123 --event-name event_a \\",
      "      --input 'What is the weather today?' --latency 142.5"
    },
    mixinStandardHelpOptions = true)
final class PublishAnalytics implements Callable<Integer> {

  private static final BufferPolicy SOON =
      BufferPolicy.builder().maxAge(Duration.ofMillis(20)).build();

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private AnalyticsAddress address = new AnalyticsAddress();

  @ArgGroup(multiplicity = "1")
  private Input input = new Input();

  PublishAnalytics() {}

  /** Either a file or one event. */
  static final class Input extends FileInput {
    @ArgGroup(exclusive = false, heading = "%nOne event:%n")
    private @Nullable OneAnalyticsEvent event;
  }

  @Override
  public Integer call() throws IOException {
    AnalyticsOperation one = input.event == null ? null : operation(input.event);
    try (AnalyticsClient client = address.client(spec);
        EventBuffer buffer = client.openBuffer(SOON);
        PublishRun run = new PublishRun(spec, input.file, one != null)) {
      OperationPump pump = new OperationPump(buffer, run.tally());
      if (one != null) {
        pump.add("event", one, 0);
        pump.finish();
      } else {
        run.lines(pump);
      }
      return run.end(run.tally().toString());
    }
  }

  private AnalyticsOperation operation(OneAnalyticsEvent event) {
    try {
      return event.operation();
    } catch (AnalyticsException e) {
      throw PublishRun.wrong(spec, e.getMessage());
    }
  }
}
