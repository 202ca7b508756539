package dev.carillon.cli;

import dev.carillon.eventbus.EventBusClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prints what comes over a ZeroMQ event bus. */
@Command(
    name = "eventbus",
    description = {
      "Prints the events of topics of a ZeroMQ event bus, one JSON object a line.",
      "",
      "Messages that are no events are skipped, and counted at the end on standard error.",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 fewer events than --count came in time, 2 wrong usage.",
      "",
      "Example:",
      "  ./carillon listen eventbus --topic my_service --count 10"
    },
    mixinStandardHelpOptions = true)
final class ListenEventBus implements Callable<Integer> {

  private static final Duration LOOK_AROUND = Duration.ofMillis(200);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private BusAddress address = new BusAddress();

  @Mixin private ListenLimit limit = new ListenLimit();

  @Option(
      names = "--sub-port",
      paramLabel = "PORT",
      converter = Numbers.OfPort.class,
      defaultValue = "5560",
      description = "The port where subscribers connect. Default: ${DEFAULT-VALUE}.")
  private int subscribePort;

  @Option(
      names = "--topic",
      required = true,
      paramLabel = "TOPIC",
      description = "A topic, exactly; may be repeated.")
  private List<String> topics = List.of();

  ListenEventBus() {}

  @Override
  public Integer call() throws IOException {
    try (EventBusClient<AnyEvent, String, String> client = client()) {
      client.subscribeAll(topics);
      client.connect();
      long printed = print(client);
      long skipped = client.metrics().malformed();
      if (skipped > 0) {
        spec.commandLine().getErr().println("skipped " + skipped + " messages that are no events");
      }
      return limit.exitCode(printed);
    }
  }

  private EventBusClient<AnyEvent, String, String> client() {
    try {
      return address.builder().subscribePort(subscribePort).receiveOnly().build();
    } catch (IOException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
    }
  }

  private long print(EventBusClient<AnyEvent, String, String> client) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    long deadline = System.nanoTime() + limit.nanos();
    long printed = 0;
    while (printed < limit.events()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return printed;
      }
      long wait = Math.min(left, TimeUnit.MILLISECONDS.toNanos(LOOK_AROUND.toMillis()));
      Optional<AnyEvent> event = client.receiveEvent(Duration.ofNanos(wait));
      if (event.isPresent()) {
        out.println(LineJson.EXACT.writeValueAsString(event.get()));
        out.flush();
        printed++;
      }
    }
    return printed;
  }
}
