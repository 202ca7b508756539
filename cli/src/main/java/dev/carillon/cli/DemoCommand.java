package dev.carillon.cli;

import dev.carillon.dataservices.EventMessage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows everything at once, with a real hub in a process of its own. */
@Command(
    name = "demo",
    description = {
      "Starts a hub in a temporary folder, publishes a sample day through every client there is,"
          + " reads it back and prints how far each event got; then a day of conversations, tracked,"
          + " updated, deleted and asked about.",
      "",
      "Without --once the hub then stays up until Ctrl-C, with commands to try. The folder is"
          + " deleted at the end.",
      ""
    },
    footer = {"", "Exit codes: 0 everything arrived, 1 something is missing, 2 wrong usage."},
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

  private static final String PORT_FLAG = "--http-port";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--once", description = "Use a free port, stop after the table.")
  private boolean once;

  @Option(
      names = PORT_FLAG,
      paramLabel = "PORT",
      defaultValue = "${env:CARILLON_HTTP_PORT:-8080}",
      description =
          "The hub's port, 0 for a free one (CARILLON_HTTP_PORT; default: 8080; with --once: 0).")
  private int httpPort;

  @Option(
      names = "--data-file",
      paramLabel = "FILE",
      description =
          "Events to publish, one JSON object a line. Default: a sample day of a laboratory,"
              + " 355 events.")
  private @Nullable Path dataFile;

  DemoCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<EventMessage> day = readDay();
    PrintWriter out = spec.commandLine().getOut();
    try (DemoStage stage = DemoStage.open()) {
      DemoHub hub = startHub(stage);
      out.println("hub ready at " + hub.http() + ", publishing " + day.size() + " events");
      out.println();
      boolean complete = new DemoRun(hub, out).run(day);
      out.flush();
      if (once) {
        return complete ? 0 : 1;
      }
      new TryThis(hub).print(out);
      hub.waitFor();
      if (stage.isEnding()) {
        return 0;
      }
      throw new IOException("the hub ended; " + Files.readString(hub.log()).strip());
    }
  }

  private DemoHub startHub(DemoStage stage) throws IOException, InterruptedException {
    boolean chosen = spec.commandLine().getParseResult().hasMatchedOption(PORT_FLAG);
    int port = once && !chosen ? 0 : httpPort;
    try {
      return stage.start(List.of(PORT_FLAG, Integer.toString(port), "--eventgrid-port", "0"));
    } catch (HubFailedException e) {
      if (e.exitCode() == ExitCode.USAGE) {
        throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
      }
      throw e;
    }
  }

  private List<EventMessage> readDay() throws IOException {
    if (dataFile != null && !Files.isRegularFile(dataFile)) {
      throw new ParameterException(spec.commandLine(), "there is no file to read at " + dataFile);
    }
    try {
      return SampleDay.read(dataFile);
    } catch (BadMessageException e) {
      throw new ParameterException(spec.commandLine(), dataFile + ", " + e.getMessage(), e);
    }
  }
}
