package dev.carillon.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Known here for help and completion only: the script at the project's root runs it. */
@Command(
    name = "bench",
    description = {
      "Runs one benchmark beside its peer, in one run.",
      "",
      "Ends with one line of JSON for each comparison; its ratio is above 1 when ours is better,"
          + " also where less is better."
    },
    mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "NAME", description = "Which benchmark; a wrong one lists them all.")
  private String name = "";

  @Option(names = "--quick", description = "Shorter, and so less exact.")
  private boolean quick;

  BenchCommand() {}

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "only ./carillon runs benchmarks: ./carillon bench " + name + (quick ? " --quick" : ""));
  }
}
