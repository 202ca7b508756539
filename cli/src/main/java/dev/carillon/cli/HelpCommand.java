package dev.carillon.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells what a command does, and what the commands below it do. */
@Command(
    name = "help",
    helpCommand = true,
    description = "Tells what a command does.",
    footer = {"", "Example:", "  ./carillon help publish dataservices"},
    mixinStandardHelpOptions = true)
final class HelpCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "COMMAND", description = "The command, and those below it.")
  private List<String> path = List.of();

  HelpCommand() {}

  @Override
  public void run() {
    CommandLine asked = spec.parent().commandLine();
    for (String name : path) {
      CommandLine below = asked.getSubcommands().get(name);
      if (below == null) {
        throw new ParameterException(
            asked, "there is no command " + asked.getCommandSpec().qualifiedName() + " " + name);
      }
      asked = below;
    }
    asked.usage(asked.getOut());
  }
}
