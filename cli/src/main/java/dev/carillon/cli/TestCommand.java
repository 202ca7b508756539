package dev.carillon.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Known here for help and completion only: the script at the project's root runs it. */
@Command(
    name = "test",
    description = {
      "Installs what the tests need and runs them all.",
      "",
      "Needs a JDK 17 or later, Maven 3.6.3 or later, RabbitMQ, npm (for the ClickHouse engine), and"
          + " Python 3 with requests, httpx, pika, pyzmq and azure.eventgrid;"
          + " as root on Debian or Ubuntu it installs what is missing, elsewhere it says which command to"
          + " run. Further arguments go to Maven."
    },
    mixinStandardHelpOptions = true)
final class TestCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "ARGUMENT", description = "Further arguments for Maven.")
  private List<String> arguments = List.of();

  TestCommand() {}

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "only ./carillon runs the tests: ./carillon test " + String.join(" ", arguments));
  }
}
