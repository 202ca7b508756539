package dev.carillon.cli;

import dev.carillon.hub.server.HubCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/**
 * The command line. Exit codes: 0 done, 1 some of it failed, 2 wrong usage, or a place that cannot
 * be used.
 */
@Command(
    name = "carillon",
    description = "Publishes and receives events over many kinds of event systems.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      HubCommand.class,
      DemoCommand.class,
      PublishCommand.class,
      ListenCommand.class,
      QueryCommand.class,
      KeysCommand.class,
      TestCommand.class,
      BenchCommand.class,
      CompletionCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Main {

  private static final int HELP_WIDTH = 100;

  Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The command line with all its commands; writes to the standard streams unless told else. */
  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setUsageHelpWidth(HELP_WIDTH)
        .setParameterExceptionHandler(Main::explainUsage)
        .setExecutionExceptionHandler(Main::explainFailure);
  }

  private static int explainUsage(ParameterException wrong, String[] args) {
    CommandLine command = wrong.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("carillon: " + wrong.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err);
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return CommandLine.ExitCode.USAGE;
  }

  private static int explainFailure(
      Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
    String reason = failure.getMessage();
    command.getErr().println("carillon: " + (reason == null ? failure.toString() : reason));
    return CommandLine.ExitCode.SOFTWARE;
  }
}
