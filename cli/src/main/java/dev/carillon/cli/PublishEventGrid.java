package dev.carillon.cli;

import dev.carillon.core.EventException;
import dev.carillon.eventgrid.EventGridClient;
import dev.carillon.eventgrid.EventGridClientBuilder;
import dev.carillon.eventgrid.EventGridConfig;
import dev.carillon.eventgrid.EventGridCredential;
import dev.carillon.eventgrid.EventGridSchema;
import dev.carillon.eventgrid.EventGridTopicConfig;
import dev.carillon.eventgrid.TopicEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Publishes events to an Event Grid topic, in Azure or of the hub. */
@Command(
    name = "eventgrid",
    description = {
      "Publishes events to an Event Grid topic, in Azure or of the hub.",
      "",
      "Events come from a file with one JSON object a line (of Event Grid's schema or CloudEvents),"
          + " from standard input, or from flags that describe one event. A bad line is named on"
          + " standard error and the others still go.",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 all acknowledged, 1 some failed, 2 wrong usage.",
      "",
      "Examples:",
      "  ./carillon publish eventgrid --endpoint https://127.0.0.1:8443 --topic user-events \\",
      "      --key ZGVtbw== --trust carillon-data/eventgrid/certificate.pem \\",
      "      --type user.created --subject users/12345 --data '{\"plan\":\"premium\"}'",
      "  ./carillon publish eventgrid \\",
      "      --endpoint https://user-events.westeurope-1.eventgrid.azure.net/api/events \\",
      "      --key $KEY --file events.ndjson"
    },
    mixinStandardHelpOptions = true)
final class PublishEventGrid implements Callable<Integer> {

  private static final String KEY = "EVENTGRID_KEY";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--endpoint",
      required = true,
      paramLabel = "URL",
      description = "The topic's endpoint, or with --topic the hub's address.")
  private String endpoint = "";

  @Option(
      names = "--topic",
      paramLabel = "NAME",
      description = "The topic's name, for an endpoint without a path.")
  private @Nullable String topic;

  @ArgGroup private Shown shown = new Shown();

  @Option(
      names = "--schema",
      paramLabel = "SCHEMA",
      defaultValue = "EVENT_GRID",
      description = "How events are written: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private EventGridSchema schema = EventGridSchema.EVENT_GRID;

  @Option(
      names = "--trust",
      paramLabel = "FILE",
      description = "Certificates to trust, PEM, such as the hub's own. Default: Java's.")
  private @Nullable Path trust;

  @ArgGroup(multiplicity = "1")
  private Input input = new Input();

  PublishEventGrid() {}

  /** What is shown to the topic. */
  static final class Shown {
    @Option(
        names = "--key",
        required = true,
        paramLabel = "KEY",
        description = "The topic's key; over plain HTTP it only signs. Default: " + KEY + ".")
    private @Nullable String key;

    @Option(
        names = "--sas-token",
        required = true,
        paramLabel = "TOKEN",
        description = "A shared access signature for the topic.")
    private @Nullable String sas;

    EventGridCredential credential(boolean secure) {
      if (sas != null) {
        return EventGridCredential.sas(sas);
      }
      String known = key == null ? System.getenv(KEY) : key;
      if (known == null) {
        throw new IllegalArgumentException(
            "nothing to show to the topic: give --key, --sas-token or " + KEY);
      }
      return secure ? EventGridCredential.key(known) : EventGridCredential.signingKey(known);
    }
  }

  /** Either a file or one event. */
  static final class Input extends FileInput {
    @ArgGroup(exclusive = false, heading = "%nOne event:%n")
    private @Nullable Single event;
  }

  /** One event from flags. */
  static final class Single {
    @Option(
        names = "--type",
        required = true,
        paramLabel = "TYPE",
        description = "What happened, such as user.created.")
    private String type = "";

    @Option(
        names = "--subject",
        required = true,
        paramLabel = "SUBJECT",
        description = "What it happened to, such as users/12345.")
    private String subject = "";

    @Option(names = "--data", paramLabel = "JSON", description = "The event's data.")
    private String data = "null";

    @Option(
        names = "--data-version",
        paramLabel = "VERSION",
        defaultValue = "1.0",
        description = "The version of the data's schema. Default: ${DEFAULT-VALUE}.")
    private String dataVersion = "1.0";

    @Option(
        names = "--id",
        paramLabel = "ID",
        description = "The event's id; publishing it again adds no second event to a hub.")
    private @Nullable String id;

    TopicEvent event() throws BadMessageException {
      TopicEvent.Builder event =
          TopicEvent.builder(type, subject, LineJson.value("--data", data))
              .dataVersion(dataVersion);
      return (id == null ? event : event.id(id)).build();
    }
  }

  @Override
  public Integer call() throws IOException {
    TopicEventReader reader = new TopicEventReader();
    String name = topic == null ? "topic" : topic;
    try (EventGridClient client = client(name);
        PublishRun run = new PublishRun(spec, input.file, input.event != null)) {
      TopicPump pump = new TopicPump(client, name, reader, run.tally());
      if (input.event != null) {
        pump.add("event", input.event.event());
        pump.finish();
      } else {
        run.lines(pump);
      }
      return run.end(run.tally().toString());
    } catch (BadMessageException | EventException e) {
      throw PublishRun.wrong(spec, e.getMessage());
    }
  }

  private EventGridClient client(String name) throws IOException {
    String path = "/" + name + "/api/events";
    boolean whole = endpoint.matches("https?://[^/]+/.*[^/].*");
    String address = whole ? endpoint : endpoint.replaceFirst("/$", "") + path;
    if (!whole && topic == null) {
      throw PublishRun.wrong(spec, "--endpoint has no path, so --topic must name the topic");
    }
    try {
      EventGridTopicConfig config =
          new EventGridTopicConfig(name, address)
              .withSchema(schema)
              .withCredential(shown.credential(address.startsWith("https:")));
      EventGridClientBuilder builder = EventGridClient.builder().config(EventGridConfig.of(config));
      if (trust != null) {
        builder.sslContext(Trust.of(LineInput.readable(spec, trust)));
      }
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw PublishRun.wrong(spec, e.getMessage());
    }
  }
}
