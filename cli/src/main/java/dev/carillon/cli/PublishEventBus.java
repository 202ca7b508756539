package dev.carillon.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.core.EventException;
import dev.carillon.core.Receipt;
import dev.carillon.eventbus.EventBusClient;
import dev.carillon.eventbus.EventBusClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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

  private static final int MAX_LINE_BYTES = 4 << 20;
  private static final int MAX_UNDER_WAY = 1_000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private BusAddress address = new BusAddress();

  @Option(
      names = "--pub-port",
      paramLabel = "PORT",
      defaultValue = "5559",
      description = "The port where publishers connect. Default: ${DEFAULT-VALUE}.")
  private int publishPort;

  @Option(
      names = "--ack-port",
      paramLabel = "PORT",
      description = "The proxy's acknowledging port, to have an answer for each event.")
  private @Nullable Integer acknowledgePort;

  @Option(names = "--topic", required = true, paramLabel = "TOPIC", description = "The topic.")
  private String topic = "";

  @ArgGroup(multiplicity = "1")
  private Input input = new Input();

  private long sent;
  private long failed;

  PublishEventBus() {}

  /** Either a file or one event. */
  static final class Input {
    @Option(
        names = "--file",
        required = true,
        paramLabel = "FILE",
        description = "A file of events, one JSON object a line; - is standard input.")
    private @Nullable String file;

    @ArgGroup(exclusive = false, heading = "%nOne event:%n")
    private @Nullable One event;
  }

  /** One event described by flags. */
  static final class One {
    @Option(names = "--type", required = true, paramLabel = "TYPE", description = "Its type.")
    private String type = "";

    @Option(
        names = "--data",
        paramLabel = "JSON",
        defaultValue = "{}",
        description = "Its further members, a JSON object.")
    private String data = "";
  }

  @Override
  public Integer call() throws IOException {
    Path file = input.file == null || input.file.equals("-") ? null : Path.of(input.file);
    if (file != null && (!Files.isReadable(file) || Files.isDirectory(file))) {
      throw usage("there is no file to read at " + file);
    }
    AnyEvent one = input.event == null ? null : one(input.event);
    try (EventBusClient<AnyEvent, String, String> client = client()) {
      client.connect();
      Queue<CompletableFuture<Void>> underWay = new ArrayDeque<>();
      if (one != null) {
        underWay.add(publish(client, "event", one));
      } else {
        try (InputStream in = file == null ? System.in : Files.newInputStream(file)) {
          publishLines(client, in, underWay);
        }
      }
      underWay.forEach(CompletableFuture::join);
    }
    String how = acknowledgePort == null ? "sent" : "acknowledged";
    spec.commandLine().getOut().printf("%s %d, failed %d%n", how, sent, failed);
    return failed > 0 ? 1 : 0;
  }

  private EventBusClient<AnyEvent, String, String> client() {
    try {
      EventBusClientBuilder<AnyEvent, String, String> builder =
          address.builder().publishPort(publishPort).publishOnly();
      return (acknowledgePort == null ? builder : builder.acknowledgePort(acknowledgePort)).build();
    } catch (IOException e) {
      throw usage(e.getMessage());
    }
  }

  private void publishLines(
      EventBusClient<AnyEvent, String, String> client,
      InputStream in,
      Queue<CompletableFuture<Void>> underWay)
      throws IOException {
    try (BoundedLines lines = new BoundedLines(in, MAX_LINE_BYTES)) {
      while (lines.next()) {
        String place = "line " + lines.number();
        if (lines.isTooLong()) {
          failed(place, "longer than " + MAX_LINE_BYTES + " bytes");
        } else if (lines.line().length > 0) {
          try {
            AnyEvent event = AnyEvent.MAPPER.readValue(lines.line(), AnyEvent.class);
            underWay.add(publish(client, place, event));
          } catch (JsonProcessingException e) {
            failed(place, "no event: " + e.getOriginalMessage());
          }
        }
        while (underWay.size() > MAX_UNDER_WAY) {
          underWay.remove().join();
        }
      }
    }
  }

  private CompletableFuture<Void> publish(
      EventBusClient<AnyEvent, String, String> client, String place, AnyEvent event) {
    return client
        .emitEventAsync(event, topic)
        .handle((receipt, error) -> count(place, receipt, error));
  }

  private synchronized @Nullable Void count(
      String place, @Nullable Receipt receipt, @Nullable Throwable error) {
    if (receipt != null) {
      sent++;
    } else if (error != null) {
      failed(place, EventException.of(error).getMessage());
    }
    return null;
  }

  private synchronized void failed(String place, @Nullable String why) {
    failed++;
    PrintWriter err = spec.commandLine().getErr();
    err.println(place + ": " + why);
    err.flush();
  }

  private AnyEvent one(One event) {
    try {
      JsonNode members = AnyEvent.MAPPER.readTree(event.data);
      if (!(members instanceof ObjectNode object)) {
        throw usage("--data must be a JSON object");
      }
      object.put("type", event.type);
      return AnyEvent.MAPPER.treeToValue(object, AnyEvent.class);
    } catch (JsonProcessingException e) {
      throw usage("--data: not JSON: " + e.getOriginalMessage());
    }
  }

  private ParameterException usage(@Nullable String message) {
    return new ParameterException(spec.commandLine(), String.valueOf(message));
  }
}
