package dev.carillon.cli;

import dev.carillon.core.EventException;
import dev.carillon.dataservices.EventClient;
import dev.carillon.dataservices.EventClientBuilder;
import dev.carillon.dataservices.EventMessage;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Publishes events to a Data Services event service, the hub among them. */
@Command(
    name = "dataservices",
    description = {
      "Publishes events to a Data Services event service.",
      "",
      "Events come from a file with one JSON object a line (names in snake, camel or Pascal case),"
          + " from standard input, or from flags that describe one event. Blank lines are skipped."
          + " A bad line is named on standard error and the others still go.",
      "",
      "An event whose line has an \"id\" is in a hub once however often the line is published."
          + " Without, each time adds one.",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 all acknowledged, 1 some failed, 2 wrong usage.",
      "",
      "Examples:",
      "  ./carillon publish dataservices --file examples/data/laboratory-day.ndjson",
      "  ./carillon publish dataservices --topic sample.received --subject sample-123 \\",
      "      --data '{\"status\":\"pending_processing\"}' --tag intake"
    },
    mixinStandardHelpOptions = true)
final class PublishDataServices implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ServiceAddress address = new ServiceAddress();

  @ArgGroup(multiplicity = "1")
  private Input input = new Input();

  PublishDataServices() {}

  /** Either a file or one event. */
  static final class Input extends FileInput {
    @ArgGroup(exclusive = false, heading = "%nOne event:%n")
    private @Nullable OneEvent event;
  }

  @Override
  public Integer call() throws IOException {
    MessageLineReader reader = new MessageLineReader();
    try (EventClient client = client();
        PublishRun run = new PublishRun(spec, input.file, input.event != null)) {
      BatchPump pump = new BatchPump(client, reader, run.tally());
      if (input.event != null) {
        pump.add("event", one(input.event), 0);
        pump.finish();
      } else {
        run.lines(pump);
      }
      return run.end(run.tally().toString());
    }
  }

  private EventClient client() {
    EventClientBuilder builder = EventClient.builder();
    return address.client(spec, builder::url, builder::apiKey, builder::build);
  }

  private EventMessage one(OneEvent event) {
    try {
      return event.message();
    } catch (BadMessageException | EventException e) {
      throw PublishRun.wrong(spec, e.getMessage());
    }
  }
}
