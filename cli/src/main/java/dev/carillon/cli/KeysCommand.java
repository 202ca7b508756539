package dev.carillon.cli;

import dev.carillon.eventbus.CurveKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes key files for an encrypted event bus. */
@Command(
    name = "keys",
    description = {
      "Makes a pair of CURVE key files for a ZeroMQ event bus.",
      "",
      "NAME.key may be given to anybody, NAME.key_secret to nobody. A hub takes its own secret file"
          + " with --bus-key, and with --bus-clients a folder that holds the public files of those"
          + " whom it lets in; a client takes its own secret file and the hub's public one.",
      ""
    },
    mixinStandardHelpOptions = true)
final class KeysCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "NAME", description = "The files' name.")
  private String name = "";

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "The folder for them; made if it is not there. Default: here.")
  private Path folder = Path.of("");

  KeysCommand() {}

  @Override
  public Integer call() throws IOException {
    CurveKeys keys = CurveKeys.generate(folder, name);
    spec.commandLine().getOut().println(keys.publicFile());
    spec.commandLine().getOut().println(keys.secretFile());
    return 0;
  }
}
