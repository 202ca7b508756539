package dev.carillon.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.core.EventConnectionException;
import dev.carillon.eventbus.EventBusClient;
import dev.carillon.eventbus.EventBusClientBuilder;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Publishes events to a ZeroMQ event bus, the hub's among them. */
@Command(
    name = "eventbus",
    description = {
      "Publishes events to a ZeroMQ event bus.",
      "",
      "Events come from a file with one JSON object a line, from standard input, or from flags that"
          + " describe one event. Each has a type, and a time or that of its publishing. A bad line"
          + " is named on standard error and the others still go.",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 all sent (with --ack-port: acknowledged), 1 some failed, 2 wrong usage.",
      "",
      "Example:",
      "  ./carillon publish eventbus --topic my_service --type started --data '{\"step\":1}'"
    },
    mixinStandardHelpOptions = true)
final class PublishEventBus implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private BusAddress address = new BusAddress();

  @Option(
      names = "--pub-port",
      paramLabel = "PORT",
      converter = Numbers.OfPort.class,
      defaultValue = "5559",
      description = "The port where publishers connect. Default: ${DEFAULT-VALUE}.")
  private int publishPort;

  @Option(
      names = "--ack-port",
      paramLabel = "PORT",
      converter = Numbers.OfPort.class,
      description = "The proxy's acknowledging port, to have an answer for each event.")
  private @Nullable Integer acknowledgePort;

  @Option(names = "--topic", required = true, paramLabel = "TOPIC", description = "The topic.")
  private String topic = "";

  @ArgGroup(multiplicity = "1")
  private TypedInput input = new TypedInput();

  PublishEventBus() {}

  @Override
  public Integer call() throws IOException {
    AnyEvent one = input.event == null ? null : one(input.event);
    try (EventBusClient<AnyEvent, String, String> client = client();
        PublishRun run = new PublishRun(spec, input.file, one != null)) {
      Tally tally = run.tally();
      if (one != null) {
        client.connect();
        publish(client, "event", one, tally).join();
      } else {
        connect(client, tally);
        run.lines(new AsyncTarget((place, line) -> publish(client, place, read(line), tally)));
      }
      return run.end(tally.text(acknowledgePort == null ? "sent" : "acknowledged"));
    }
  }

  private EventBusClient<AnyEvent, String, String> client() {
    try {
      EventBusClientBuilder<AnyEvent, String, String> builder =
          address.builder().publishPort(publishPort).publishOnly();
      return (acknowledgePort == null ? builder : builder.acknowledgePort(acknowledgePort)).build();
    } catch (IOException e) {
      throw PublishRun.wrong(spec, e.getMessage());
    }
  }

  private static void connect(EventBusClient<AnyEvent, String, String> client, Tally tally) {
    try {
      client.connect();
    } catch (EventConnectionException e) {
      tally.unreachable(e);
    }
  }

  private static AnyEvent read(byte[] line) throws BadMessageException {
    return event(LineJson.object(line));
  }

  private static AnyEvent event(ObjectNode object) throws BadMessageException {
    try {
      return AnyEvent.of(object);
    } catch (IllegalArgumentException e) {
      throw new BadMessageException(String.valueOf(e.getMessage()));
    }
  }

  private CompletableFuture<Void> publish(
      EventBusClient<AnyEvent, String, String> client, String place, AnyEvent event, Tally tally) {
    return client
        .emitEventAsync(event, topic)
        .handle((receipt, error) -> tally.answered(place, receipt, error));
  }

  private AnyEvent one(TypedInput.One event) {
    try {
      ObjectNode members = event.data();
      if (members.has("type")) {
        throw PublishRun.wrong(spec, "--data: the type is given by --type");
      }
      return event(members.put("type", event.type));
    } catch (BadMessageException e) {
      throw PublishRun.wrong(spec, e.getMessage());
    }
  }
}
