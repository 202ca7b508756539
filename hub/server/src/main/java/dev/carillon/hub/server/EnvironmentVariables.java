package dev.carillon.hub.server;

import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Gives each flag of the hub its environment variable: {@code --http-port} is {@code
 * CARILLON_HTTP_PORT}. A variable means what its flag means, to the letter.
 */
final class EnvironmentVariables implements IDefaultValueProvider {

  private final Function<String, @Nullable String> environment;

  EnvironmentVariables() {
    this(System::getenv);
  }

  EnvironmentVariables(Function<String, @Nullable String> environment) {
    this.environment = environment;
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec flag) || isHelp(flag) || isAskedForHelp(flag.command())) {
      return null;
    }
    String name = "CARILLON_" + flag.longestName().substring("--".length());
    name = name.replace('-', '_').toUpperCase(Locale.ROOT);
    String value = environment.apply(name);
    if (value == null) {
      return null;
    }
    check(flag, name, value);
    return value.replace("$", "$$"); // else picocli looks up ${…} and makes one of $$
  }

  private static boolean isHelp(OptionSpec flag) {
    return flag.usageHelp() || flag.versionHelp();
  }

  /** Whoever asks for help gets it, also where a variable is wrong. */
  private static boolean isAskedForHelp(CommandSpec command) {
    return command.options().stream()
        .anyMatch(flag -> isHelp(flag) && Boolean.TRUE.equals(flag.getValue()));
  }

  private static void check(OptionSpec flag, String name, String value) {
    if (value.isEmpty()) {
      throw wrong(flag, name + " is empty; unset it for the default");
    }
    boolean isBoolean = flag.type() == boolean.class;
    if (isBoolean && !value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
      throw wrong(flag, name + " is neither true nor false: " + value);
    }
  }

  private static ParameterException wrong(OptionSpec flag, String reason) {
    return new ParameterException(flag.command().commandLine(), reason);
  }
}
