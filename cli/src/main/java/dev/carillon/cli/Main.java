package dev.carillon.cli;

import dev.carillon.hub.server.HubCommand;
import java.io.PrintWriter;
import java.util.List;
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
    synopsisSubcommandLabel = "COMMAND")
public final class Main {

  private static final int HELP_WIDTH = 100;

  private static final List<Class<?>> COMMANDS =
      List.of(
          HubCommand.class,
          DemoCommand.class,
          PublishCommand.class,
          ListenCommand.class,
          QueryCommand.class,
          KeysCommand.class,
          TestCommand.class,
          BenchCommand.class);

  private static final List<Class<?>> ABOUT_COMMANDS =
      List.of(CompletionCommand.class, HelpCommand.class);

  Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    boolean isHub = args.length > 0 && isNamed(HubCommand.class, args[0]);
    // A hub's log is read long after; the others say themselves what they do.
    log(isHub ? "showDateTime" : "defaultLogLevel", isHub ? "true" : "warn");
    System.exit(commandLine(args).execute(args));
  }

  /** Sets up how is logged, unless the user has; before the first logger, which reads it once. */
  private static void log(String setting, String value) {
    System.getProperties().putIfAbsent("org.slf4j.simpleLogger." + setting, value);
  }

  /**
   * The command line for these arguments; writes to the standard streams unless told else. Where
   * they begin with a command it has no other but help, since looking at all of them takes a
   * seventh of a hub's start.
   */
  static CommandLine commandLine(String... args) {
    CommandLine line = new CommandLine(new Main());
    List<Class<?>> asked =
        COMMANDS.stream().filter(command -> args.length > 0 && isNamed(command, args[0])).toList();
    (asked.isEmpty() ? COMMANDS : asked).forEach(line::addSubcommand);
    ABOUT_COMMANDS.forEach(line::addSubcommand);
    return line.setUsageHelpWidth(HELP_WIDTH)
        .setParameterExceptionHandler(Main::explainUsage)
        .setExecutionExceptionHandler(Main::explainFailure);
  }

  private static boolean isNamed(Class<?> command, String name) {
    return command.getAnnotation(Command.class).name().equals(name);
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
