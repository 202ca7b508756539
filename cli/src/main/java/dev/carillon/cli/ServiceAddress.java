package dev.carillon.cli;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where a service with an API over HTTP is, and how to be let in. */
final class ServiceAddress {

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080",
      description = "The service's base URL. Default: ${DEFAULT-VALUE}.")
  private String url = "";

  @Option(
      names = "--api-key",
      paramLabel = "KEY",
      description = "The service's key. Default: the variable CARILLON_API_KEY.")
  private @Nullable String apiKey = System.getenv("CARILLON_API_KEY");

  ServiceAddress() {}

  /** Builds a client of this address; a URL or a key that cannot be used is wrong usage. */
  <C> C client(
      CommandSpec spec, Consumer<String> toUrl, Consumer<String> toApiKey, Supplier<C> build) {
    toUrl.accept(url);
    if (apiKey != null && !apiKey.isEmpty()) {
      try {
        toApiKey.accept(apiKey);
      } catch (IllegalArgumentException e) {
        throw new ParameterException(
            spec.commandLine(), "--api-key: " + e.getMessage() + "; it may be CARILLON_API_KEY's");
      }
    }
    try {
      return build.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--url: " + e.getMessage());
    }
  }
}
